"""What a server has to say of its clients, however often it happens: few lines."""

import logging
from collections.abc import Callable
from time import monotonic

logger = logging.getLogger(__name__)

QUIET_S = 60.0


class Notices:
    """Warnings, each kind at once when it is new, then once in `QUIET_S` at most.

    Kinds are few and fixed: nobody outside can make another.
    """

    def __init__(self, name: str, *, now_s: Callable[[], float] = monotonic) -> None:
        self.name = name
        self._now_s = now_s
        self._untold: dict[str, int] = {}
        self._quiet_until_s: dict[str, float] = {}

    def tell(self, kind: str, text: str) -> None:
        """Log `text`, with how many of its kind were not logged before it."""
        now_s = self._now_s()
        if now_s < self._quiet_until_s.get(kind, 0.0):
            self._untold[kind] = self._untold.get(kind, 0) + 1
            return
        self._quiet_until_s[kind] = now_s + QUIET_S
        untold = self._untold.pop(kind, 0)
        more = f" ({untold} more like it before)" if untold else ""
        logger.warning("%s: %s%s", self.name, text, more)
