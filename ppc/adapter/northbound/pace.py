"""How often something may be done that someone else can cause."""


class Pace:
    """So many times at once, and once every so often in the long run."""

    def __init__(self, at_once_count: int, every_s: float) -> None:
        self._most = float(at_once_count)
        self._every_s = every_s
        self._left = self._most
        self._filled_s: float | None = None

    def allows(self, now_s: float) -> bool:
        """Whether it may be done now; then it has been."""
        if self._filled_s is not None:
            self._left += max(0.0, now_s - self._filled_s) / self._every_s
            self._left = min(self._left, self._most)
        self._filled_s = now_s
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
