"""How many units run: no more than the power asked for needs, without hunting."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple


class Candidate(NamedTuple):
    """A unit that could run."""

    name: str
    most_w: float
    """What it could give."""
    efficient_w: float
    """From here on it works well. 0: the next one is only started when this is full."""
    alone_w: float
    """What it may give alone, whatever least number is to run. 0: nothing."""


class RunningUnits:
    """The first units of an order, as many as are needed.

    The next is started, at once, when those that run are at their limit, or when all
    of them, with it, would work well. The last is stopped when this has not been so
    for `rest_after_s`, with `hysteresis_pu` of the power to spare. At least `minimum`
    run, but where the first alone is enough. The manner of generator sets with
    load-dependent start and stop. Source: control_functions F73; the thresholds are
    this project's.
    """

    def __init__(
        self, *, minimum: int, hysteresis_pu: float, rest_after_s: float
    ) -> None:
        self._minimum = minimum
        self._keep = 1.0 - hysteresis_pu
        self._rest_after_s = rest_after_s
        self._alone = True
        self._spare_since_s: float | None = None
        self.names: frozenset[str] = frozenset()

    def step(
        self, asked_w: float, order: Sequence[Candidate], *, time_s: float
    ) -> frozenset[str]:
        """Who runs for `asked_w`, 0 or more, of those in `order`."""
        if not order:
            self.names = frozenset()
            return self.names
        full_w = list(accumulate(unit.most_w for unit in order))
        well_w = list(accumulate(unit.efficient_w for unit in order))
        least = min(self._least(asked_w, order[0]), len(order))
        count = max(sum(unit.name in self.names for unit in order), least)
        while count < len(order) and (
            asked_w > full_w[count - 1] or 0.0 < well_w[count] <= asked_w
        ):
            count += 1
        fewer = count
        while fewer > least and self._spare(asked_w, full_w, well_w, fewer):
            fewer -= 1
        count = self._rest(count, fewer, time_s)
        self.names = frozenset(unit.name for unit in order[:count])
        return self.names

    def _least(self, asked_w: float, first: Candidate) -> int:
        limit_w = min(first.alone_w, first.most_w)
        self._alone = asked_w <= limit_w * (1.0 if self._alone else self._keep)
        return 1 if self._alone and limit_w > 0.0 else self._minimum

    def _spare(
        self, asked_w: float, full_w: list[float], well_w: list[float], count: int
    ) -> bool:
        """Whether the last of `count` units could rest, with something to spare."""
        last_well_w = well_w[count - 1]
        return asked_w < self._keep * full_w[count - 2] and (
            last_well_w == 0.0 or asked_w < self._keep * last_well_w
        )

    def _rest(self, count: int, fewer: int, time_s: float) -> int:
        if fewer == count:
            self._spare_since_s = None
            return count
        if self._spare_since_s is None:
            self._spare_since_s = time_s
        if time_s - self._spare_since_s < self._rest_after_s:
            return count
        self._spare_since_s = None
        return fewer
