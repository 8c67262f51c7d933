"""What one client may take of a server, so that something is left for the others."""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Defaults are for a port that anybody on the network can reach."""

    connections: int = 32
    connections_per_host: int = 16
    connects_per_s: float = 10.0
    """New connections of one host, after twice as many at once as it may have."""
    idle_s: float = 60.0
    """A connection that asks nothing for so long is ended."""
    partial_s: float = 2.0
    """A frame that has begun must be whole after this time; so must a TLS handshake,
    and a connection that is ended must have taken its last answers."""
    requests_per_s: float = 200.0
    """Of one connection, after `burst` at once; faster ones wait."""
    burst: int = 200
    unsent_bytes: int = 64 * 1024
    """Answers that wait for a client to take them; beyond, it is not read."""

    def __post_init__(self) -> None:
        for name in ("connections", "connections_per_host", "burst", "unsent_bytes"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1")
        for name in ("connects_per_s", "idle_s", "partial_s", "requests_per_s"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be greater than 0")


USUAL = Limits()
NO_LIMITS = Limits(
    connections=4096,
    connections_per_host=4096,
    connects_per_s=inf,
    idle_s=inf,
    partial_s=inf,
    requests_per_s=inf,
)
"""For a server that nobody but we can reach."""


class Bucket:
    """Tokens that come at a rate, up to as many as it holds; it begins full."""

    __slots__ = ("_filled_s", "_rate", "_size", "_tokens")

    def __init__(self, rate_per_s: float, size: int) -> None:
        self._rate, self._size = rate_per_s, size
        self._tokens = float(size)
        self._filled_s = -inf

    def there(self, now_s: float) -> int:
        """How many may be taken now."""
        if now_s > self._filled_s:
            more = (now_s - self._filled_s) * self._rate
            self._tokens = min(self._size, self._tokens + more)
            self._filled_s = now_s
        return int(self._tokens)

    def take(self, count: int) -> None:
        if self._rate < inf:
            self._tokens -= count

    @property
    def next_s(self) -> float:
        """How long after it was last looked at there will be another."""
        return max(0.0, (1.0 - self._tokens) / self._rate)
