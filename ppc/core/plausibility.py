"""Whether the meter at the POI can be right: its powers against those of the units."""

from collections import deque
from dataclasses import dataclass
from enum import Enum, StrEnum
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
_RESTART_S = 2.0
"""After a unit came or went, units and meter may disagree for this time."""
_SAMPLE_S = 0.1
_AGREES_PU = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlausibilitySettings:
    """What counts as a contradiction; see docs/conditioning.md."""

    change_pu: float = 0.05
    """Least change of the units that must show in the meter, per unit of the rating."""
    change_s: float = 5.0
    """A meter that shows one and the same figure for this time, while the units
    changed, stands still."""
    p_gap_pu: float | None = 0.35
    """Largest jump of units minus meter that passes, per unit of `p_max_w`."""
    gap_s: float = 3.0
    """Time in which a larger jump may be explained."""
    trust_s: float = 10.0
    """Time for which a meter must agree again before it is believed."""


class Trust(StrEnum):
    """How far the powers of a meter are believed."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    IMPLAUSIBLE = "implausible"


class Verdict(Enum):
    """What one change of the units says of the meter."""

    AGREES = "agrees"
    OPPOSES = "opposes"
    OPEN = "open"


class _Sample(NamedTuple):
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
        self._recent: deque[_Sample] = deque()
        self._long: deque[_Sample] = deque()
        self._begun: _Sample | None = None
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

    def see(self, now: _Sample) -> Verdict | None:
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

    def _close(self, now: _Sample, begun: _Sample) -> Verdict | None:
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

    def still(self, now: _Sample) -> bool:
        """Whether the meter shows one and the same figure though the units changed."""
        if now.time_s - self._still_since_s < 0.9 * self._still_s or not self._long:
            return False
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


class Axis:
    """One power of one meter, held against that of the units.

    It is accused when changes of the units show the wrong way round or not at all,
    or when units minus meter jumps and nothing explains it; and believed again when it
    agrees for a while with something to agree on, or when changes prove it.
    """

    def __init__(
        self, rating: float, settings: PlausibilitySettings, *, gap: float | None
    ) -> None:
        self._rating, self._settings, self._gap = rating, settings, gap
        self._changes = Changes(settings.change_pu * rating, settings.change_s)
        self._difference = Difference()
        self._gap_s = self._agrees_s = 0.0
        self._vouched = False
        self._ignore_until_s = 0.0
        self.accused = False
        self.turned = False
        """Whether it shows just the opposite, as long as that is not yet decided."""
        self._known = 0.0

    @property
    def known(self) -> float:
        """Units minus meter, before the last seconds; 0: that may be wrong too."""
        return self._known if self.accused else self._difference.before

    def restart(self, time_s: float) -> None:
        """Units came or went: compare nothing across it."""
        self._changes.restart()
        self._ignore_until_s = time_s + _RESTART_S

    def pause(self) -> None:
        """There is nothing to compare."""
        self._changes.restart()
        self.turned, self._gap_s, self._agrees_s = False, 0.0, 0.0

    def see(self, units: float, meter: float, time_s: float, dt_s: float) -> None:
        """Take in one cycle."""
        now = _Sample(time_s, units, meter)
        if time_s < self._ignore_until_s:
            if not self.accused:
                self._difference.take(units - meter)
            self.turned, self._gap_s = False, 0.0
            return
        verdict = self._changes.see(now)
        self._vouched = self._vouched or verdict is Verdict.AGREES
        if self.accused:
            self._acquit(now, dt_s)
        elif self._changes.refuted or self._changes.still(now):
            self._accuse(sure=self._vouched)
        else:
            self._mind_the_gap(now, verdict, dt_s)

    def _mind_the_gap(self, now: _Sample, verdict: Verdict | None, dt_s: float) -> None:
        difference, learned = now.units - now.meter, self._difference.now
        jumped = (
            self._gap is not None
            and learned is not None
            and abs(difference - learned) > self._gap
        )
        if not jumped or learned is None:
            self._gap_s, self.turned = 0.0, False
            self._difference.learn(difference, now.time_s, dt_s)
            return
        if self._gap_s == 0.0:
            self._changes.restart()  # what comes after the jump explains it
        self._gap_s += dt_s
        self.turned = turned(now.units, now.meter, learned)
        if verdict is Verdict.AGREES and not self.turned:
            self._difference.take(difference)
            self._gap_s = 0.0
        elif self._gap_s >= self._settings.gap_s:
            self._accuse(sure=True)

    def _accuse(self, *, sure: bool) -> None:
        """`sure`: what was learnt before may be gone by."""
        learned = self._difference.back()
        self._known = learned if sure else 0.0
        self.accused, self.turned = True, False
        self._gap_s = self._agrees_s = 0.0
        self._changes.forget()

    def _acquit(self, now: _Sample, dt_s: float) -> None:
        difference = now.units - now.meter
        learned = self._difference.now or 0.0
        still = self._changes.still(now)
        if abs(difference - learned) > _AGREES_PU * self._rating or still:
            self._agrees_s = 0.0
        elif abs(now.units - learned) >= _AGREES_PU * self._rating:
            self._agrees_s += dt_s
        proved = self._changes.proved and not still
        if proved:
            self._difference.take(difference)
        if proved or self._agrees_s >= self._settings.trust_s:
            self.accused = False
            self._changes.forget()
