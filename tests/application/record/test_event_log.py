"""What the program logs, as events."""

import logging

from ppc.application.record.event_log import EventLog


def test_warnings_and_orders_become_events(door):
    handler = EventLog(door)
    for name, level in (
        ("ppc.x", 20),
        ("ppc.x", 30),
        ("ppc.adapter.northbound.map_segment", 20),
    ):
        handler.handle(logging.LogRecord(name, level, "", 0, "text", None, None))
    assert door.events == [
        ("warning", "x", "text"),
        ("info", "adapter.northbound.map_segment", "text"),
    ]
