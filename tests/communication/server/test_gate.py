"""Descriptors run out: who is there stays, who comes is turned away, for a while."""

import asyncio
import contextlib
import os
import resource
import socket

from pytest import mark

from ppc.communication.server.gate import Gate
from ppc.communication.server.modbus_server import ModbusServer
from tests.communication.server.memory import Memory, Talker

READ = bytes.fromhex("03 0000 0001")
OK = bytes.fromhex("03 02 0000")


@contextlib.contextmanager
def exhausted():
    """Not a descriptor is left; a socket that exists already can still connect."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken[0] + 4, hard))
    try:
        with contextlib.suppress(OSError):
            while True:
                taken.append(os.dup(taken[0]))
        yield
    finally:
        for descriptor in taken:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_without_descriptors_the_old_are_served_and_the_new_refused(caplog):
    server = ModbusServer("127.0.0.1", 0, {1: Memory()})
    await server.start()
    async with Talker(server.port) as old:
        assert await old.ask(READ) == OK
        loop = asyncio.get_running_loop()
        comers = [socket.socket() for _ in range(20)]
        with exhausted():
            for comer in comers:
                comer.settimeout(0)
                await loop.sock_connect(comer, ("127.0.0.1", server.port))
            assert await old.ask(READ) == OK
            for comer in comers:
                with contextlib.suppress(ConnectionError):
                    async with asyncio.timeout(3):
                        assert await loop.sock_recv(comer, 1) == b""
            assert await old.ask(READ) == OK
        for comer in comers:
            comer.close()
        async with Talker(server.port) as new:
            assert await new.ask(READ) == OK
    assert server.counters.refused == 20
    assert [r.getMessage().partition(": ")[2] for r in caplog.records] == [
        "no descriptor left: connections refused"
    ]
    await server.close()


async def test_without_even_a_spare_it_rests_and_tries_again():
    taken = []
    gate = Gate(lambda connection, host: taken.append((connection, host)), lambda: None)
    await gate.open("127.0.0.1", 0)
    gate._close_spare()
    comer = socket.socket()
    with exhausted():
        comer.settimeout(0)
        await asyncio.get_running_loop().sock_connect(comer, ("127.0.0.1", gate.port))
        await asyncio.sleep(0.15)
        assert not taken
    async with asyncio.timeout(3):
        while not taken:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert taken[0][1] == "127.0.0.1"
    assert gate._spare is not None
    taken[0][0].close()
    comer.close()
    gate.close()


@mark.parametrize("host", ["127.0.0.1", "localhost", ""])
async def test_it_listens_where_it_is_told(host):
    server = ModbusServer(host, 0, {1: Memory()})
    await server.start()
    async with Talker(server.port) as client:
        assert await client.ask(READ) == OK
    await server.close()
