"""Who comes while the server closes, in any turn of either loop."""

import asyncio
import socket

import uvloop
from pytest import fixture, mark

from ppc.communication.server.limits import Limits
from ppc.communication.server.modbus_server import ModbusServer
from ppc.communication.server.modbus_tls_server import (
    ModbusTlsServer,
    TlsServerSettings,
)
from tests.communication.server.test_modbus_tls_server import shown

TURNS = 12
"""After so many a connection has long been made."""
RUNS = {"asyncio": asyncio.run, "uvloop": uvloop.run}


@fixture(name="plain")
def _plain():
    return lambda: ModbusServer("127.0.0.1", 0, {})


@fixture(name="secured")
def _secured(certificates):
    tls = TlsServerSettings(**certificates.files("server"))
    limits = Limits(connects_per_s=1e3)
    return lambda: ModbusTlsServer(
        "127.0.0.1", 0, lambda _caller, _unit: None, tls, limits=limits
    )


async def knock(server, context):
    """Come in, and stay until the other end closes."""
    name = None if context is None else "127.0.0.1"
    try:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", server.port, ssl=context, server_hostname=name
        )
        await reader.read()
        writer.transport.abort()
    except OSError:  # shown out at the door
        pass


async def close_after(turns, server, context=None):
    await server.start()
    client = asyncio.create_task(knock(server, context))
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(20.0):
        await server.close()
        await client
    assert server.clients == server.counters.open_now_count == 0
    assert server._door.count == 0


@mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_it_closes_whoever_comes_meanwhile(plain, run):
    for turns in range(TURNS):
        run(close_after(turns, plain()))


@mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_it_closes_in_the_middle_of_a_handshake(secured, certificates, run):
    context = shown(certificates, "client")
    for turns in range(TURNS):
        run(close_after(turns, secured(), context))


@mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_it_closes_though_who_came_has_gone_again(plain, run):
    async def close(turns):
        server = plain()
        await server.start()
        socket.create_connection(("127.0.0.1", server.port)).close()
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(20.0):
            await server.close()
        assert server._door.count == server.clients == 0

    for turns in range(TURNS):
        run(close(turns))
