"""Whether the meter at the POI can be right: its powers against those of the units."""

from dataclasses import dataclass
from enum import StrEnum

from ppc.core.evidence import Changes, Difference, Sample, Verdict, turned

_RESTART_S = 2.0
"""After a unit came or went, units and meter may disagree for this time."""
_AGREES_PU = 0.1
"""A meter agrees if it is off by less, per unit of the rating."""


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
        now = Sample(time_s, units, meter)
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

    def _mind_the_gap(self, now: Sample, verdict: Verdict | None, dt_s: float) -> None:
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
        begins = self._gap_s == 0.0
        if begins:
            self._changes.restart()  # what comes after the jump explains it
        self._gap_s += dt_s
        # From the first moment, or not: after a step of the load both only pass by.
        self.turned = (begins or self.turned) and turned(now.units, now.meter, learned)
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

    def _acquit(self, now: Sample, dt_s: float) -> None:
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
