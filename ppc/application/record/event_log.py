"""What the program logs, as events of the record."""

import logging

from ppc.application.record.door import Record

_ORDERS = "ppc.adapter.northbound.map_segment"


class EventLog(logging.Handler):
    """Puts warnings, and every order of SCADA, among the events of the record."""

    def __init__(self, record: Record) -> None:
        super().__init__(logging.INFO)
        self._record = record

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING and record.name != _ORDERS:
            return
        row = {
            "ts": record.created,
            "severity": record.levelname.lower(),
            "source": record.name.removeprefix("ppc."),
            "text": record.getMessage(),
        }
        self._record.record("events", [row])
