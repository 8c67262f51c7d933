from math import isnan

from pydantic import ValidationError
from pytest import approx, mark, raises

from ppc.adapter.action import ExpectStep, Heartbeat, WriteStep
from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec
from ppc.adapter.sunspec.of_model import factor_entry, filled, named


def point(text, **more):
    return Point(**filled({"name": "x", "sunspec": text} | more, point=True))


def step(kind, text, **more):
    return kind(**filled({"sunspec": text} | more, point=False))


@mark.parametrize(
    ("text", "expected"),
    [
        ("103.W", ((103,), "W")),
        ("101,102, 103.W", ((101, 102, 103), "W")),
        ("160.module.2.DCW", ((160,), "module.2.DCW")),
    ],
)
def test_models_and_point_are_told_apart(text, expected):
    assert named(text) == expected


@mark.parametrize(
    ("text", "expected"),
    [
        ("103.W", {"address": 12, "type": "s16", "absents": (-32768,), "unit": "W"}),
        ("101,102,103.W", {"address": 12, "scale_from": "w_sf_101"}),
        ("103.WH", {"address": 22, "type": "u32", "absents": (0,)}),
        ("1.SN", {"address": 48, "type": "text", "length": 16}),
        ("113.W", {"address": 20, "type": "f32", "absents": (), "scale_from": None}),
        ("160.module.2.DCW", {"address": 39, "scale_from": "dcw_sf_160"}),
        ("714.Prt.1.DCW", {"address": 30, "scale_from": "dcw_sf_714"}),
    ],
)
def test_the_model_says_what_the_profile_leaves_unsaid(text, expected):
    made = point(text)
    assert {name: getattr(made, name) for name in expected} == expected


def test_what_the_profile_says_holds():
    made = point("103.W", type="u16", absent=7, unit="kW", scale_from="my_own")
    assert (made.type, made.absent, made.unit) == ("u16", 7, "kW")
    assert made.scale_from == "my_own"


def test_symbols_name_values_and_bits():
    assert point("103.St").words[4] == "MPPT"
    assert not point("103.St").bits
    flags = point("103.Evt1")
    assert flags.bits
    assert flags.words[0] == "GROUND_FAULT"
    assert point("103.Evt1", mask=1).words is None


@mark.parametrize(
    ("text", "why"),
    [
        ("W", "not a model and a point"),
        ("abc.W", "not a model and a point"),
        ("9999.W", "model 9999 is not known"),
        ("103.Watt", "no point Watt"),
        ("103,113.W", "models 103 and 113 differ about W"),
        ("103,704.W", "no point W"),
        ("12.Addr", "ok"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_reason(text, why):
    if why == "ok":
        point(text)
        return
    with raises(ValidationError, match=why):
        point(text)


def test_it_has_no_address_besides():
    with raises(ValidationError, match="has its address from the model"):
        point("103.W", address=3)
    with raises(ValidationError, match="instance needs sunspec"):
        Point(name="x", address=3, instance=1)


def test_the_factor_is_a_point_of_its_own():
    assert factor_entry({"sunspec": "101,103.W", "every_s": 2.0, "instance": 1}) == {
        "name": "w_sf_101_1_2_0s",
        "sunspec": "101,103.W_SF",
        "every_s": 2.0,
        "instance": 1,
    }
    assert factor_entry({"sunspec": "160.module.3.DCV"})["sunspec"] == "160.DCV_SF"
    for without in ("113.W", "103.St", "103.Watt", 7):
        assert factor_entry({"sunspec": without}) is None
    assert factor_entry({"sunspec": "103.W", "scale_from": "mine"}) is None


def test_steps_and_heartbeats_stand_in_models_too():
    order = step(WriteStep, "704.WSetEna", value=1)
    assert (order.models, order.address, order.type) == ((704,), 20, "u16")
    assert step(ExpectStep, "701.InvSt", among=(3,)).address == 2
    beat = step(Heartbeat, "715.ControllerHb")
    assert (beat.models, beat.type) == ((715,), "u32")
    assert WriteStep(address=3, value=1).models == ()


def test_a_fixed_exponent_is_a_divisor(tmp_path, monkeypatch):
    text = "group,name,type,size,sf,unit,access,symbols\n,T,int16,1,-1,C,r,\n"
    (tmp_path / "65000.csv").write_text(text)
    monkeypatch.setattr("ppc.adapter.sunspec.facts.FOLDER", tmp_path)
    assert point("65000.T").divisor == approx(10.0)
    assert point("65000.T", divisor=2.0).divisor == approx(20.0)


def test_an_absent_value_of_64_bits_is_not_a_float():
    made = point("701.TotWhInj", scale_from=None)
    codec = PointCodec(made, address=made.address)
    assert isnan(codec.value(2**64 - 1, {}))
    assert codec.value(2**64 - 2, {}) > 1e19
