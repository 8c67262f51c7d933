"""Connections in bounds: slow, greedy, silent and broken ones, beside good ones."""

import asyncio
import struct
from contextlib import asynccontextmanager

from pytest import mark, raises

from ppc.communication.server import notices
from ppc.communication.server.limits import Limits
from ppc.communication.server.modbus_server import ModbusServer
from tests.communication.server.memory import Memory, Talker, frame

READ = bytes.fromhex("03 0000 0001")
OK = bytes.fromhex("03 02 0000")


@asynccontextmanager
async def serving(**limits):
    server = ModbusServer("127.0.0.1", 0, {1: Memory()}, limits=Limits(**limits))
    await server.start()
    try:
        yield server
    finally:
        await server.close()


async def test_what_was_right_is_answered_before_what_is_wrong_ends_it():
    async with serving() as server, Talker(server.port) as client:
        client.send(frame(READ, 1) + frame(READ, 2) + frame(READ, 3, protocol=1))
        assert [await client.answer() for _ in range(3)] == [OK, OK, None]
        assert server.counters.malformed == 1
        assert server.counters.requests == 2


async def test_ten_thousand_requests_in_one_go_are_answered_in_order():
    count = 10_000
    async with serving(requests_per_s=1e6, burst=count) as server:
        async with Talker(server.port) as client, Talker(server.port) as other:
            for i in range(count):
                client.send(frame(READ, i))
            assert await other.ask(READ) == OK  # not behind all the others
            for i in range(count):
                assert await client.answer() == OK
                assert client.transaction == i
        assert server.counters.requests == count + 1


async def test_who_asks_too_fast_waits_and_loses_nothing():
    async with serving(requests_per_s=200.0, burst=10) as server:
        async with Talker(server.port) as hasty, Talker(server.port) as good:
            began_s = asyncio.get_running_loop().time()
            for i in range(60):
                hasty.send(frame(READ, i))
            for _ in range(5):
                assert await good.ask(READ) == OK
            for i in range(60):
                assert await hasty.answer() == OK
                assert hasty.transaction == i
            took_s = asyncio.get_running_loop().time() - began_s
        assert took_s > 0.2  # 50 beyond the burst, at 200 a second
        assert server.counters.held_back >= 1
        assert not server.counters.exceptions


async def test_who_does_not_take_his_answers_is_not_read():
    """He is bounded to what the kernel and one buffer hold; later he has them all."""
    count = 20_000
    pdu = bytes.fromhex("03 0000 007d")
    async with serving(requests_per_s=1e6, burst=count) as server:  # noqa: SIM117
        async with Talker(server.port) as client, Talker(server.port) as other:
            client.writer.transport.pause_reading()
            client.send(b"".join(frame(pdu, i % 65536) for i in range(count)))
            await asyncio.sleep(0.5)
            assert server.counters.requests < count
            for session in server._sessions:
                assert session._transport.get_write_buffer_size() < 128 * 1024
            assert await other.ask(READ) == OK
            client.writer.transport.resume_reading()
            for i in range(count):
                assert len(await client.answer()) == 252
                assert client.transaction == i


async def test_how_many_answers_wait_for_a_client_is_a_limit():
    pdu = bytes.fromhex("03 0000 007d")
    few = {"unsent_bytes": 2048, "requests_per_s": 1e6, "burst": 20_000}
    async with serving(**few) as server, Talker(server.port) as client:
        client.writer.transport.pause_reading()
        client.send(b"".join(frame(pdu, i) for i in range(20_000)))
        await asyncio.sleep(0.5)
        (session,) = server._sessions
        assert 2048 < session._transport.get_write_buffer_size() < 4096


@mark.parametrize(
    "sent", [b"", frame(READ)[:1], frame(READ)[:7], frame(READ) + frame(READ)[:9]]
)
async def test_who_is_silent_or_does_not_end_his_frame_is_cut(sent):
    silent = not sent
    limits = {"idle_s": 0.3} if silent else {"partial_s": 0.3}
    async with serving(**limits) as server:  # noqa: SIM117
        async with Talker(server.port) as client, Talker(server.port) as good:
            if sent:
                client.send(sent)
            for _ in range(9):
                assert await good.ask(READ) == OK
                await asyncio.sleep(0.1)
            if len(sent) > 12:
                assert await client.answer() == OK
            assert await client.answer(0.1) is None
            assert server.counters.timed_out == 1
            assert server.counters.open_now_count == 1


async def test_a_byte_now_and_then_does_not_put_it_off():
    async with serving(partial_s=0.4) as server, Talker(server.port) as client:
        for byte in frame(READ):
            client.send(bytes((byte,)))
            await asyncio.sleep(0.1)
        assert await client.answer(0.1) is None


async def test_one_host_has_so_many_connections_and_the_others_are_closed():
    async with serving(connections_per_host=2, connects_per_s=1e3) as server:
        async with Talker(server.port) as one, Talker(server.port) as two:
            assert await one.ask(READ) == OK
            for _ in range(3):
                async with Talker(server.port) as third:
                    assert await third.answer() is None
            elsewhere = {"local_addr": ("127.0.0.2", 0)}
            async with Talker(server.port, **elsewhere) as another:
                assert await another.ask(READ) == OK
            assert await two.ask(READ) == OK
        assert server.counters.refused == 3


async def test_a_flood_of_noise_is_counted_and_a_line_of_it_is_written(caplog):
    async with serving(connects_per_s=1e6) as server, Talker(server.port) as good:
        for i in range(300):
            async with Talker(server.port) as bad:
                bad.send(struct.pack(">HHHB", i, 7, 2000, 1))
                assert await bad.answer() is None
        assert await good.ask(READ) == OK
        assert server.counters.malformed == 300
    assert len(caplog.records) == 1


async def test_nothing_is_left_of_a_server_that_is_closed():
    async with serving() as server:
        port = server.port
        async with Talker(port) as client:
            assert await client.ask(READ) == OK
            await server.close()
            assert await client.answer() is None
        assert server.clients == server._door.count == 0
    with raises(ConnectionRefusedError):
        async with Talker(port):
            pass


async def test_trouble_that_is_over_is_told_by_the_server_itself(caplog, monkeypatch):
    async with serving() as server:
        for _ in range(3):
            async with Talker(server.port) as bad:
                bad.send(frame(READ, protocol=1))
                assert await bad.answer() is None
        monkeypatch.setattr(notices, "QUIET_S", 0.0)
        async with asyncio.timeout(5.0):
            while len(caplog.records) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert [r.getMessage().partition(": ")[2] for r in caplog.records][1:] == [
        "malformed: over, after 2 more like the first"
    ]
