"""The closed loop at the POI: what losses, load and offsets take is asked on top."""

from collections import deque
from dataclasses import dataclass
from math import exp

from ppc.datamodel.envelope import Interval

_FREEZE_HYSTERESIS_PU = 0.02
_SPIKE_CYCLES = 5
"""Units and meter are not read at the same moment: a change shows up in one of them
first. The middle one of so many differences does not see that."""
_MOVED_PU = 0.1
_QUIET_S = 0.5
"""Units whose readings are old show our own steps late: after one of this part of the
largest trim, nothing is learnt for this time."""
_STEADY_PU = 0.01
"""Units that move more in a cycle, of the largest trim, are on their way: nothing is
integrated before they have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoiLoopSettings:
    """Gains and limits; see docs/decisions/0008."""

    kp: float = 0.0
    ki_per_s: float = 0.5
    response_s: float = 0.3
    learn_s: float = 0.2
    trim_max_w: float
    trim_max_var: float
    v_freeze_v: float = 0.0


class Losses:
    """What lies between the units and the POI: load, losses, the network's own Q.

    The difference of what units and meter measure, freed from spikes, through a
    first-order lag. It holds no loop: it is the same whatever is asked of the units.
    """

    def __init__(self, *, learn_s: float, most: float) -> None:
        self._learn_s = learn_s
        self._moved = _MOVED_PU * most
        self._differences: deque[float] = deque(maxlen=_SPIKE_CYCLES)
        self._target = 0.0
        self._quiet_s = _QUIET_S
        self._known = False
        self.estimate = 0.0

    def restart(self, estimate: float) -> None:
        """Go on from `estimate`."""
        self.estimate = estimate
        self._differences.clear()

    def learn(self, difference: float, *, target: float, dt_s: float) -> None:
        """Take in units minus measured; `target` is what was aimed at before."""
        if not self._known:
            self.estimate, self._known = difference, True
        self._quiet_s += dt_s
        if abs(target - self._target) > self._moved:
            self._quiet_s = 0.0
            self._differences.clear()
        self._target = target
        if self._quiet_s < _QUIET_S:
            return
        self._differences.append(difference)
        middle = sorted(self._differences)[len(self._differences) // 2]
        part = 1.0 - exp(-dt_s / self._learn_s) if self._learn_s > 0.0 else 1.0
        self.estimate += part * (middle - self.estimate)


class PoiAxis:
    """The loop of one quantity, P or Q: learned feed-forward and PI.

    asked = target + kp * e + trim, trim = losses + i - others, d(i)/dt = ki * e,
    e = expected - measured, where `others` is what units deliver that take no
    set-points, and `expected` what units of the expected response would deliver by now,
    up to what quicker units would: only what neither explains is an error. So a step
    of the target winds nothing up, and the integrator is left with what units deliver
    less than they are asked for.
    Source: control_functions F10, F75; anti-windup by conditional integration.
    """

    def __init__(
        self,
        *,
        kp: float,
        ki_per_s: float,
        response_s: float,
        learn_s: float,
        trim_max: float,
    ) -> None:
        self._kp = kp
        self._ki_per_s = ki_per_s
        self._response_s = response_s
        self._trim = Interval(-trim_max, trim_max)
        self._steady = _STEADY_PU * trim_max
        self._losses = Losses(learn_s=learn_s, most=trim_max)
        self._integral = 0.0
        self._expected: float | None = None
        self._measured: float | None = None
        self._delivered = 0.0
        self._moving = False
        self._target = 0.0

    @property
    def losses(self) -> float:
        """What is known to be lost between the units and the POI."""
        return self._losses.estimate

    def see(
        self, measured: float | None, delivered: float, *, stir: float, dt_s: float
    ) -> None:
        """Take in this cycle's measurements: at the POI, and of all units together.

        `measured` is None when nothing can be learnt from this cycle. `stir` is how
        far the units have moved since the last one, the ups and the downs added.
        """
        self._moving = stir > self._steady
        self._measured, self._delivered = measured, delivered
        if measured is not None:
            self._losses.learn(delivered - measured, target=self._target, dt_s=dt_s)

    def restart(self, losses: float) -> None:
        """Unlearn what a meter taught that cannot be believed."""
        self._losses.restart(losses)
        self._integral, self._expected = 0.0, None

    def trim(self, serving: float) -> float:
        """What the loop adds to a target, in the unit of the quantity.

        `serving` is what the units deliver that take set-points.
        """
        learned = self._trim.clamp(self._losses.estimate + self._integral)
        return learned - (self._delivered - serving)

    def step(
        self,
        target: float,
        *,
        serving: float,
        able: Interval,
        engaged: bool,
        dt_s: float,
    ) -> float:
        """What to ask of the units that could do `able` at their terminals.

        Not engaged, nothing but losses is made up for.
        """
        error = 0.0
        if not engaged:
            self._integral, self._expected = 0.0, None
        elif self._measured is None:
            self._expected = None  # resume from what is measured then
        else:
            error = self._integrate(target, self._measured, serving, able, dt_s)
        self._target = target
        return target + self._kp * error + self.trim(serving)

    def _integrate(
        self,
        target: float,
        measured: float,
        serving: float,
        able: Interval,
        dt_s: float,
    ) -> float:
        """Learn what the units deliver less than they are asked for; the error."""
        if self._expected is None:
            self._expected = measured
        trim = self.trim(serving)
        reachable = min(max(target, able.low - trim), able.high - trim)
        slow, quick = sorted((self._expected, reachable))
        error = min(max(measured, slow), quick) - measured
        asked = target + trim
        beyond = (asked >= able.high and error > 0) or (asked <= able.low and error < 0)
        if not beyond and not self._moving:
            self._integral += self._ki_per_s * error * dt_s
        part = 1.0 - exp(-dt_s / self._response_s) if self._response_s > 0.0 else 1.0
        self._expected += part * (reachable - self._expected)
        return error


class PoiLoop:
    """Both axes, frozen together while the voltage is too low to judge by."""

    def __init__(self, settings: PoiLoopSettings) -> None:
        self._settings = settings
        self.p = self._axis(settings.trim_max_w)
        self.q = self._axis(settings.trim_max_var)
        self._frozen = False

    @property
    def low(self) -> bool:
        """Whether the voltage is too low to judge by."""
        return self._frozen

    def frozen(self, v_v: float | None, *, fresh: bool) -> bool:
        """Whether nothing can be learnt from this cycle's measurement."""
        low_v = self._settings.v_freeze_v
        if v_v is not None:
            release_v = low_v * (1.0 + _FREEZE_HYSTERESIS_PU)
            self._frozen = v_v < (release_v if self._frozen else low_v)
        return self._frozen or not fresh

    def restart(self, losses_w: float, losses_var: float) -> None:
        """Unlearn what a meter taught that cannot be believed."""
        self.p.restart(losses_w)
        self.q.restart(losses_var)

    def _axis(self, trim_max: float) -> PoiAxis:
        return PoiAxis(
            kp=self._settings.kp,
            ki_per_s=self._settings.ki_per_s,
            response_s=self._settings.response_s,
            learn_s=self._settings.learn_s,
            trim_max=trim_max,
        )
