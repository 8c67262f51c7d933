"""Curves of the plant: what is in force, and requests to adopt others."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ppc.adapter.northbound.curve_words import (
    CURVES,
    Points,
    Reason,
    Result,
)

logger = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """What came of a request."""

    reason: Reason = Reason.NONE
    version: int | None = None
    """The number under which the change is kept."""
    said: str = ""


Changes = Mapping[str, Mapping[str, Any]]
Adopt = Callable[[Changes, str, Callable[[Outcome], None]], None]
"""Has settings changed for a source, which hears of the outcome later in the event
loop; returns at once."""


def nobody(_: Changes, __: str, done: Callable[[Outcome], None]) -> None:
    """Where no settings can be changed."""
    done(Outcome(Reason.NOT_TAKEN_OVER))


class CurveDesk:
    """Takes requests of one source, one at a time. Event loop only."""

    def __init__(
        self,
        source: str,
        functions: Callable[[], Mapping[str, Any]],
        adopt: Adopt = nobody,
    ) -> None:
        """`functions`: the settings in force now, by control function."""
        self._source, self._functions, self._adopt = source, functions, adopt
        self.result, self.reason = Result.IDLE, Reason.NONE
        self.version = 0
        """Number of the version that the last request made."""

    @property
    def busy(self) -> bool:
        return self.result is Result.IN_PROGRESS

    @property
    def possible(self) -> list[int]:
        """The curves the plant has a function for."""
        functions = self._functions()
        return [code for code, curve in CURVES.items() if curve.function in functions]

    def active(self, code: int) -> tuple[Points, float] | None:
        """The points in force and 90 % response time; None: the plant has none such."""
        curve = CURVES.get(code)
        settings = curve and self._functions().get(curve.function)
        if curve is None or settings is None:
            return None
        points = curve.points(_as_mapping(settings))
        return points, settings.response_s

    def request(self, code: int, points: Points, response_s: float) -> Reason:
        """Have a curve adopted; NONE: it is in progress. ValueError: one is already."""
        if self.busy:
            raise ValueError("a request is in progress")
        reason = self._fault(code, points)
        if reason:
            self._done(Outcome(reason))
            return reason
        curve = CURVES[code]
        self.result, self.reason = Result.IN_PROGRESS, Reason.NONE
        changes = {curve.function: curve.changes(points, response_s)}
        self._adopt(changes, self._source, self._done)
        return Reason.NONE

    def _fault(self, code: int, points: Points) -> Reason:
        curve = CURVES.get(code)
        if curve is None:
            return Reason.UNKNOWN_CURVE
        if code not in self.possible:
            return Reason.NO_FUNCTION
        return Reason.NONE if len(points) in curve.counts else Reason.NUMBER_OF_POINTS

    def _done(self, outcome: Outcome) -> None:
        good = outcome.reason in {Reason.NONE, Reason.NOTHING_CHANGED}
        self.result = Result.COMPLETED if good else Result.FAILED
        self.reason = outcome.reason
        if outcome.version is not None:
            self.version = outcome.version
        if not good:
            word = outcome.said or outcome.reason.name.lower().replace("_", " ")
            logger.warning("%s: curve not adopted: %s", self._source, word)


def _as_mapping(settings: Any) -> Mapping[str, Any]:  # noqa: ANN401
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}
