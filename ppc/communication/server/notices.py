"""What a server has to say of its clients, however often it happens: few lines."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

logger = logging.getLogger(__name__)

QUIET_S = 300.0
"""What has not happened for so long is over."""


@dataclass(slots=True)
class _Spell:
    """Since a kind was told of, until it is over."""

    last_s: float
    untold_count: int = 0


class Notices:
    """Warnings, each kind when it begins, and how often it was when it is over.

    What goes on writes nothing, whether it is a flood or a drop a minute. Kinds are few
    and fixed: nobody outside can make another.
    """

    def __init__(self, name: str, *, now_s: Callable[[], float] = monotonic) -> None:
        self.name = name
        self._now_s = now_s
        self._spells: dict[str, _Spell] = {}

    def tell(self, kind: str, text: str) -> None:
        """Log `text`, if this is new."""
        now_s = self._now_s()
        self.settle()
        spell = self._spells.get(kind)
        if spell is None:
            self._spells[kind] = _Spell(now_s)
            logger.warning("%s: %s", self.name, text)
        else:
            spell.last_s = now_s
            spell.untold_count += 1

    def settle(self) -> None:
        """Log what is over. To be called now and then."""
        before_s = self._now_s() - QUIET_S
        over = [kind for kind, each in self._spells.items() if each.last_s <= before_s]
        for kind in over:
            count = self._spells.pop(kind).untold_count
            if count:
                text = "%s: %s: over, after %d more like the first"
                logger.warning(text, self.name, kind, count)
