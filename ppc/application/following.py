"""What is under way and must be looked at from time to time, though nobody asks."""

from collections.abc import Callable
from typing import Protocol

Later = Callable[[float, Callable[[], None]], object]
"""Has something done in the event loop after a while."""
_EVERY_S = 0.1


class Watched(Protocol):
    """Something that goes on by itself."""

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        ...

    def look(self, now_s: float) -> None:
        """See how far it has come."""
        ...


class Following:
    """Looks again and again while there is something to be seen. Event loop only."""

    def __init__(self, later: Later, now_s: Callable[[], float]) -> None:
        self._later, self._now_s = later, now_s
        self._watched: list[Watched] = []
        self._under_way = False

    def add(self, watched: Watched) -> None:
        """Look at this one, too."""
        self._watched.append(watched)

    def begin(self) -> None:
        """There may be something to be seen now."""
        if not self._under_way and any(each.busy for each in self._watched):
            self._under_way = True
            self._later(_EVERY_S, self._again)

    def _again(self) -> None:
        self._under_way = False
        now_s = self._now_s()
        for each in self._watched:
            each.look(now_s)
        self.begin()
