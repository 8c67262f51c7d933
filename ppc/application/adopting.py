"""Curves that SCADA wants go through the desk of parameters, in a thread of its own."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ppc.adapter.northbound.curve_desk import Changes, Outcome
from ppc.adapter.northbound.curve_words import Reason
from ppc.application.parameter_desk import (
    FilesDiffer,
    NotTaken,
    NotWritten,
    Order,
    ParameterDesk,
    Refused,
    Unchanged,
)

_REASONS: dict[type[Refused], Reason] = {
    Unchanged: Reason.NOTHING_CHANGED,
    NotTaken: Reason.NOT_TAKEN_OVER,
    NotWritten: Reason.NOT_WRITTEN_DOWN,
    FilesDiffer: Reason.FILES_DIFFER,
}


class Adopting:
    """Has settings changed, one request after the other; nobody waits for it.

    `begin` is called first in its thread.
    """

    def __init__(
        self, desk: ParameterDesk, *, begin: Callable[[], None] = lambda: None
    ) -> None:
        self._desk = desk
        self._worker = ThreadPoolExecutor(1, "adopting", initializer=begin)

    def adopt(
        self, changes: Changes, source: str, done: Callable[[Outcome], None]
    ) -> None:
        """Begin to change settings for a source; `done` is called in the event loop
        from which this is.
        """
        loop = asyncio.get_running_loop()

        def run() -> None:
            outcome = self._outcome(changes, source)
            loop.call_soon_threadsafe(done, outcome)

        self._worker.submit(run)

    def stop(self) -> None:
        """Take no more requests; the one under way is waited for."""
        self._worker.shutdown(cancel_futures=True)

    def _outcome(self, changes: Changes, source: str) -> Outcome:
        asked: dict[str, dict[str, Any]] = {f: dict(s) for f, s in changes.items()}
        order = Order(os.getuid(), "a curve adopted by SCADA", source)
        try:
            version = self._desk.set(asked, order)
        except Refused as refused:
            reason = _REASONS.get(type(refused), Reason.VALUES)
            return Outcome(reason, said=str(refused))
        return Outcome(version=version.number)
