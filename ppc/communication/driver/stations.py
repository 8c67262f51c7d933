"""The stations of one link: who does not answer, who is busy, who is left alone."""

from math import inf

from ppc.communication.driver.base import Reply
from ppc.communication.driver.settings import LinkSettings
from ppc.communication.errors import (
    BadReply,
    ExceptionCode,
    NoReply,
    Refused,
    StationSilent,
)

_BUSY = {ExceptionCode.ACKNOWLEDGE, ExceptionCode.BUSY}
_UNREACHED = {ExceptionCode.NO_PATH, ExceptionCode.NO_TARGET_RESPONSE}
_SILENCES = 2
"""After so many silences in a row the connection itself is doubted."""


class Stations:
    """What is known of the stations, across the connections of one driver.

    On a link of several stations one that is silent is left alone for a time that
    doubles, so that it costs the others one timeout in that time. On a link of one
    station nobody would gain by that. `rest_s`: a station is not asked for so long
    after a silence, whoever else is there, since its answer may still come.
    """

    def __init__(self, settings: LinkSettings, rest_s: float = 0.0) -> None:
        self.seen: set[int] = set()
        """All that are asked."""
        self.held: dict[int, float] = {}
        """Until when what is asked of a station waits."""
        self.troubled = False
        """Whether there is anything to be remembered at all."""
        self._least_s = max(settings.station_backoff_min_s, rest_s)
        self._most_s = max(settings.station_backoff_max_s, rest_s)
        self._busy_s = settings.busy_delay_s
        self._rest_s = rest_s
        self._silent: dict[int, tuple[float, float]] = {}
        """Until when a station is left alone, and for how long that was."""
        self._row = 0
        """Silences since the last answer of anybody."""
        self._dead = 0
        """Stations known to be silent when the row began."""

    def left_alone(self, station: int, now_s: float) -> bool:
        until_s, _ = self._silent.get(station, (-inf, 0.0))
        return now_s < until_s

    def judge(self, station: int, reply: Reply, now_s: float) -> Reply:
        """Remember what `reply` says of the station; the reply, more closely named."""
        if isinstance(reply, NoReply):
            if self._row == 0:
                self._dead = len(self._silent)
            self._row += 1
            if self._silence(station, now_s):
                reply = StationSilent(f"{reply}, nor did it before")
        elif isinstance(reply, Refused) and reply.code in _UNREACHED:
            self._row = 0  # the gateway has answered
            self._silence(station, now_s)
        elif not isinstance(reply, BadReply):
            self._row = 0
            self._silent.pop(station, None)
            if isinstance(reply, Refused) and reply.code in _BUSY and self._busy_s:
                self.held[station] = now_s + self._busy_s
        self._remember()
        return reply

    def _silence(self, station: int, now_s: float) -> bool:
        """Leave the station alone; whether it was silent before."""
        before = station in self._silent
        if len(self.seen) > 1:
            _, last_s = self._silent.get(station, (0.0, 0.0))
            rest_s = min(max(2.0 * last_s, self._least_s), self._most_s)
            self._silent[station] = now_s + rest_s, rest_s
        elif self._rest_s:
            self.held[station] = now_s + self._rest_s
        return before

    @property
    def doubtful(self) -> bool:
        """Whether it may be the connection that is silent, and not the stations."""
        return self._row >= _SILENCES + self._dead

    def connected(self) -> None:
        """A new connection deserves no doubt yet."""
        self._row = 0
        self._remember()

    def forget(self) -> None:
        """Nobody could be asked: what was silent before means nothing now."""
        self._row = 0
        self._silent.clear()
        self.held.clear()
        self._remember()

    def release(self, now_s: float) -> float:
        """End what is over; when the next one ends that is held."""
        if self.held:
            self.held = {
                s: until_s for s, until_s in self.held.items() if until_s > now_s
            }
            self._remember()
        return min(self.held.values(), default=inf)

    def _remember(self) -> None:
        self.troubled = bool(self._silent or self.held or self._row)
