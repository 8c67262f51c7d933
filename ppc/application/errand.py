"""What is asked of a device step by step, each step when the one before is answered.

A script is a coroutine that awaits `ask` and `Pause`. It needs neither a task nor an
event loop: the driver's replies and `later` carry it on, in real and in simulated time.
"""

from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from ppc.communication.driver.base import Driver, Exchange, Reply
from ppc.communication.errors import CommunicationError

ResultT = TypeVar("ResultT")
Later = Callable[[float, Callable[[], None]], object]
"""`later(delay_s, action)` has something done in the loop after a while."""
Script = Coroutine["Asking | Pause", Reply | None, ResultT]


class Unmet(Exception):
    """The device answers, but not what it must."""


Trouble = CommunicationError | Unmet
"""By what a script may end."""


@dataclass(frozen=True, slots=True)
class Asking:
    """`await Asking(exchange)` is the reply. Raises CommunicationError."""

    exchange: Exchange

    def __await__(self) -> Generator["Asking", Reply | None, bytes]:
        reply = yield self
        if isinstance(reply, CommunicationError):
            raise reply
        assert reply is not None, "a driver answers with bytes"
        return reply


@dataclass(frozen=True, slots=True)
class Pause:
    """`await Pause(seconds)`."""

    delay_s: float

    def __await__(self) -> Generator["Pause", Reply | None, None]:
        yield self


class Errand(Generic[ResultT]):
    """A script under way. `ended` is called once with what came of it."""

    def __init__(
        self,
        driver: Driver,
        later: Later,
        script: Script[ResultT],
        ended: Callable[[ResultT | Trouble], Any],
    ) -> None:
        """Its exchanges must be its own. It begins with `start`."""
        self._driver = driver
        self._later = later
        self._script = script
        self._ended = ended
        self._cancelled = False

    def start(self) -> None:
        self._go(None)

    def cancel(self) -> None:
        """What is on the wire stays there, but nothing follows it."""
        self._cancelled = True

    def _go(self, reply: Reply | None) -> None:
        if self._cancelled:
            return
        try:
            wish = self._script.send(reply)
        except StopIteration as end:
            self._ended(end.value)
        except (CommunicationError, Unmet) as trouble:
            self._ended(trouble)
        except ValueError as mistake:  # of the profile: it must not cost the link
            self._ended(Unmet(str(mistake)))
        else:
            self._grant(wish)

    def _grant(self, wish: Asking | Pause) -> None:
        if isinstance(wish, Pause):
            self._later(wish.delay_s, partial(self._go, None))
            return
        wish.exchange.done = self._go
        try:
            self._driver.submit(wish.exchange)
        except ValueError as mistake:
            self._script.close()
            self._ended(Unmet(str(mistake)))
