"""What a person sees of a running controller: a live view, or plain log lines.

The view is drawn by a process of its own, fed with a line of JSON at a time: drawing is
work for the interpreter, and the control thread must not wait for it.
"""

import json
import logging
import subprocess
import sys
from collections import deque
from contextlib import suppress
from typing import IO, Self

from ppc.application.status import PlantStatus

_KEPT_LINES = 50


class Screen(logging.Handler):
    """Takes log records and statuses; a context that leaves the terminal as it was."""

    def __init__(self, level: str) -> None:
        super().__init__(level.upper())
        self.live = sys.stdout.isatty()
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._view: subprocess.Popen[str] | None = None
        self.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        )

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if self.live:
            self._lines.append(line)
        else:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    def show(self, status: PlantStatus) -> None:
        """Draw; a view that has gone away is not missed."""
        if self._view is None or self._view.stdin is None:
            return
        news = {"status": status.as_dict(), "lines": list(self._lines)}
        try:
            _send(self._view.stdin, json.dumps(news))
        except OSError:
            self._view = None
            self.live = False

    def __enter__(self) -> Self:
        root = logging.getLogger("ppc")
        root.setLevel(self.level)
        root.addHandler(self)
        logging.getLogger("transitions").setLevel(logging.ERROR)
        if self.live:
            self._view = subprocess.Popen(
                [sys.executable, "-m", "ppc.cli.live_view"],
                stdin=subprocess.PIPE,
                text=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("ppc").removeHandler(self)
        if self._view is not None and self._view.stdin is not None:
            with suppress(OSError):
                self._view.stdin.close()
            self._view.wait()
            for line in list(self._lines)[-5:]:
                sys.stdout.write(line + "\n")


def _send(pipe: IO[str], line: str) -> None:
    pipe.write(line + "\n")
    pipe.flush()
