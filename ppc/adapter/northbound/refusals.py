"""What a source asked in vain: counted, and told once per change."""

import logging
import time
from collections.abc import Callable

from ppc.adapter.northbound.few_lines import FewLines
from ppc.communication.errors import Refused

logger = logging.getLogger(__name__)


class Refusals:
    """The requests of one source that were refused."""

    def __init__(
        self, source: str, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self.source = source
        """What he is called in the log."""
        self.count = 0
        self._last = ""
        self._lines = FewLines(logger, now_s)

    def refused(
        self, address: int, count: int, refusal: Refused, *, what: str = "write"
    ) -> None:
        """Another one; the same again is counted, and not told."""
        self.count += 1
        reason = f"{what} refused, {count} registers at {address}: {refusal}"
        if reason != self._last:
            self._lines.write(logging.WARNING, f"{self.source} {reason}")
        self._last = reason

    def taken(self) -> None:
        """A write was taken: the next refusal is news."""
        self._last = ""
