from math import nan
from pathlib import Path

from pytest import approx, fixture, mark

from ppc.adapter.block import Block
from ppc.adapter.codec import BlockCodec, Row
from ppc.adapter.profile import DeviceProfile
from ppc.adapter.site import Site, meter_quality
from ppc.datamodel.observation import Orders, Quality
from ppc.datamodel.rating import EquipmentType, UnitRating
from ppc.keys import Key

PROFILES = Path(__file__).parents[2] / "config" / "profiles"
METERS = [
    path
    for path in sorted(PROFILES.glob("*.yaml"))
    if "\ntype: poi\n" in path.read_text(encoding="utf-8")
    and "sunspec:" not in path.read_text(encoding="utf-8")
]


def block(*keys, every_s=None):
    points = tuple({"key": k, "address": i, "type": "s16"} for i, k in enumerate(keys))
    return BlockCodec(
        Block(address=0, count=len(keys), every_s=every_s, points=points), "big", 0.1
    )


BESS = UnitRating("b", EquipmentType.BESS, 2e6, 2e6, -2e6, 2e6, 4e6)
PV = UnitRating("p", EquipmentType.PV, 1e6, 1e6, 0.0, 1e6)


@fixture
def site():
    return Site(
        meter=[(0, block("f_hz", "v_v", "p_w", "q_var"))],
        units=[
            (BESS, [(1, block("q_var", "p_w")), (2, block("soc_pu", every_s=1.0))]),
            (PV, [(3, block("p_available_w", "p_w"))]),
        ],
    )


def rows(**changes):
    full = {
        "meter": Row(10.0, 10.3, 0, (50.0, 20e3, 1.0, 2.0)),
        "bess": Row(10.0, 10.3, 0, (4.0, 3.0)),
        "soc": Row(9.5, 12.5, 0, (0.5,)),
        "pv": Row(10.0, 10.3, 0, (7.0, 6.0)),
    }
    return list((full | changes).values())


def look(site, rows, now_s=10.1, **how):
    return site.observe(rows, orders=Orders(), now_s=now_s, dt_s=0.1, **how)


def test_values_reach_the_field_of_their_name(site):
    obs = look(site, rows())
    assert obs.poi == (20e3, 50.0, 1.0, 2.0, True)
    assert obs.bess["b"] == (BESS, 3.0, 4.0, None, None, 0.5, None)
    assert obs.pv["p"] == (PV, 6.0, None, 7.0, None, None, None)


def test_a_silent_device_is_unknown_and_the_others_are_not(site):
    obs = look(site, rows(bess=None))
    assert obs.bess["b"].p_w is None
    assert obs.bess["b"].soc_pu == 0.5
    assert obs.pv["p"].p_w == 6.0


def test_an_expired_row_is_not_shown(site):
    assert look(site, rows(), now_s=10.31).poi.p_w is None


def test_a_bad_value_of_a_unit_is_hidden_and_its_neighbours_are_shown(site):
    obs = look(site, rows(bess=Row(10.0, 10.3, 0b01, (9e9, 3.0))))
    assert obs.bess["b"].q_var is None
    assert obs.bess["b"].p_w == 3.0


def test_an_answer_is_fresh_once(site):
    assert look(site, rows(), rehearsal=True).poi.fresh
    assert look(site, rows()).poi.fresh
    obs = look(site, rows())
    assert obs.poi.p_w == 1.0
    assert not obs.poi.fresh


def test_an_answer_that_comes_a_cycle_late_is_fresh_all_the_same(site):
    late = rows(meter=Row(9.9, 10.3, 0, (50.0, 20e3, 1.0, 2.0)))
    assert look(site, late).poi.fresh


def test_a_meter_with_one_impossible_value_is_not_trusted_at_all(site):
    obs = look(site, rows(meter=Row(10.0, 10.3, 0b10, (50.0, 9e9, 1.0, 2.0))))
    assert obs.poi[:4] == (None, None, None, None)


def test_a_slow_block_of_the_meter_does_not_make_it_look_late():
    fast, slow = block("v_v", "p_w"), block("e_export_wh", every_s=1.0)
    site = Site(meter=[(0, fast), (1, slow)], units=[])
    image = [Row(10.0, 10.3, 0, (20e3, 1.0)), Row(9.2, 12.2, 0, (5.0,))]
    assert look(site, image).poi.fresh


def test_a_second_meter_is_seen_beside_the_first():
    codec = block("f_hz", "v_v", "p_w", "q_var")
    site = Site(meter=[(0, codec)], units=[], second=[(1, codec)])
    obs = look(site, [None, Row(10.0, 10.3, 0, (50.0, 20e3, 1.0, 2.0))])
    assert (obs.poi.fresh, obs.poi.v_v) == (False, None)
    assert obs.poi2 == (20e3, 50.0, 1.0, 2.0, True)


@mark.parametrize("path", METERS, ids=lambda p: p.stem)
def test_a_shipped_meter_that_has_no_phases_still_tells_what_control_needs(path):
    profile = DeviceProfile.load(path)
    slots = list(
        enumerate(BlockCodec(b, profile.word_order, 0.1) for b in profile.reads)
    )
    shown = {Key.V_V: 20e3, Key.F_HZ: 50.0, Key.P_W: 3e6, Key.Q_VAR: -1e6}
    rows = [codec.decode(codec.encode(shown), 10.0) for _, codec in slots]
    seen = look(Site(meter=slots, units=[]), rows).poi
    assert seen[:4] == approx((20e3, 50.0, 3e6, -1e6), rel=1e-4)


@mark.parametrize(
    ("second", "quality", "time_s"),
    [
        (Row(9.9, 10.3, 0, (1.0, 2.0)), Quality.GOOD, 9.9),
        (Row(9.5, 9.9, 0, (1.0, 2.0)), Quality.OLD_DATA, 9.5),
        (Row(9.9, 10.3, 0b01, (nan, 2.0)), Quality.FAILURE, 9.9),
        (None, Quality.FAILURE, None),
    ],
)
def test_a_meter_is_as_good_as_the_worst_of_what_control_needs(second, quality, time_s):
    blocks = [block("v_v", "f_hz"), block("p_w", "q_var"), block("e_export_wh")]
    rows = [Row(10.0, 10.3, 0, (20e3, 50.0)), second, None]
    assert meter_quality(list(enumerate(blocks)), rows, 10.1) == (quality, time_s)


@mark.parametrize(
    ("missing", "v_v", "quality"),
    [(0b10, 230.0, Quality.GOOD), (0b01, None, Quality.FAILURE)],
)
def test_a_register_the_meter_does_not_have_is_no_reason_to_doubt_the_others(
    missing, v_v, quality
):
    codec = block("v_v", "p_available_w")
    values = tuple(nan if missing >> i & 1 else 230.0 for i in range(2))
    row = Row(10.0, 10.3, missing, values, missing=missing)
    site = Site(meter=[(0, codec)], units=[])
    assert look(site, [row]).poi.v_v == v_v
    assert meter_quality([(0, codec)], [row], 10.1)[0] is quality
    doubtful = row._replace(missing=0)
    assert look(site, [doubtful]).poi.v_v is None
