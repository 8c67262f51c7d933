"""The closed loop at the POI: what losses, load and offsets take is asked on top."""

from dataclasses import dataclass
from math import exp

from ppc.datamodel.envelope import Interval

_FREEZE_HYSTERESIS_PU = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class PoiLoopSettings:
    """Gains and limits; see docs/decisions/0008."""

    kp: float = 0.0
    ki_per_s: float = 1.0
    response_s: float = 0.3
    trim_max_w: float
    trim_max_var: float
    v_freeze_v: float = 0.0


class PoiAxis:
    """The loop of one quantity, P or Q: PI with feed-forward.

    asked = target + kp * e + trim, d(trim)/dt = ki * e, e = expected - measured,
    where `expected` is what units of the expected response would deliver by now:
    only what they cannot explain is an error, so a step of the target winds nothing up.
    Source: control_functions F10 in the form of a model reference; anti-windup by
    conditional integration.
    """

    def __init__(
        self, *, kp: float, ki_per_s: float, response_s: float, trim_max: float
    ) -> None:
        self._kp = kp
        self._ki_per_s = ki_per_s
        self._response_s = response_s
        self._trim = Interval(-trim_max, trim_max)
        self._expected: float | None = None
        self._engaged = False
        self.trim = 0.0
        """What the loop adds to the target, in the unit of the quantity."""

    def step(
        self,
        target: float,
        *,
        measured: float | None,
        units: float,
        able: Interval,
        engaged: bool,
        frozen: bool,
        dt_s: float,
    ) -> float:
        """What to ask of the units.

        `units` is what they deliver now, `able` what they could, both at their
        terminals. Not engaged, the target goes through as it is. On engaging, the
        loop takes over what is lost between the units and the POI at that moment.
        """
        if not engaged:
            self._engaged, self._expected, self.trim = False, None, 0.0
            return target
        if measured is None or frozen:
            self._expected = None  # resume from what is measured then
            return target + self.trim
        if not self._engaged:
            self._engaged = True
            self.trim = self._trim.clamp(units - measured)
        if self._expected is None:
            self._expected = measured
        error = self._expected - measured
        asked = target + self.trim
        beyond = (asked >= able.high and error > 0) or (asked <= able.low and error < 0)
        if not beyond:
            self.trim = self._trim.clamp(self.trim + self._ki_per_s * error * dt_s)
        part = 1.0 - exp(-dt_s / self._response_s) if self._response_s > 0.0 else 1.0
        reachable = min(max(target, able.low - self.trim), able.high - self.trim)
        self._expected += part * (reachable - self._expected)
        return target + self._kp * error + self.trim


class PoiLoop:
    """Both axes, frozen together while the voltage is too low to judge by."""

    def __init__(self, settings: PoiLoopSettings) -> None:
        self._settings = settings
        self.p = self._axis(settings.trim_max_w)
        self.q = self._axis(settings.trim_max_var)
        self._frozen = False

    def frozen(self, v_v: float | None, *, fresh: bool) -> bool:
        """Whether nothing can be learnt from this cycle's measurement."""
        low_v = self._settings.v_freeze_v
        if v_v is not None:
            release_v = low_v * (1.0 + _FREEZE_HYSTERESIS_PU)
            self._frozen = v_v < (release_v if self._frozen else low_v)
        return self._frozen or not fresh

    def _axis(self, trim_max: float) -> PoiAxis:
        return PoiAxis(
            kp=self._settings.kp,
            ki_per_s=self._settings.ki_per_s,
            response_s=self._settings.response_s,
            trim_max=trim_max,
        )
