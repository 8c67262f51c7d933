"""Trials with a unit and a meter that are nothing but registers."""

from pytest import fixture, mark, raises

from ppc.adapter.profile import DeviceProfile
from ppc.commissioning import holding, trials
from ppc.commissioning.holding import Holding, NotHeld
from ppc.commissioning.subject import Subject
from ppc.commissioning.trials import NoTrial, steps, watchdog
from ppc.communication.driver.base import Table
from ppc.datamodel.rating import EquipmentType, UnitRating
from tests.commissioning.conftest import RegisterStation

POINTS = [
    {"key": "p_w", "address": 0, "type": "s16", "scale": 100},
    {"key": "q_var", "address": 1, "type": "s16", "scale": 100},
]
UNIT = {
    "source": "test",
    "type": "bess",
    "points": [*POINTS, {"key": "soc_pu", "address": 2}],
    "commands": {
        "address": 10,
        "count": 2,
        "watchdog_s": 0.3,
        "points": [
            {"key": "p_set_w", "address": 10, "type": "s16", "scale": 100},
            {"key": "q_set_var", "address": 11, "type": "s16", "scale": 100},
        ],
    },
    "heartbeat": {"address": 12, "every_s": 0.05, "values": [1, 2]},
    "actions": {"release": [{"write": {"address": 13, "value": 1}}]},
}
METER = {
    "source": "test",
    "type": "poi",
    "points": [
        *POINTS,
        {"key": "v_v", "address": 2},
        {"key": "f_hz", "address": 3},
    ],
}


class FollowingUnit(RegisterStation):
    """Follows its set-points at once; the meter shows them, times `meter_sign`."""

    def __init__(self, meter, *, own_sign=1, meter_sign=1):
        super().__init__(dict.fromkeys((0, 1, 2, 10, 11, 12, 13), 0))
        self.meter, self.own_sign, self.meter_sign = meter, own_sign, meter_sign
        self.beats = []

    def write(self, address, payload):
        super().write(address, payload)
        registers = self.tables[Table.HOLDING]
        if address == 12:
            self.beats.append(registers[12])
        for i in (0, 1):
            value = registers[10 + i]
            value -= 0x10000 if value >= 0x8000 else 0
            registers[i] = self.own_sign * value & 0xFFFF
            self.meter.tables[Table.HOLDING][i] = self.meter_sign * value & 0xFFFF


@fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(trials, "_SAMPLE_S", 0.01)
    monkeypatch.setattr(holding, "_RENEWED_S", 0.05)


@fixture
def meter():
    return RegisterStation(dict.fromkeys(range(4), 0))


RATING = UnitRating(
    name="b1", type=EquipmentType.BESS, s_max_va=1e6, p_max_w=1e6, p_min_w=-1e6,
    q_max_var=1e6, e_max_wh=1e6,
)  # fmt: skip
SUBJECT = Subject("b1", DeviceProfile.of(UNIT), 1, RATING)
POI = Subject("poi", DeviceProfile.of(METER), 1)


@mark.parametrize(
    ("own", "meter_sign", "right"), [(1, 1, True), (1, -1, False), (-1, 1, False)]
)
async def test_steps_tell_who_moves(served, meter, own, meter_sign, right):
    station = FollowingUnit(meter, own_sign=own, meter_sign=meter_sign)
    async with served(station) as line, served(meter) as second:
        p, q = await steps((line, SUBJECT), (second, POI), share=0.1, settle_s=0.02)
    assert (p.quantity, p.step, p.unit_moved) == ("P", 1e5, own * 1e5)
    assert (q.quantity, q.meter_moved) == ("Q", meter_sign * 1e5)
    assert p.right is q.right is right
    assert [station.tables["holding"][i] for i in (10, 11)] == [0, 0]
    assert station.tables["holding"][13] == 1  # released
    assert set(station.beats) == {1, 2}


async def test_the_watchdog_is_timed_from_the_last_write(served, meter):
    class Lapsing(FollowingUnit):
        """Drops its set-point after the third write."""

        def read(self, table, address, count):
            if holding_of and not holding_of[0]._renewing:
                self.tables[Table.HOLDING][0] = 0
            return super().read(table, address, count)

    holding_of = []
    made = Holding.__init__

    def noted(self, line, subject):
        made(self, line, subject)
        holding_of.append(self)

    station = Lapsing(meter)
    Holding.__init__ = noted
    try:
        async with served(station) as line:
            found = await watchdog(
                (line, SUBJECT), share=0.1, settle_s=0.02, most_s=1.0
            )
    finally:
        Holding.__init__ = made
    assert found.found_s is not None
    assert 0 < found.found_s < 0.5
    assert found.told_s == 0.3


async def test_a_unit_that_holds_for_ever_is_said(served, meter):
    async with served(FollowingUnit(meter)) as line:
        found = await watchdog((line, SUBJECT), share=0.1, settle_s=0.02, most_s=0.2)
    assert found.found_s is None
    assert not found.right


async def test_what_cannot_be_tried_is_said(served, meter):
    station = FollowingUnit(meter)
    async with served(station) as line:
        pair = (line, SUBJECT)
        with raises(NoTrial, match="no ratings"):
            await watchdog((line, POI), share=0.1, settle_s=0.0, most_s=0.1)
        with raises(NoTrial, match="no ratings"):
            await steps((line, POI), pair, share=0.1, settle_s=0.0)
        station.takes = False
        with raises(NoTrial, match="not at its set-point"):
            await watchdog(pair, share=0.1, settle_s=0.0, most_s=0.1)
        del station.tables["holding"][11]
        with raises(NotHeld, match="set_points: Modbus exception"):
            await watchdog(pair, share=0.1, settle_s=0.0, most_s=0.1)
        del station.tables["holding"][0]
        with raises(NoTrial, match="its P cannot be read"):
            await watchdog(pair, share=0.1, settle_s=0.0, most_s=0.1)
