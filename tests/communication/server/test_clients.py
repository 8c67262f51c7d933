"""Clients of others read and write through our servers, on TCP and on a line."""

import asyncio
import os
import shutil
import subprocess
from contextlib import asynccontextmanager
from pathlib import Path

from pymodbus.client import AsyncModbusTcpClient
from pyModbusTCP.client import ModbusClient
from pytest import fixture, mark, skip

from ppc.communication.driver.settings import SerialSettings
from ppc.communication.server.identification import Identity
from ppc.communication.server.modbus_rtu_server import ModbusRtuServer
from ppc.communication.server.modbus_server import ModbusServer
from tests.communication.driver.lines import Line
from tests.communication.server.memory import BitMemory

HERE = Path(__file__).parent
HEADER = Path("/usr/include/modbus/modbus.h")
WE = Identity(vendor_name="V", product_code="P", revision="1", product_name="N")
NODE_MODULES = "PPC_MODBUS_SERIAL"
"""Names a folder where `npm install modbus-serial` was done."""

mbpoll_is_here = mark.skipif(
    not shutil.which("mbpoll"),
    reason="mbpoll is a Debian package; .ci/run installs it, CI=true forbids this skip",
)


@asynccontextmanager
async def serving():
    memory = BitMemory()
    server = ModbusServer("127.0.0.1", 0, {1: memory}, identity=WE)
    await server.start()
    yield server.port, memory
    await server.close()


async def told(*command, **more):
    """What a program prints, when it ends well."""
    run = await asyncio.create_subprocess_exec(
        *map(str, command),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        **more,
    )
    out, _ = await run.communicate()
    assert run.returncode == 0, out.decode()
    return out.decode()


async def test_pymodbus():
    async with serving() as (port, memory):
        client = AsyncModbusTcpClient("127.0.0.1", port=port)
        assert await client.connect()
        await client.write_registers(10, [1, 2, 3])
        reply = await client.read_holding_registers(10, count=3)
        assert reply.registers == [1, 2, 3]
        await client.write_register(11, 9)
        reply = await client.readwrite_registers(
            read_address=10, read_count=3, write_address=12, values=[5]
        )
        assert reply.registers == [1, 9, 5]
        await client.mask_write_register(address=10, and_mask=0xFFF0, or_mask=4)
        assert memory.words(10, 1) == (4,)
        await client.write_coils(20, [True, False, True])
        await client.write_coil(21, value=True)
        assert (await client.read_coils(20, count=3)).bits[:3] == [True] * 3
        inputs = await client.read_discrete_inputs(20, count=3)
        assert inputs.bits[:3] == [False] * 3
        who = await client.read_device_information(read_code=2, object_id=0)
        assert (who.information[0], who.information[4]) == (b"V", b"N")
        assert who.conformity == 0x82
        refusal = await client.read_holding_registers(999, count=2)
        assert refusal.exception_code == 2
        client.close()


async def test_pymodbustcp():
    def talk(port):
        client = ModbusClient("127.0.0.1", port, 1, timeout=2.0)
        wrote = client.write_multiple_registers(20, [7, 8])
        wrote &= client.write_single_register(21, 9)
        wrote &= client.write_multiple_coils(3, [True, False])
        wrote &= client.write_single_coil(4, bit_value=True)
        read = client.read_holding_registers(20, 2), client.read_input_registers(20, 2)
        bits = client.read_coils(3, 2), client.read_discrete_inputs(3, 2)
        both = client.write_read_multiple_registers(20, [1], 20, 2)
        who = client.read_device_identification().vendor_name
        client.close()
        return wrote, read, bits, both, who

    async with serving() as (port, _):
        wrote, read, bits, both, who = await asyncio.to_thread(talk, port)
        assert wrote
        assert read == ([7, 9], [7, 9])
        assert bits == ([True, True], [False, False])
        assert (both, who) == ([1, 9], b"V")


@mbpoll_is_here
async def test_mbpoll():
    async with serving() as (port, memory):
        mbpoll = ("mbpoll", "-m", "tcp", "-p", port, "-a", 1, "-0", "-1", "-r", 4)
        await told(*mbpoll, "127.0.0.1", 7, 8)
        await told(*mbpoll, "-t", 0, "127.0.0.1", 1, 0, 1)
        assert memory.words(4, 2) == (7, 8)
        assert memory.coils[4:7] == [True, False, True]
        for table, right in (("4", "7 8"), ("3", "7 8"), ("0", "1 0"), ("1", "0 1")):
            shown = await told(*mbpoll, "-t", table, "-c", 2, "127.0.0.1")
            rows = [line.split()[-1] for line in shown.splitlines() if line[:1] == "["]
            assert rows == right.split()


@mbpoll_is_here
async def test_mbpoll_on_a_line():
    with Line() as line:
        ours, theirs = line.ends
        settings = SerialSettings(device=theirs, baudrate=115200, parity="N")
        memory = BitMemory()
        server = ModbusRtuServer(settings, {17: memory})
        await server.start()
        mbpoll = ("mbpoll", "-m", "rtu", "-b", 115200, "-P", "none")
        mbpoll += ("-a", 17, "-0", "-1", "-r", 4)
        await told(*mbpoll, ours, 7, 8)
        assert memory.words(4, 2) == (7, 8)
        shown = await told(*mbpoll, "-c", 2, ours)
        rows = [line.split()[-1] for line in shown.splitlines() if line[:1] == "["]
        assert rows == ["7", "8"]
        await server.close()


@fixture(name="libmodbus", scope="module")
def _libmodbus(tmp_path_factory):
    if not (shutil.which("cc") and HEADER.exists()):
        skip("libmodbus (Debian: libmodbus-dev) or a C compiler is not installed")
    program, source = tmp_path_factory.mktemp("bin") / "client", "libmodbus_client.c"
    subprocess.run(
        ["cc", "-Wall", "-o", program, HERE / source, "-lmodbus"], check=True
    )
    return program


async def test_libmodbus(libmodbus):
    async with serving() as (port, _):
        assert await told(libmodbus, "tcp", port, 1) == "all right\n"


async def test_libmodbus_on_a_line(libmodbus):
    with Line() as line:
        ours, theirs = line.ends
        settings = SerialSettings(device=theirs, baudrate=115200, parity="N")
        server = ModbusRtuServer(settings, {17: BitMemory()})
        await server.start()
        assert await told(libmodbus, "rtu", ours, 17) == "all right\n"
        assert server.counters.malformed == 0
        await server.close()


if NODE_MODULES in os.environ:

    async def test_modbus_serial_from_npm():
        async with serving() as (port, _):
            script, where = HERE / "modbus_serial.js", os.environ[NODE_MODULES]
            assert await told("node", script, port, 1, cwd=where) == "all right\n"
