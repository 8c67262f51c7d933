"""A serial line: two pseudo-terminals, pymodbus's server at the other end."""

import asyncio
import os
import tty

import pytest
from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_rtu import ModbusRtu, ModbusRtuSettings
from ppc.communication.errors import NoReply, Refused


class Line:
    """Two terminals joined by a cable that can be cut."""

    def __init__(self):
        self.cut = False
        self._masters, self._slaves = zip(os.openpty(), os.openpty(), strict=True)
        for slave in self._slaves:
            tty.setraw(slave)
        self.ends = [os.ttyname(slave) for slave in self._slaves]

    def __enter__(self):
        loop = asyncio.get_running_loop()
        for this, other in (self._masters, self._masters[::-1]):
            loop.add_reader(this, self._pump, this, other)
        return self

    def _pump(self, this, other):
        data = os.read(this, 4096)
        if not self.cut:
            os.write(other, data)

    def __exit__(self, *_):
        loop = asyncio.get_running_loop()
        for end in self._masters:
            loop.remove_reader(end)
        for end in (*self._masters, *self._slaves):
            os.close(end)


class Bus:
    async def __aenter__(self):
        self.line = Line()
        self.line.__enter__()
        ours, theirs = self.line.ends
        device = SimDevice(
            id=5, simdata=[SimData(0, count=20, values=7, datatype=DataType.REGISTERS)]
        )
        self.server = ModbusSerialServer(
            device, framer=FramerType.RTU, port=theirs, baudrate=115200
        )
        await self.server.serve_forever(background=True)
        self.driver = ModbusRtu(
            ModbusRtuSettings(
                parity="N",
                device=ours,
                baudrate=115200,
                timeout_s=0.2,
                backoff_min_s=0.02,
            )
        )
        self.driver.start()
        await self.open()
        return self

    async def open(self):
        async with asyncio.timeout(5):
            while not self.driver.connected:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def __aexit__(self, *_):
        await self.driver.close()
        await self.server.shutdown()
        self.line.__exit__()


async def test_registers_are_read_and_written():
    async with Bus() as bus:
        assert (
            await ask(bus.driver, Exchange(5, Function.READ_HOLDING, 0, 2))
            == b"\0\7\0\7"
        )
        await ask(
            bus.driver, Exchange(5, Function.WRITE_MANY, 3, 2, payload=b"\1\2\3\4")
        )
        await ask(bus.driver, Exchange(5, Function.WRITE_ONE, 9, 1, payload=b"\5\6"))
        assert (
            await ask(bus.driver, Exchange(5, Function.READ_HOLDING, 3, 2))
            == b"\1\2\3\4"
        )
        assert (
            await ask(bus.driver, Exchange(5, Function.READ_HOLDING, 9, 1)) == b"\5\6"
        )


async def test_a_refusal_leaves_the_line_open():
    async with Bus() as bus:
        with pytest.raises(Refused):
            await ask(bus.driver, Exchange(5, Function.READ_HOLDING, 500, 2))
        assert bus.driver.counters.connects == 1
        assert (
            await ask(bus.driver, Exchange(5, Function.READ_HOLDING, 0, 1)) == b"\0\7"
        )


async def test_after_a_silence_the_line_is_opened_anew():
    async with Bus() as bus:
        bus.line.cut = True
        with pytest.raises(NoReply):
            await ask(bus.driver, Exchange(5, Function.READ_HOLDING, 0, 1))
        bus.line.cut = False
        await asyncio.sleep(0.1)
        await bus.open()
        assert bus.driver.counters.connects == 2
        assert (
            await ask(bus.driver, Exchange(5, Function.READ_HOLDING, 0, 1)) == b"\0\7"
        )


async def test_a_line_that_does_not_take_the_settings_is_told_once(caplog):
    line = Line()
    with line:
        settings = ModbusRtuSettings(
            device=line.ends[0], parity="E", backoff_min_s=0.01
        )
        driver = ModbusRtu(settings)  # a pseudo-terminal knows no parity
        driver.start()
        await asyncio.sleep(0.2)
        assert not driver.connected
        await driver.close()
    told = [r.message for r in caplog.records if r.name.startswith("ppc")]
    assert len(told) == 1
    assert "cannot be opened with 19200 baud, 8 bits, parity E" in told[0]
