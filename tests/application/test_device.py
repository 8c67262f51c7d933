"""Devices on real sockets: our driver, our server, the bookkeeping between them."""

import asyncio
import time

from pytest import fixture

from ppc.adapter.profile import DeviceProfile
from ppc.application.cycle import Cycle
from ppc.application.device import FieldDevice
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import Refused
from ppc.communication.server.limits import NO_LIMITS
from ppc.communication.server.modbus_server import ModbusServer
from ppc.keys import Key

PROFILE = {
    "source": "this test",
    "type": "pv",
    "blocks": [
        {
            "address": 0,
            "count": 3,
            "points": [
                {"key": "p_w", "address": 0, "type": "s16"},
                {"key": "q_var", "address": 1, "type": "s16"},
                {"key": "p_available_w", "address": 2, "type": "s16"},
            ],
        }
    ],
    "commands": {
        "address": 10,
        "count": 2,
        "points": [
            {"key": "p_set_w", "address": 10, "type": "s16", "safe": -1},
            {"key": "q_set_var", "address": 11, "type": "s16"},
        ],
    },
}


class Box:
    """A device: remembers what was written, may refuse, may be slow to read."""

    def __init__(self):
        self.written = []
        self.refuses = False

    def read(self, table, address, count):  # noqa: ARG002
        if self.refuses:
            raise Refused(4)
        return bytes(range(2 * count))

    def write(self, address, payload):  # noqa: ARG002
        if self.refuses:
            raise Refused(4)
        self.written.append(payload)


class Rig:
    def __init__(self, profile):
        self.profile = DeviceProfile.of(profile)
        self.box = Box()

    async def __aenter__(self):
        self.server = ModbusServer("127.0.0.1", 0, {1: self.box}, limits=NO_LIMITS)
        await self.server.start()
        settings = ModbusTcpSettings(host="127.0.0.1", port=self.server.port)
        self.driver = ModbusTcp(settings)
        self.driver.start()
        self.device = FieldDevice(
            "x", self.profile, self.driver, station=1, first_slot=0, period_s=0.1,
            rating=None, now_s=time.monotonic,
        )  # fmt: skip
        async with asyncio.timeout(5):
            while not self.driver.connected:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_):
        await self.driver.close()
        await self.server.close()

    def send(self, p_set, cycle, **at):
        now_s = time.monotonic()
        usual = {"expires_s": now_s + 1.0, "now_s": now_s}
        values = {Key.P_SET_W: p_set, Key.Q_SET_VAR: 0.0}
        self.device.send(values, cycle, **(usual | at))


async def settle():
    await asyncio.sleep(0.05)


@fixture
def rows():
    return []


async def test_a_poll_brings_a_row_with_the_time_it_was_asked_for(rows):
    async with Rig(PROFILE) as rig:
        (poll,) = rig.device.polls
        poll.ask(7.0, lambda _, row: rows.append(row))
        poll.ask(8.0, lambda _, row: rows.append(row))  # the first is still open
        await settle()
        assert [row.time_s for row in rows] == [7.0]
        assert poll.skipped_count == 1
        assert rows[0].values == (0x0001, 0x0203, 0x0405)


async def test_a_poll_can_ask_again_after_a_refusal(rows):
    async with Rig(PROFILE) as rig:
        (poll,) = rig.device.polls
        rig.box.refuses = True
        poll.ask(1.0, lambda _, row: rows.append(row))
        await settle()
        assert rows == []
        rig.box.refuses = False
        poll.ask(2.0, lambda _, row: rows.append(row))
        await settle()
        assert [row.time_s for row in rows] == [2.0]


async def test_each_write_is_acknowledged_in_its_own_cycle():
    async with Rig(PROFILE) as rig:
        cycles = [Cycle(float(i), 0.0) for i in range(3)]
        for i, cycle in enumerate(cycles):
            rig.send(i, cycle)
            await settle()
        assert [c.acknowledged_count for c in cycles] == [1, 1, 1]
        assert len(rig.box.written) == 3


async def test_while_one_is_on_the_wire_the_newest_replaces_the_one_that_waits():
    async with Rig(PROFILE) as rig:
        cycles = [Cycle(float(i), 0.0) for i in range(4)]
        for i, cycle in enumerate(cycles):
            rig.send(i, cycle)
        await settle()
        assert rig.box.written == [bytes(4), bytes((0, 3, 0, 0))]
        assert [c.acknowledged_count for c in cycles] == [1, 0, 0, 1]
        rig.send(0, later := Cycle(9.0, 0.0))
        await settle()
        assert later.acknowledged_count == 1


async def test_behind_a_read_the_newest_write_is_sent_once(rows):
    async with Rig(PROFILE) as rig:
        cycles = [Cycle(float(i), 0.0) for i in range(3)]
        rig.device.polls[0].ask(1.0, lambda _, row: rows.append(row))
        for i, cycle in enumerate(cycles):
            rig.send(i, cycle)
        await settle()
        assert rig.box.written == [bytes((0, 2, 0, 0))]
        assert [c.acknowledged_count for c in cycles] == [0, 0, 1]


async def test_an_expired_set_point_is_never_written(rows):
    async with Rig(PROFILE) as rig:
        cycle = Cycle(0.0, 0.0)
        rig.device.polls[0].ask(1.0, lambda _, row: rows.append(row))
        rig.send(0, cycle, expires_s=time.monotonic() - 0.1)
        await settle()
        assert rig.box.written == []
        assert not cycle.complete


async def test_an_unchanged_set_point_is_renewed_as_often_as_the_profile_says():
    commands = PROFILE["commands"] | {"refresh_s": 1.0}
    async with Rig(PROFILE | {"commands": commands}) as rig:
        for at_s in (100.0, 100.5, 101.0, 101.1):
            rig.send(0, Cycle(at_s, 0.0), now_s=at_s)
            await settle()
        assert len(rig.box.written) == 2
        rig.send(1, Cycle(0.0, 0.0), now_s=101.2)
        await settle()
        assert len(rig.box.written) == 3


async def test_the_safe_set_points_are_those_of_the_profile():
    async with Rig(PROFILE) as rig:
        assert rig.device.safe == {Key.P_SET_W: -1.0, Key.Q_SET_VAR: 0.0}


async def test_trouble_is_told_once_per_change(caplog):
    caplog.set_level("INFO", "ppc")
    async with Rig(PROFILE) as rig:
        for i in range(4):
            rig.box.refuses = i < 3
            rig.device.polls[0].ask(float(i), lambda *_: None)
            await settle()
        told = [r.message for r in caplog.records if ".application." in r.name]
        assert len(told) == 3
        assert "device failure" in told[0]
        assert "answers" in told[1]
        assert "holding block at 0: well again" in told[2]
