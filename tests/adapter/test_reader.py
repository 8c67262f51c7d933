"""A battery of two devices: what the converter tells, completed by its BMS."""

from pytest import fixture, mark

from ppc.adapter.block import Block
from ppc.adapter.codec import BlockCodec, Row
from ppc.adapter.site import Site
from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import EquipmentType, UnitRating

BESS = UnitRating("b", EquipmentType.BESS, 2e6, 2e6, -1.5e6, 2e6, 4e6)
PV = UnitRating("p", EquipmentType.PV, 1e6, 1e6, 0.0, 1e6)
METER = ("v_v", "f_hz", "p_w", "q_var")
OFF, RUNNING, DERATED, FAULT = 0.0, 2.0, 3.0, 4.0


def block(keys):
    points = tuple({"key": k, "address": i, "type": "s16"} for i, k in enumerate(keys))
    return BlockCodec(Block(address=0, count=len(keys), points=points), "big", 0.1)


@fixture
def see():
    """Unit "b" with these values of its converter and its BMS at time 10.1."""

    def see(own, bms, *, bms_expires_s=10.3, bad=0):
        own = {"p_w": 3.0, "q_var": 4.0, **own}
        site = Site(
            meter=[(0, block(METER))],
            units=[(BESS, [(1, block(own))]), (PV, [(3, block(["p_w"]))])],
            batteries={"b": [(2, block(bms))]},
        )
        rows = [
            Row(10.0, 10.3, 0, (20e3, 50.0, 1.0, 2.0)),
            Row(10.0, 10.3, 0, tuple(own.values())),
            Row(10.0, bms_expires_s, bad, tuple(bms.values())),
            Row(10.0, 10.3, 0, (6.0,)),
        ]
        obs = site.observe(rows, orders=Orders(), now_s=10.1, dt_s=0.1)
        assert obs.pv["p"].p_w == 6.0
        return obs.bess["b"]

    return see


def test_a_bms_completes_what_its_converter_tells(see):
    bms = {"soc_pu": 0.5, "p_available_w": 7.0, "p_available_min_w": -8.0}
    assert see({}, bms) == (BESS, 3.0, 4.0, 7.0, -8.0, 0.5, None)


def test_what_the_converter_tells_goes_first(see):
    unit = see({"soc_pu": 0.6, "state_code": RUNNING}, {"soc_pu": 0.5, "state_code": 3})
    assert (unit.soc_pu, unit.state_code) == (0.6, RUNNING)


def test_limits_nobody_tells_are_the_ratings(see):
    unit = see({}, {"soc_pu": 0.5})
    assert (unit.p_available_w, unit.p_available_min_w) == (2e6, -1.5e6)


@mark.parametrize(
    ("own", "bms"), [((9.0, -9.0), (7.0, -8.0)), ((7.0, -8.0), (9.0, -9.0))]
)
def test_of_limits_both_tell_the_tighter_counts(see, own, bms):
    limits = ("p_available_w", "p_available_min_w")
    unit = see(
        dict(zip(limits, own, strict=True)),
        {"soc_pu": 0.5, **dict(zip(limits, bms, strict=True))},
    )
    assert (unit.p_available_w, unit.p_available_min_w) == (7.0, -8.0)


def test_a_limit_that_is_not_known_is_not_made_up(see):
    bms = {"soc_pu": 0.5, "p_available_w": 7.0}
    unit = see({"p_available_w": 9.0}, bms, bad=0b10)
    assert unit.p_available_w is None
    assert unit.p_available_min_w == -1.5e6


@mark.parametrize("lost", [{"bms_expires_s": 10.05}, {"bad": 0b01}])
@mark.parametrize("own", [{}, {"soc_pu": 0.6}, {"p_available_w": 9.0}])
def test_without_its_bms_nobody_knows_what_a_battery_could_do(see, own, lost):
    unit = see(own, {"soc_pu": 0.5, "p_available_w": 7.0}, **lost)
    assert unit.p_w == 3.0
    assert unit.p_available_w is unit.p_available_min_w is None
    assert unit.soc_pu == own.get("soc_pu")


@mark.parametrize(
    ("own", "bms", "seen"),
    [
        (RUNNING, OFF, OFF),
        (RUNNING, FAULT, FAULT),
        (FAULT, RUNNING, FAULT),
        (RUNNING, DERATED, RUNNING),
    ],
)
def test_either_of_them_can_be_down(see, own, bms, seen):
    unit = see({"state_code": own}, {"soc_pu": 0.5, "state_code": bms})
    assert unit.state_code == seen


@mark.parametrize("state", [OFF, DERATED, FAULT])
def test_a_bms_speaks_for_a_converter_without_a_state(see, state):
    assert see({}, {"soc_pu": 0.5, "state_code": state}).state_code == state
