"""A script that is tried until it succeeds."""

from collections.abc import Callable
from math import inf
from typing import Any

from ppc.application.errand import Errand, Script, Unmet
from ppc.application.steps import Party
from ppc.application.telling import Telling
from ppc.communication.errors import CommunicationError, NoReply, NotConnected

_BACKOFF_MIN_S, _BACKOFF_MAX_S = 1.0, 30.0


class Effort:
    """Begun by `push`, again with back-off when it fails; said once per change."""

    def __init__(
        self,
        party: Party,
        telling: Telling,
        matter: str,
        script: Callable[[], Script[Any]],
    ) -> None:
        self.done = False
        self.failed = False
        """Whether the last attempt failed."""
        self._party = party
        self._telling = telling
        self._matter = matter
        self._script = script
        self._errand: Errand[Any] | None = None
        self._again_s = -inf
        self._backoff_s = _BACKOFF_MIN_S

    def push(self, now_s: float) -> bool:
        """Whether it is done; if not, and nothing is under way, it is begun."""
        if self.done:
            return True
        party = self._party
        if self._errand is None and now_s >= self._again_s and party.driver.connected:
            self._errand = Errand(
                party.driver, party.later, self._script(), self._ended
            )
            self._errand.start()
        return self.done

    def reset(self) -> None:
        """It must be done anew."""
        if self._errand is not None:
            self._errand.cancel()
            self._errand = None
        self.done = self.failed = False
        self._again_s, self._backoff_s = -inf, _BACKOFF_MIN_S

    def _ended(self, result: object) -> None:
        self._errand = None
        self.failed = isinstance(result, CommunicationError | Unmet)
        self.done = not self.failed
        if self.done:
            self._backoff_s = _BACKOFF_MIN_S
            self._telling.well(self._matter)
            return
        if isinstance(result, NotConnected):
            return  # said by the device itself, and over when there is a connection
        self._again_s = self._party.now_s() + self._backoff_s
        if not isinstance(result, NoReply):
            self._backoff_s = min(2.0 * self._backoff_s, _BACKOFF_MAX_S)
        self._telling.trouble(self._matter, str(result))
