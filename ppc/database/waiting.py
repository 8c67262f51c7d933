"""What was handed in and waits for the writer. Taking in never blocks for long."""

from collections import deque
from threading import Lock

from ppc.database.writer import DURABLE, Entry

CAPACITY = 20_000
"""Hand-ins that may wait: at a dozen a second, half an hour of slow disk."""
SPARE = 5_000
"""And as many more of durable rows."""


class Waiting:
    """From any thread to one. What is too much is dropped, and counted."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._lock = Lock()
        """Only for numbers that change together."""
        self._passed_over_count = 0
        """Hand-ins dropped since the last `take`."""
        self.dropped = 0
        """Rows lost since the start."""

    @property
    def is_full(self) -> bool:
        """For all that is not durable."""
        return len(self._entries) >= CAPACITY

    def put(self, entry: Entry) -> bool:
        """False: there is no room."""
        room = CAPACITY + SPARE if entry.table in DURABLE else CAPACITY
        if len(self._entries) < room:
            self._entries.append(entry)  # wakes nobody: the writer looks itself
            return True
        with self._lock:
            self.dropped += len(entry.rows)
            self._passed_over_count += 1
        return False

    def take(self) -> tuple[list[Entry], int]:
        """All that waits, and how many hand-ins were dropped after these."""
        entries = [self._entries.popleft() for _ in range(len(self._entries))]
        with self._lock:
            passed_over_count, self._passed_over_count = self._passed_over_count, 0
        return entries, passed_over_count

    def drop(self, rows_count: int) -> None:
        """Count rows that are lost."""
        with self._lock:
            self.dropped += rows_count
