"""Lines of a log that someone else can cause: so many, then a few."""

import logging
import time
from collections.abc import Callable

from ppc.adapter.northbound.pace import Pace

_AT_ONCE = 30
_EVERY_S = 2.0


class FewLines:
    """Writes lines to a log, 30 at once and one every 2 s in the long run.

    What was left out is told with the next line that is written.
    """

    def __init__(
        self, logger: logging.Logger, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._logger = logger
        self._now_s = now_s
        self._pace = Pace(_AT_ONCE, _EVERY_S)
        self._missing = 0

    def write(self, level: int, text: str) -> None:
        """Write it, or leave it out."""
        if not self._pace.allows(self._now_s()):
            self._missing += 1
            return
        if self._missing:
            text = f"{text} ({self._missing} lines like this left out before)"
        self._missing = 0
        self._logger.log(level, "%s", text)
