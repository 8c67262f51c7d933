"""What the units say of the meter: changes, and what lies between them and it."""

from collections import deque
from enum import Enum
from math import exp
from typing import NamedTuple

_AFTER_S = 0.5
"""So long after a change began it is judged at the earliest: readings lag."""
_OVER_S = 1.0
"""A change is looked for within this time, and judged after it at the latest."""
_SETTLED = 0.25
"""Units that move less within `_AFTER_S`, of a change, have arrived."""
_SAME = 0.25
"""A change seen by the meter is that of the units, or just its opposite, if it is
within this part of it; load in between explains what is neither."""
_PROOF = 4.0
"""So many times the least change, seen in at least two changes, are a proof."""
_WITHIN_S = 60.0
"""Changes further apart than this do not belong together."""
_LEARN_S = 2.0
_KEPT_S = 6.0
"""A difference learnt so long ago was learnt before the meter turned wrong."""
_SAMPLE_S = 0.1


class Verdict(Enum):
    """What one change of the units says of the meter."""

    AGREES = "agrees"
    OPPOSES = "opposes"
    OPEN = "open"


class Sample(NamedTuple):
    """Sum of the units and meter at one moment."""

    time_s: float
    units: float
    meter: float


def judge(units: float, meter: float) -> Verdict:
    """A change of the units, held against that of the meter over the same time.

    Law: opposes if |meter + units| <= 0.25 |units|, agrees if |meter - units| <= it.

    Args:
        units: Change of the sum of all units [W or var].
        meter: Change that the meter shows [W or var].

    Returns:
        The verdict; OPEN when load or losses must have changed too.

    Source:
        This project: a load that changes at the same time can hide the change of
        the units, but seldom turns it round to just its opposite, several times.
    """
    allowed = _SAME * abs(units)
    if abs(meter - units) <= allowed:
        return Verdict.AGREES
    return Verdict.OPPOSES if abs(meter + units) <= allowed else Verdict.OPEN


def turned(units: float, meter: float, difference: float) -> bool:
    """Whether the meter shows just the opposite of what it should.

    Law: |meter + expected| <= 0.25 |expected|, expected = units - difference.

    Args:
        units: Sum of all units [W].
        meter: What the meter shows [W].
        difference: Units minus meter as it was learnt [W].

    Returns:
        Whether it does.

    Source:
        This project: current transformers connected the wrong way round.
    """
    expected = units - difference
    return abs(meter + expected) <= _SAME * abs(expected)


class Changes:
    """Follows changes of the units, and sums up what they say of the meter."""

    def __init__(self, least: float, still_s: float) -> None:
        self._least, self._still_s = least, still_s
        self._recent: deque[Sample] = deque()
        self._long: deque[Sample] = deque()
        self._begun: Sample | None = None
        self._since_s = self._still_since_s = 0.0
        self._for = self._against = self._seen_s = 0.0
        self._count = 0

    def restart(self) -> None:
        """Compare nothing that was before with what will be."""
        self._recent.clear()
        self._long.clear()
        self._begun = None

    def forget(self) -> None:
        """Start the count of what was seen again."""
        self._for = self._against = 0.0
        self._count = 0

    @property
    def proved(self) -> bool:
        """Whether the changes seen last show that the meter is right."""
        return self._count > 1 and self._for >= _PROOF * self._least

    @property
    def refuted(self) -> bool:
        """Whether the changes seen last show that the meter is turned round."""
        return self._count > 1 and self._against >= _PROOF * self._least

    def see(self, now: Sample) -> Verdict | None:
        """Take in a sample; the verdict on a change that is over by now."""
        recent = self._recent
        if recent and now.time_s - recent[-1].time_s < _SAMPLE_S / 2.0:
            return None
        if not self._long or now.meter != self._long[-1].meter:
            self._still_since_s = now.time_s
        recent.append(now)
        self._long.append(now)
        while now.time_s - self._long[0].time_s > self._still_s:
            self._long.popleft()
        if self._begun is None:
            while now.time_s - recent[0].time_s > _OVER_S:
                recent.popleft()
            if abs(now.units - recent[0].units) < self._least:
                return None
            self._begun, self._since_s = recent[0], now.time_s
            return None
        return self._close(now, self._begun)

    def _close(self, now: Sample, begun: Sample) -> Verdict | None:
        over_s = now.time_s - self._since_s
        before = next(s for s in self._recent if now.time_s - s.time_s <= _AFTER_S)
        units = now.units - begun.units
        settled = abs(now.units - before.units) <= _SETTLED * abs(units)
        if over_s < _AFTER_S or (over_s < _OVER_S and not settled):
            return None
        self._begun = None
        self._recent.clear()
        self._recent.append(now)
        if abs(units) < self._least:
            return None
        verdict = judge(units, now.meter - begun.meter)
        self._sum_up(verdict, abs(units), now.time_s)
        return verdict

    def _sum_up(self, verdict: Verdict, size: float, time_s: float) -> None:
        if verdict is Verdict.OPEN:
            return
        if time_s - self._seen_s > _WITHIN_S:
            self.forget()
        self._seen_s = time_s
        agrees = verdict is Verdict.AGREES
        same = self._for > 0.0 if agrees else self._against > 0.0
        self._count = self._count + 1 if same else 1
        self._for = self._for + size if agrees else 0.0
        self._against = 0.0 if agrees else self._against + size

    def still(self, now: Sample) -> bool:
        """Whether the meter shows one and the same figure though the units changed."""
        if now.time_s - self._still_since_s < self._still_s + _OVER_S:
            return False  # what the units do late may be what it showed before
        first = self._long[0]
        late_s = now.time_s - 0.4 * self._still_s
        return now.time_s - first.time_s >= 0.9 * self._still_s and all(
            abs(s.units - first.units) >= self._least
            for s in self._long
            if s.time_s >= late_s
        )


class Difference:
    """Units minus meter, learnt slowly, and what it was some seconds ago."""

    def __init__(self) -> None:
        self.now: float | None = None
        self._past: deque[tuple[float, float]] = deque()

    def learn(self, difference: float, time_s: float, dt_s: float) -> None:
        """Follow `difference`, by a first-order lag."""
        if self.now is None:
            self.now = difference
        self.now += (1.0 - exp(-dt_s / _LEARN_S)) * (difference - self.now)
        self._past.append((time_s, self.now))
        while time_s - self._past[0][0] > _KEPT_S:
            self._past.popleft()

    def take(self, difference: float) -> None:
        """It is what it is now: what was before does not count."""
        self.now = difference
        self._past.clear()

    @property
    def before(self) -> float:
        """What it was before the last seconds; 0: nothing is known."""
        return self._past[0][1] if self._past else self.now or 0.0

    def back(self) -> float:
        """Go back to what it was before the last seconds."""
        self.take(self.before)
        return self.before
