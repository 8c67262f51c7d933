"""What may fail, again and again: told once per change."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import DatabaseError

from ppc.database.connection import reason

logger = logging.getLogger(__name__)

Act = Callable[[], object]


class Attempts:
    """Belongs to one thread. `lost` tells how many rows were lost so far."""

    def __init__(self, lost: Callable[[], int]) -> None:
        self._lost = lost
        self._failing: set[str] = set()

    def attempt(
        self, what: str, act: Act, let_go: Act = lambda: None
    ) -> Exception | None:
        """Do it, or let go of the file, to be opened anew. Returns what went wrong."""
        try:
            act()
        except (DatabaseError, OSError) as error:
            if self.is_news(what):
                logger.error(  # noqa: TRY400 (the disk's fault, not ours)
                    "%s cannot be written: %s", what, reason(error)
                )
            failure: Exception = error
        except Exception as error:  # the one place: a fault must not end the thread
            if self.is_news(what):
                logger.exception("%s: a fault in the program", what)
            failure = error
        else:
            if what in self._failing:
                self._failing.discard(what)
                logger.warning("%s is written again; %d rows lost", what, self._lost())
            return None
        let_go()
        return failure

    def is_news(self, what: str) -> bool:
        """Whether it was all right up to now; from now on it is not."""
        news = what not in self._failing
        self._failing.add(what)
        return news
