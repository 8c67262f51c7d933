"""What the program logs, as events of a real file."""

import logging
import time

from pytest import approx

from ppc.application.record.event_log import EventLog
from ppc.communication.server.limits import Limits
from ppc.communication.server.modbus_server import ModbusServer
from tests.communication.server.memory import Memory, Talker, frame
from tests.database.files import ask, recorder


def test_warnings_and_orders_become_events(tmp_path):
    record = recorder(tmp_path, time.time)
    record.start()
    handler = EventLog(record)
    for name, level in (
        ("ppc.x", 20),
        ("ppc.x", 30),
        ("ppc.adapter.northbound.map_segment", 20),
    ):
        handler.handle(logging.LogRecord(name, level, "", 0, "text", None, None))
    record.stop()
    rows = ask(tmp_path / "current.db", "SELECT severity, source, text, ts FROM events")
    assert {row[:3] for row in rows} == {
        ("warning", "x", "text"),
        ("info", "adapter.northbound.map_segment", "text"),
    }
    assert rows[0][3] == approx(time.time(), abs=5.0)


async def test_a_flood_at_the_scada_port_is_two_events(tmp_path):
    record = recorder(tmp_path, time.time)
    record.start()
    handler, log = EventLog(record), logging.getLogger("ppc.communication.server")
    log.addHandler(handler)
    limits = Limits(connections=2, connects_per_s=1e6)
    server = ModbusServer("127.0.0.1", 0, {1: Memory()}, limits=limits)
    await server.start()
    port = server.port
    try:
        async with Talker(server.port) as good:
            for _ in range(300):
                async with Talker(server.port) as noisy, Talker(server.port) as third:
                    assert await third.answer() is None
                    noisy.send(frame(b"\x03", protocol=7))
                    assert await noisy.answer() is None
            assert await good.ask(bytes.fromhex("0300000001")) == b"\x03\x02\0\0"
    finally:
        await server.close()
        log.removeHandler(handler)
        record.stop()
    assert (server.counters.malformed, server.counters.refused) == (300, 300)
    rows = ask(tmp_path / "current.db", "SELECT source, text FROM events")
    source, ours = "communication.server.notices", f"127.0.0.1:{port}: "
    assert {(name, text.removeprefix(ours)) for name, text in rows} == {
        (source, "a connection from 127.0.0.1 refused: there are 2 connections"),
        (
            source,
            "127.0.0.1: no Modbus TCP header: 00 01 00 07 00 02 01: connection closed",
        ),
    }
    assert len(rows) == 2
