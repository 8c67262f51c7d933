"""Every shipped model of device, simulated and controlled, on simulated time."""

from pathlib import Path

from pytest import approx, fixture, mark, raises

from ppc.adapter.point_codec import rating_bases
from ppc.adapter.profile import DeviceProfile
from ppc.application.cycle import Cycle
from ppc.application.device import FieldDevice
from ppc.bench.in_process import InProcessWire, WireSettings
from ppc.bench.simulated_time import SimulatedTime
from ppc.communication.driver.base import Table
from ppc.communication.errors import Refused
from ppc.datamodel.rating import EquipmentType, UnitRating
from ppc.keys import Key
from ppc.simulation.aside import Aside
from ppc.simulation.device_station import DeviceStation

PROFILES = sorted((Path(__file__).parents[2] / "config" / "profiles").glob("*.yaml"))
RATING = UnitRating("x", EquipmentType.BESS, 10e3, 10e3, -10e3, 10e3, 20e3)
RESOLUTION_W = 100.0
"""Where a register holds whole percents."""
SIGNALS = {
    Key.P_W: 1000.0,
    Key.Q_VAR: 100.0,
    Key.V_V: 400.0,
    Key.F_HZ: 50.0,
    Key.SOC_PU: 0.5,
    Key.STATE_CODE: 2.0,
    Key.P_AVAILABLE_W: 5000.0,
    Key.P_AVAILABLE_MIN_W: -5000.0,
}


class Rig:
    """A device and its controller, for some cycles of 0.1 s."""

    def __init__(self, profile, values=None):
        self.told, self.rows, self.cycles = {}, {}, []
        self.time = SimulatedTime()
        station = DeviceStation(
            profile,
            signals=lambda: SIGNALS,
            command=self.told.update,
            ratings=rating_bases(RATING),
        )
        wire = InProcessWire("x", {1: station}, self.time, WireSettings())
        self.device = FieldDevice(
            "x", profile, wire, station=1, first_slot=0, period_s=0.1,
            rating=RATING, now_s=self.time.now_s,
        )  # fmt: skip
        self.device.start(self.time.call_later)
        self.values = values or {Key.P_SET_W: 1000.0, Key.Q_SET_VAR: 0.0}

    def run(self, seconds):
        until_s = self.time.now_s() + seconds
        while (now_s := self.time.now_s()) < until_s:
            for poll in self.device.polls:
                if poll.due_s <= now_s:
                    poll.due_s = now_s + (poll.every_s or 0.0)
                    poll.ask(now_s, self._came)
            self.cycles.append(Cycle(now_s, now_s))
            self.device.beat(now_s + 1.0, now_s)
            self.device.send(
                self.values, self.cycles[-1], expires_s=now_s + 1.0, now_s=now_s
            )
            self.time.sleep_until(now_s + 0.1)

    def _came(self, poll, row):
        self.rows[poll.slot] = row


def takes_negative(profile):
    points = [point for block in profile.commands for point in block.points]
    return any(
        point.part == "negative" or point.by_sign or not point.valid or point.valid[0]
        for point in points
        if point.key is Key.P_SET_W and point.part != "positive"
    )


@mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_shipped_model_can_be_played_and_controlled(path):
    profile = DeviceProfile.load(path)
    rig = Rig(profile)
    rig.run(15.0)
    assert rig.device.telling.troubles == {}
    assert rig.device.held == ""
    assert len(rig.rows) == len(profile.reads)
    if profile.commands:
        assert rig.told[Key.P_SET_W] == approx(1000.0, abs=RESOLUTION_W)
    if profile.type is EquipmentType.BESS and takes_negative(profile):
        rig.values[Key.P_SET_W] = -2000.0
        rig.run(400.0 if any(c.interval_s for c in profile.commands) else 5.0)
        assert rig.told[Key.P_SET_W] == approx(-2000.0, abs=RESOLUTION_W)


@fixture(name="aside")
def _aside():
    data = {
        "source": "this test",
        "type": "pv",
        "points": [{"key": "p_w", "sunspec": "103.W"}],
        "commands": {
            "address": 10,
            "count": 1,
            "points": [{"key": "p_set_w", "address": 10}],
            "before": [{"write": {"address": 20, "value": 7}}],
        },
        "word_order_from": {"address": 30, "among": {5: "little", 6: "big"}},
        "heartbeat": {"address": 40, "type": "u32"},
        "actions": {
            "enable": [{"write": {"address": 50, "value": 3}}],
            "ready": [{"address": 51, "among": [4], "mask": 0xF0}],
        },
    }
    return Aside(DeviceProfile.of(data))


@mark.parametrize(
    ("address", "words"),
    [
        (30, (6,)),
        (51, (0x40,)),
        (20, (0,)),
        (40, (0, 0)),
        (40000, (0x5375, 0x6E53)),
        (40002, (103,)),
    ],
)
def test_it_shows_what_a_controller_looks_for(aside, address, words):
    shown = aside.read(Table.HOLDING, address, len(words))
    assert shown == b"".join(word.to_bytes(2) for word in words)


def test_it_remembers_what_is_written_and_knows_nothing_else(aside):
    aside.write(50, bytes((0, 3)))
    assert aside.read(Table.HOLDING, 50, 1) == bytes((0, 3))
    for call in (
        lambda: aside.read(Table.HOLDING, 52, 1),
        lambda: aside.read(Table.INPUT, 50, 1),
        lambda: aside.write(51, bytes(4)),
    ):
        with raises(Refused):
            call()
