"""Who may come in: how many in all, how many of one host, and how fast."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from ppc.communication.server.limits import Bucket, Limits

_MOST_REMEMBERED = 1024
"""Hosts that were here and are gone."""


class Door:
    """Counts connections, those that have not said a word yet included."""

    def __init__(
        self, limits: Limits, *, now_s: Callable[[], float] = monotonic
    ) -> None:
        self._limits = limits
        self._now_s = now_s
        self._inside: dict[str, int] = {}
        self._pace: OrderedDict[str, Bucket] = OrderedDict()
        self.count = 0

    def enter(self, host: str) -> str:
        """Why not; empty: it is in, and must `leave` once."""
        limits, inside = self._limits, self._inside.get(host, 0)
        if self.count >= limits.connections:
            return f"there are {self.count} connections"
        if inside >= limits.connections_per_host:
            return f"it has {inside} connections"
        if not self._in_pace(host):
            return f"it connects more than {limits.connects_per_s:g} times a second"
        self._inside[host] = inside + 1
        self.count += 1
        return ""

    def leave(self, host: str) -> None:
        self.count -= 1
        self._inside[host] -= 1
        if not self._inside[host]:
            del self._inside[host]

    def _in_pace(self, host: str) -> bool:
        limits = self._limits
        bucket = self._pace.get(host)
        if bucket is None:
            bucket = Bucket(limits.connects_per_s, 2 * limits.connections_per_host)
            self._pace[host] = bucket
            if len(self._pace) > _MOST_REMEMBERED:
                self._pace.popitem(last=False)
        self._pace.move_to_end(host)
        if not bucket.there(self._now_s()):
            return False
        bucket.take(1)
        return True
