"""Orders that count once, when they change."""


class Edge:
    """Sees an order go from 0 to 1. Silence changes nothing, the first word neither."""

    def __init__(self) -> None:
        self._last: float | None = None

    def rises(self, code: float | None) -> bool:
        """Whether it went to 1 with this cycle."""
        if code is None:
            return False
        last, self._last = self._last, code
        return last == 0 and code != 0
