"""What the program logs, as events of a real file."""

import logging
import time

from pytest import approx

from ppc.application.record.event_log import EventLog
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
