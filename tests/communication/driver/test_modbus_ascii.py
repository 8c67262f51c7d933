"""ASCII on a serial line, pymodbus's server at the other end."""

import asyncio

from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice
from pytest import approx, raises

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_ascii import ModbusAscii, ModbusAsciiSettings
from ppc.communication.errors import Refused
from tests.communication.driver.far_ends import connected
from tests.communication.driver.lines import Line

REGISTERS = SimData(0, count=20, values=7, datatype=DataType.REGISTERS)


async def test_pymodbus_understands_reads_and_writes():
    with Line() as line:
        ours, theirs = line.ends
        server = ModbusSerialServer(
            SimDevice(id=5, simdata=[REGISTERS]),
            framer=FramerType.ASCII, port=theirs, baudrate=115200,
        )  # fmt: skip
        await server.serve_forever(background=True)
        driver = ModbusAscii(
            ModbusAsciiSettings(device=ours, baudrate=115200, parity="N", bytesize=8)
        )
        driver.start()
        await connected(driver)
        write = Exchange(5, Function.WRITE_MANY, 3, 2, payload=b"\1\2\3\4")
        assert await ask(driver, write) == b""
        read = Exchange(5, Function.READ_HOLDING, 2, 3)
        assert await ask(driver, read) == b"\0\7\1\2\3\4"
        with raises(Refused):
            await ask(driver, Exchange(5, Function.READ_HOLDING, 500, 2))
        await driver.close()
        await server.shutdown()
        await asyncio.sleep(0.01)


def test_characters_have_seven_bits_unless_eight_are_asked_for():
    settings = ModbusAsciiSettings(device="/dev/null", baudrate=9600)
    assert ModbusAscii(settings).bits == 7
    assert settings.character_s(7) == approx(10 / 9600)
    with raises(ValueError, match="bytesize 9 is neither 7 nor 8"):
        ModbusAsciiSettings(device="/dev/null", bytesize=9)
