"""What a person sees of a running controller: a live view, or plain log lines."""

import logging
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Self, TextIO

from ppc.application.status import PlantStatus
from ppc.cli.view_process import ViewProcess
from ppc.configuration.machine import Machine

logger = logging.getLogger(__name__)

_PRINT_EVERY_S = 0.1
_LAST_WORDS_S = 1.0
_LINE_EVERY_S = 10.0
_KEPT, _WAITING, _LEFT = 50, 1000, 5
"""Lines kept for the view, waiting to be printed, and printed when the view ends."""


class Screen(logging.Handler):
    """Takes log records and statuses; a context that leaves the terminal as it was.

    Whoever logs only puts a line down: a thread prints, so that a terminal that stands
    still, or is gone, never holds up control.
    """

    def __init__(self, machine: Machine, out: TextIO) -> None:
        super().__init__(machine.log_level)
        self._out = out
        self._color = machine.color
        self._plain = logging.Formatter(
            "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
        )
        self._short = logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S")
        self._recent: deque[tuple[str, str]] = deque(maxlen=_KEPT)
        self._waiting: deque[str] = deque(maxlen=_WAITING)
        self._view: ViewProcess | None = None
        self._ended = Event()
        self._printer = Thread(target=self._print, name="printer", daemon=True)
        self._told_s = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._recent.append((record.levelname, self._short.format(record)))
            self._waiting.append(self._plain.format(record))
        except (TypeError, ValueError):  # a record that cannot be written
            self.handleError(record)

    def show(self, status: PlantStatus) -> None:
        """Draw it, or from time to time say it in a line."""
        if self._view:
            frame = {"status": status.as_dict(), "log": list(self._recent)}
            if not self._view.show(frame):
                self._close_view()
                logger.warning("the live view has ended; log lines instead")
        elif time.monotonic() - self._told_s >= _LINE_EVERY_S:
            self._told_s = time.monotonic()
            logger.info("%s", status.line())

    @contextmanager
    def live(self) -> Iterator[None]:
        """The live view, where there is a terminal for it; else nothing changes."""
        if self._out.isatty() and os.environ.get("TERM") != "dumb":
            self._view = ViewProcess(self._out, color=self._color)
        try:
            yield
        finally:
            self._close_view()

    def __enter__(self) -> Self:
        root = logging.getLogger("ppc")
        root.setLevel(self.level)
        root.addHandler(self)
        logging.getLogger("transitions").setLevel(logging.ERROR)
        self._printer.start()
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("ppc").removeHandler(self)
        self._ended.set()
        self._printer.join(_LAST_WORDS_S)

    def _close_view(self) -> None:
        """Back to lines, the last few of those the view has shown first."""
        if self._view:
            self._view.close()
            while len(self._waiting) > _LEFT:
                self._waiting.popleft()
            self._view = None

    def _print(self) -> None:
        """Write waiting lines while there is no view. Past Python's own buffer, whose
        lock would hold up the end of the program if the terminal stands still.
        """
        with suppress(OSError):  # nobody reads any more
            while not self._ended.wait(_PRINT_EVERY_S):
                self._flush()
            self._flush()

    def _flush(self) -> None:
        while self._waiting and not self._view:
            data = (self._waiting.popleft() + "\n").encode()
            while data:
                data = data[os.write(self._out.fileno(), data) :]
