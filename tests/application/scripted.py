"""A device that does what a test tells it, on a real socket, and who controls it."""

import asyncio
import time
from collections import defaultdict

from ppc.adapter.profile import DeviceProfile
from ppc.application.cycle import Cycle
from ppc.application.device import FieldDevice
from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import Refused
from ppc.communication.server.limits import NO_LIMITS
from ppc.communication.server.modbus_server import ModbusServer
from ppc.datamodel.rating import EquipmentType, UnitRating
from ppc.keys import Key

CYCLE_S = 0.02


class Box:
    """Registers. Refuses the `bad` ones, and all writes while `refuses_writes`."""

    def __init__(self):
        self.registers = defaultdict(int)
        self.bad = set()
        self.refuses_writes = False
        self.written = []
        self.reads = []
        self.drops = lambda address, values: False  # noqa: ARG005

    def read(self, table, address, count):  # noqa: ARG002
        self.reads.append((address, count))
        if self.bad.intersection(range(address, address + count)):
            raise Refused(2)
        values = (self.registers[address + i] for i in range(count))
        return b"".join(value.to_bytes(2) for value in values)

    def write(self, address, payload):
        values = [int.from_bytes(payload[i : i + 2]) for i in range(0, len(payload), 2)]
        if self.refuses_writes:
            raise Refused(4)
        self.written.append((address, *values))
        if self.drops(address, values):
            return
        for i, value in enumerate(values):
            self.registers[address + i] = value

    def writes_at(self, *addresses):
        return [entry for entry in self.written if entry[0] in addresses]


class Rig:
    """The box, our server and driver, and a cycle of our own."""

    def __init__(self, profile, *, box=None):
        self.profile = DeviceProfile.of(profile)
        self.box = box or Box()
        self.rows = {}
        self.cycles = []
        self.values = {Key.P_SET_W: 0.0, Key.Q_SET_VAR: 0.0}
        self.controls = True

    async def __aenter__(self):
        self.stations = {1: self.box, 2: Box()}
        self.server = ModbusServer("127.0.0.1", 0, self.stations, limits=NO_LIMITS)
        await self.server.start()
        self.port = self.server.port
        self.driver = ModbusTcp(ModbusTcpSettings(host="127.0.0.1", port=self.port))
        self.driver.start()
        self.device = FieldDevice(
            "x", self.profile, self.driver, station=1, first_slot=0, period_s=CYCLE_S,
            rating=RATING, now_s=time.monotonic,
        )  # fmt: skip
        async with asyncio.timeout(5):
            while not self.driver.connected:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_):
        await self.driver.close()
        await self.server.close()

    async def run(self, seconds=0.1, **values):
        """Some cycles, with these set-points from now on: p=1000.0."""
        names = {"p": Key.P_SET_W, "q": Key.Q_SET_VAR}
        self.values |= {names[name]: value for name, value in values.items()}
        until_s = time.monotonic() + seconds
        while (now_s := time.monotonic()) < until_s:
            for poll in self.device.polls:
                if poll.due_s <= now_s:
                    poll.due_s = now_s + (poll.every_s or 0.0)
                    poll.ask(now_s, self._came)
            if self.controls:
                self.cycles.append(Cycle(now_s, now_s, expires_s=now_s + 1.0))
                self.device.beat(now_s + 1.0, now_s)
                self.device.send(
                    dict(self.values),
                    self.cycles[-1],
                    expires_s=now_s + 1.0,
                    now_s=now_s,
                )
            await asyncio.sleep(CYCLE_S)

    def _came(self, poll, row):
        self.rows[poll.slot] = row

    async def plug(self, *, box=None):
        """The device is switched off and on again, or changed for another."""
        await self.server.close()
        await self.run(0.2)
        self.server = ModbusServer(
            "127.0.0.1", self.port, {1: box or self.box}, limits=NO_LIMITS
        )
        await self.server.start()
        async with asyncio.timeout(5):
            while not self.driver.connected:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def be_silent(self, seconds):
        """Behind a gateway that goes on serving another station."""
        await ask(self.driver, Exchange(2, Function.READ_HOLDING, 0, 1))
        del self.stations[1]
        await self.run(seconds)
        self.stations[1] = self.box

    @property
    def acknowledged(self):
        return sum(cycle.acknowledged_count for cycle in self.cycles)


RATING = UnitRating("x", EquipmentType.PV, 10e3, 10e3, 0.0, 10e3)


def profile(*, points=(), commands=None, **entries):
    """A PV unit that tells p_w at 0, and takes p_set_w at 10."""
    taken = commands if commands is not None else [group()]
    own = {"key": "p_w", "address": 0, "type": "s16"}
    last = max((p["address"] for p in points), default=0)
    block = {"address": 0, "count": last + 1, "points": [own, *points]}
    return {
        "source": "this test",
        "type": "pv",
        "blocks": [block],
        "commands": taken,
        **entries,
    }


def group(**entries):
    """Takes p_set_w at 10."""
    point = {"key": "p_set_w", "address": 10, "type": "s16", "valid": [0, 10000]}
    return {"address": 10, "count": 1, "points": [point]} | entries


def write(address, value, **entries):
    return {"write": {"address": address, "value": value} | entries}


def expect(address, *among, **entries):
    return {"expect": {"address": address, "among": list(among)} | entries}
