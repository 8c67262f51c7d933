"""The truth of a simulated field, in files of their own beside the record.

What the controller sees goes into the record; what really is goes here, so that results
are judged on truth. One file a day: truth_<day>.db.
"""

import logging
from collections import defaultdict, deque
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, Table, Text
from sqlalchemy.exc import DatabaseError

from ppc.database.connection import reason
from ppc.database.daily import day_name
from ppc.database.store import Store

logger = logging.getLogger(__name__)

TRUTH = MetaData()
Table(
    "truth",
    TRUTH,
    Column("ts", Float, primary_key=True),
    *(Column(name, Float) for name in ("v_v", "f_hz", "p_w", "q_var")),
    *(Column(f"meter_{name}", Float) for name in ("v_v", "f_hz", "p_w", "q_var")),
    Column("faults_count", Integer),
    comment="the connection point as it is, and as the meter shows it",
)
Table(
    "truth_units",
    TRUTH,
    Column("ts", Float, primary_key=True),
    Column("device", Text, primary_key=True),
    *(Column(name, Float) for name in ("p_w", "q_var", "p_set_w", "q_set_var")),
    *(Column(name, Float) for name in ("soc_pu", "soc_shown_pu", "state_code")),
    comment="every unit as it is, and the set-points it has heard",
)
Table(
    "truth_faults",
    TRUTH,
    Column("ts", Float, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("word", Text, primary_key=True),
    Column("fault", Text),
    comment="faults that came (on) and went (off)",
)

BATCH_S = 0.5
KEPT = 14
"""Files; older ones are deleted."""
_CAPACITY = 100_000

Rows = Sequence[tuple[Any, ...]]


class TruthRecorder:
    """Takes rows from any thread and writes them from its own; never blocks."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._waiting: deque[tuple[str, Rows]] = deque(maxlen=_CAPACITY)
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="truth", daemon=True)
        self._store: Store | None = None
        self._trouble = ""
        directory.mkdir(parents=True, exist_ok=True)
        self._thread.start()

    def record(self, table: str, rows: Rows) -> None:
        """Rows of a table, values in the order of its columns."""
        self._waiting.append((table, rows))

    def close(self) -> None:
        """Write what waits, and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(BATCH_S):
            self._write()
        self._write()
        if self._store is not None:
            self._store.finish()

    def _write(self) -> None:
        """By day; what the disk refuses is lost, and told once per change."""
        days: dict[str, dict[str, list[tuple[Any, ...]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        while self._waiting:
            table, rows = self._waiting.popleft()
            for row in rows:
                days[day_name(row[0])][table].append(row)
        try:
            for day, batch in sorted(days.items()):
                self._file(day).write(batch)
        except (DatabaseError, OSError) as error:
            if reason(error) != self._trouble:
                logger.warning("the truth cannot be written: %s", reason(error))
            self._trouble, self._store = reason(error), None
        else:
            self._trouble = ""

    def _file(self, day: str) -> Store:
        path = self._directory / f"truth_{day}.db"
        if self._store is not None and self._store.path != path:
            self._store.finish()
            self._store = None
        if self._store is None or self._store.loss:
            self._store = Store(path, TRUTH)
            for old in sorted(self._directory.glob("truth_*.db"))[:-KEPT]:
                old.unlink()
        return self._store
