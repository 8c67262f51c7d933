"""What the field is told by the control thread, device by device."""

import asyncio
import time

from pytest import fixture

from ppc.adapter.profile import DeviceProfile
from ppc.application.aggregation import Aggregation
from ppc.application.cycle import Cycle
from ppc.application.device import FieldDevice
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.server.limits import NO_LIMITS
from ppc.communication.server.modbus_server import ModbusServer
from ppc.datamodel.command import Command
from tests.application.scripted import RATING, Box, profile, write

METER = {
    "source": "this test",
    "type": "poi",
    "points": [
        {"key": key, "address": i} for i, key in enumerate(("v_v", "f_hz", "p_w"))
    ]
    + [{"key": "q_var", "address": 3}],
}
UNIT = profile(
    actions={"enable": [write(90, 1)], "release": [{"wait_s": 0.1}, write(90, 0)]},
    heartbeat={"address": 70, "every_s": 0.05},
)

BMS = {
    "source": "this test",
    "type": "bms",
    "points": [{"key": "soc_pu", "address": 1}],
}


class Site:
    """A meter and two units on one line, and a field that reads them."""

    async def start(self, *further):
        """`further`: at most one, the BMS of unit a."""
        self.boxes = {1: Box(), 2: Box(), 3: Box(), 4: Box()}
        self.server = ModbusServer("127.0.0.1", 0, self.boxes, limits=NO_LIMITS)
        await self.server.start()
        driver = ModbusTcp(ModbusTcpSettings(host="127.0.0.1", port=self.server.port))
        devices = [
            FieldDevice(
                name, DeviceProfile.of(data), driver, station=slot + 1, first_slot=slot,
                period_s=0.05, rating=rating, now_s=time.monotonic,
            )
            for slot, (name, data, rating) in enumerate(
                (
                    *(("m", METER, None), ("a", UNIT, RATING), ("b", UNIT, RATING)),
                    *further,
                )
            )
        ]  # fmt: skip
        units = devices[1:3]
        managed = {"a": devices[3]} if len(devices) > 3 else {}
        self.field = Aggregation(
            devices[0], units, 0.05, time.monotonic, batteries=managed
        )
        self.field.start(asyncio.get_running_loop().call_later)

    async def run(self, cycles, *, heard=(1, 2)):
        for _ in range(cycles):
            now_s = time.monotonic()
            self.field.read_units(now_s)
            self.field.read_meter(now_s)
            commands = [Command(name, 500.0, 0.0) for name in ("a", "b")]
            self.cycle = Cycle(now_s, now_s)
            self.field.write(commands, self.cycle, now_s + 1.0)
            await asyncio.sleep(0.05)
        assert all(self.field.rows[slot] for slot in heard)

    async def close(self):
        await self.field.close()
        await self.server.close()


@fixture
async def site():
    made = Site()
    await made.start()
    yield made
    await made.close()


async def test_units_are_left_safe_and_released(site):
    await site.run(10)
    assert await site.field.write_safe(1.0) == 0
    for station in (2, 3):
        assert site.boxes[station].writes_at(90, 10)[-2:] == [(10, 0), (90, 0)]


async def test_the_heart_beats_as_long_as_control_writes(site):
    await site.run(10)
    beats = len(site.boxes[2].writes_at(70))
    assert beats > 4
    await asyncio.sleep(0.2)
    assert len(site.boxes[2].writes_at(70)) == beats


async def test_a_unit_that_was_never_heard_is_neither_written_nor_released(site):
    silent = site.boxes.pop(3)
    await site.run(10, heard=(1,))
    site.boxes[3] = silent
    assert await site.field.write_safe(1.0) == 0
    assert silent.written == []
    assert site.boxes[2].writes_at(90) == [(90, 1), (90, 0)]


async def test_a_unit_whose_battery_was_never_heard_is_not_written(site):
    await site.close()
    await site.start(("c", BMS, None))
    bms = site.boxes.pop(4)
    await site.run(10, heard=(1,))
    assert site.boxes[2].writes_at(10, 90) == []
    assert site.boxes[3].writes_at(10)
    site.boxes[4] = bms
    await site.run(20)
    assert site.boxes[2].writes_at(10)
    assert bms.written == []
