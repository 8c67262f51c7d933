"""A serial line: two pseudo-terminals, pymodbus or libmodbus at the other end."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest
from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_rtu import ModbusRtu, ModbusRtuSettings
from ppc.communication.errors import NoReply, Refused
from tests.communication.driver.lines import Line

SOURCE = Path(__file__).with_name("libmodbus_server.c")
HEADER = Path("/usr/include/modbus/modbus.h")


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


@pytest.fixture(name="station", scope="module")
def _station(tmp_path_factory):
    if not (shutil.which("cc") and HEADER.exists()):
        pytest.skip(
            "libmodbus (Debian: libmodbus-dev) or a C compiler is not installed"
        )
    program = tmp_path_factory.mktemp("bin") / "station"
    subprocess.run(["cc", "-Wall", "-o", program, SOURCE, "-lmodbus"], check=True)
    return program


class LibmodbusBus:
    """A bus with one station of libmodbus, number 17."""

    def __init__(self, station, **settings):
        self._station, self._settings = station, settings

    async def __aenter__(self):
        self._line = Line()
        self._line.__enter__()
        ours, theirs = self._line.ends
        self._process = await asyncio.create_subprocess_exec(
            self._station, theirs, "17"
        )
        usual = {"baudrate": 115200, "parity": "N", "timeout_s": 0.2}
        self.driver = ModbusRtu(
            ModbusRtuSettings(device=ours, **(usual | self._settings))
        )
        self.driver.start()
        async with asyncio.timeout(5):
            while not await self._hears():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return self.driver

    async def _hears(self):
        try:
            return await ask(self.driver, Exchange(17, Function.READ_INPUT, 0, 1))
        except Exception:  # noqa: BLE001  (it has only just been started)
            return b""

    async def __aexit__(self, *_):
        await self.driver.close()
        self._process.kill()
        await self._process.wait()
        self._line.__exit__()


async def test_libmodbus_understands_every_function(station):
    F = Function  # noqa: N806
    async with LibmodbusBus(station) as driver:

        async def do(function, address, count=1, payload=b"", **more):
            return await ask(
                driver, Exchange(17, function, address, count, payload=payload, **more)
            )

        assert await do(F.READ_INPUT, 100, 3) == b"\0\x64\0\x65\0\x66"
        assert await do(F.READ_DISCRETES, 0, 10) == b"\xaa\2"
        assert await do(F.WRITE_COILS, 20, 10, b"\xcd\1") == b""
        assert await do(F.WRITE_COIL, 21, 1, b"\xff\0") == b""
        assert await do(F.READ_COILS, 20, 10) == b"\xcf\1"
        assert await do(F.WRITE_MANY, 3, 2, b"\0\x12\xab\xcd") == b""
        assert await do(F.MASK_WRITE, 3, 1, b"\0\xf2\0\x25") == b""
        assert await do(F.WRITE_ONE, 5, 1, b"\1\2") == b""
        assert await do(F.READ_HOLDING, 3, 3) == b"\0\x17\xab\xcd\1\2"
        both = await do(F.READ_WRITE, 4, 2, b"\7\7\x08\x08", write_address=5)
        assert both == b"\xab\xcd\7\7"
        with pytest.raises(Refused, match="illegal address"):
            await do(F.READ_HOLDING, 199, 2)
        assert driver.counters.bad_replies == 0
