"""For how long something has been so."""


class Since:
    """How long something has held without a break."""

    def __init__(self) -> None:
        self._since_s: float | None = None

    def for_s(self, time_s: float, *, holds: bool) -> float | None:
        """How long it has held, 0 in its first cycle; None: it does not hold."""
        if not holds:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = time_s
        return None if self._since_s is None else time_s - self._since_s

    def some_s(self, time_s: float, *, holds: bool) -> float:
        """The same as a number: a little more than 0 as soon as it holds, else 0."""
        for_s = self.for_s(time_s, holds=holds)
        return 0.0 if for_s is None else max(for_s, 1e-6)


class Steady:
    """Whether something has ever been measured, and how long without a gap."""

    def __init__(self) -> None:
        self._since = Since()
        self.seen = False

    def for_s(self, time_s: float, *, measured: bool) -> float:
        """How long it has been measured; 0 while it is not."""
        self.seen = self.seen or measured
        return self._since.for_s(time_s, holds=measured) or 0.0
