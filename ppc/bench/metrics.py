"""What the response to a step is worth, in numbers.

Definitions and sources: docs/bench_metrics.md. Levels are means over windows, so white
noise of standard deviation s moves them by s / sqrt(samples). Crossings are taken from
the signal itself (or from its centred mean over `smooth_s`), on straight lines between
samples; `resolution_s` says how fine that is. NaN: not defined for this signal.

What a step is measured with: `band_pu`, the settling band as +/- a share of the change
(2, 2.5, 5, 10 % by authority: there is no default); `steady`, the window whose mean is
the final value (the last tenth); `before_s`, the length of the window of the initial
value; `least_change`, below which there was no step; `least_half_width`, a lower bound
of the settling band in units of y.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ppc.bench.oscillation import Oscillation, oscillation
from ppc.bench.series import Series, TraceError, Window

Profile = Literal["iec", "ner"]
"""iec: shares of the sustained change. ner: rise on the largest change, band too if the
sustained change is less than half of it (NER glossary)."""
REACTION, RESPONSE = 0.1, 0.9
"""Shares of the change: IEC 61400-21-1."""
LAST_SHARE = 0.1
"""The last tenth of a record is called steady."""
STABLE_WITHIN = 0.005
"""RTE DTR: thr_ss_tol, pu."""
LEAST_PEAK = 0.01
"""A smaller share of the change is no swing, but noise."""


@dataclass(frozen=True, slots=True)
class StepMetrics:
    """A step response. Times count from the step; shares are of |delta|."""

    band_pu: float
    """Half width of the settling band, as asked for."""
    band_half_width: float
    """The same in units of y, as used."""
    profile: Profile
    before: Window
    steady: Window
    resolution_s: float
    """Crossings are no finer than this."""
    y0: float
    yss: float
    delta: float
    reaction_s: float
    rise_s: float
    response_s: float
    settling_s: float
    overshoot_pu: float
    undershoot_pu: float
    """How far it first went the wrong way."""
    ripple: float
    """Largest minus smallest in the last tenth, in units of y."""
    oscillation: Oscillation | None

    @property
    def stable(self) -> bool:
        """Whether the last tenth stays in a band of +/- STABLE_WITHIN."""
        return self.ripple < 2 * STABLE_WITHIN

    @property
    def damping(self) -> float:
        """Damping ratio from successive peaks; NaN where it does not swing."""
        return np.nan if self.oscillation is None else self.oscillation.damping

    @property
    def t1_s(self) -> float:
        """Energinet: time to 10 % plus time from 10 to 90 %."""
        return self.reaction_s + self.rise_s

    def __str__(self) -> str:
        of = "of the change" if self.profile == "iec" else "of the change as in the NER"
        return (
            f"{self.y0:.4g} -> {self.yss:.4g}: reaction {self.reaction_s:.3g} s, "
            f"rise {self.rise_s:.3g} s, response {self.response_s:.3g} s, "
            f"settling {self.settling_s:.3g} s (band {100 * self.band_pu:g} % {of}), "
            f"overshoot {100 * self.overshoot_pu:.3g} %, "
            f"ripple {self.ripple:.3g}"
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A response, what it came from, where it went, and how to look at it."""

    response: Series
    tail: Series
    at_s: float
    before: Window
    steady: Window
    y0: float
    yss: float
    profile: Profile

    def largest(self) -> float:
        return float(np.max(np.abs(self.response.y - self.y0)))

    def base(self) -> float:
        """Give the change that reaction, rise and response are shares of."""
        return abs(self.yss - self.y0) if self.profile == "iec" else self.largest()

    def band_base(self) -> float:
        """Give the change that the settling band is a share of."""
        sustained, largest = abs(self.yss - self.y0), self.largest()
        whole = self.profile == "ner" and sustained < largest / 2
        return largest if whole else sustained

    def reached(self, share: float) -> float:
        """Give the time from the step until |y - y0| is this share of the change."""
        away = Series(self.response.time_s, np.abs(self.response.y - self.y0))
        return away.first_at_least(share * self.base()) - self.at_s

    def settled(self, half_width: float) -> float:
        """Give the time of the last entry into the band; NaN: not before `steady`."""
        off = Series(self.response.time_s, np.abs(self.response.y - self.yss))
        entry_s = off.last_above(half_width)
        return entry_s - self.at_s if entry_s <= self.steady[0] else np.nan

    def excess(self, level: float, way: int) -> float:
        """Give how far y goes beyond a level along (1) or against (-1) the change."""
        change = self.yss - self.y0
        if change == 0:
            return np.nan
        beyond = way * np.sign(change) * (self.response.y - level)
        return float(max(np.max(beyond), 0.0) / abs(change))

    def measured(
        self, *, band_pu: float, half_width: float, smooth_s: float, there: bool
    ) -> StepMetrics:
        """Give all numbers; where the change is not there, NaN for its shape."""
        reaction_s, response_s = self.reached(REACTION), self.reached(RESPONSE)
        least = LEAST_PEAK * self.base()
        time_s, y = self.response.time_s, self.response.y
        return StepMetrics(
            band_pu=band_pu,
            band_half_width=half_width,
            profile=self.profile,
            before=self.before,
            steady=self.steady,
            resolution_s=max(self.response.longest_gap_s(), smooth_s / 2),
            y0=self.y0,
            yss=self.yss,
            delta=self.yss - self.y0,
            reaction_s=reaction_s if there else np.nan,
            rise_s=response_s - reaction_s if there else np.nan,
            response_s=response_s if there else np.nan,
            settling_s=self.settled(half_width) if there else np.nan,
            overshoot_pu=self.excess(self.yss, 1) if there else np.nan,
            undershoot_pu=self.excess(self.y0, -1) if there else np.nan,
            ripple=float(np.ptp(self.tail.y)),
            oscillation=(
                oscillation(time_s, y, about=self.yss, least=least) if there else None
            ),
        )


def step_metrics(
    time_s: ArrayLike,
    y: ArrayLike,
    *,
    at_s: float,
    until_s: float,
    band_pu: float,
    steady: Window | None = None,
    before_s: float = 1.0,
    profile: Profile = "iec",
    smooth_s: float = 0.0,
    least_change: float = 1e-3,
    least_half_width: float = 0.0,
) -> StepMetrics:
    """Measure the response to a step at `at_s`, seen until `until_s`.

    Raises:
        TraceError: no samples in a window; the band is not positive.
    """
    if not band_pu > 0:
        raise TraceError("the settling band must be positive")
    whole = Series.of(time_s, y).smooth(smooth_s)
    before = (at_s - before_s, at_s)
    tail = (until_s - LAST_SHARE * (until_s - at_s), until_s)
    steady = steady or tail
    change = Change(
        response=whole.cut((at_s, until_s)),
        tail=whole.cut(tail),
        at_s=at_s,
        before=before,
        steady=steady,
        y0=whole.mean(before),
        yss=whole.mean(steady),
        profile=profile,
    )
    half_width = max(band_pu * change.band_base(), least_half_width)
    there = change.base() >= least_change
    return change.measured(
        band_pu=band_pu, half_width=half_width, smooth_s=smooth_s, there=there
    )
