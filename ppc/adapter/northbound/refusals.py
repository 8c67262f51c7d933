"""What a source wrote in vain: counted, and told once per change."""

import logging

from ppc.communication.errors import Refused

logger = logging.getLogger(__name__)


class Refusals:
    """The writes of one source that were refused."""

    def __init__(self, source: str) -> None:
        self.source = source
        """What he is called in the log."""
        self.count = 0
        self._last = ""

    def refused(self, address: int, count: int, refusal: Refused) -> None:
        """Another one; the same again is counted, and not told."""
        self.count += 1
        reason = f"{count} registers at {address}: {refusal}"
        if reason != self._last:
            logger.warning("%s write refused, %s", self.source, reason)
        self._last = reason

    def taken(self) -> None:
        """A write was taken: the next refusal is news."""
        self._last = ""
