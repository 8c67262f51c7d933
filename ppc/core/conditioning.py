"""What control may believe of the POI: before any control function sees it."""

from dataclasses import dataclass, field
from math import exp
from typing import NamedTuple

from ppc.core.injection import Injection, Stage
from ppc.core.plausibility import Axis, PlausibilitySettings, Trust
from ppc.datamodel.command import MEASUREMENT_WORDS, Measurement
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint

_DOUBT_S = 0.5
"""A meter that seems to be turned round is kept from the functions after this time,
from the loop at once."""
_VALUES = ("v_v", "f_hz", "p_w", "q_var")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementSettings:
    """Filters, plausibility, second meter and test mode; see docs/conditioning.md."""

    v_filter_s: float = 0.0
    f_filter_s: float = 0.0
    p_filter_s: float = 0.0
    q_filter_s: float = 0.0
    plausibility: PlausibilitySettings = field(default_factory=PlausibilitySettings)
    v_differ_pu: float = 0.01
    f_differ_hz: float = 0.01
    p_differ_pu: float = 0.02
    differ_s: float = 5.0
    test_most_s: float = 900.0


class Lag:
    """A first-order filter that starts again at what is measured after a gap.

    Law: x_f += (1 - exp(-dt / tau)) (x - x_f). Source: control_functions F01.
    """

    def __init__(self, tau_s: float) -> None:
        self._tau_s = tau_s
        self._value: float | None = None

    def step(self, value: float | None, dt_s: float) -> float | None:
        """The filtered value; None while there is none."""
        if value is None or self._value is None or self._tau_s <= 0.0:
            self._value = value
        else:
            self._value += (1.0 - exp(-dt_s / self._tau_s)) * (value - self._value)
        return self._value


class Conditioned(NamedTuple):
    """One cycle's measurement, for each who needs it."""

    poi: Poi
    """For the control functions: filtered, with what a test adds."""
    loop: Poi
    """For the loop at the POI: as it is, nothing of what is doubtful."""
    measurement: Measurement
    restart: tuple[float, float] | None
    """Units minus meter of P and Q before a meter was found to be wrong; given once."""


class Meter:
    """One meter, whose powers are held against those of the units."""

    def __init__(self, plant: ConnectionPoint, settings: PlausibilitySettings) -> None:
        gap_w = settings.p_gap_pu and settings.p_gap_pu * plant.p_max_w
        self._p = Axis(plant.p_max_w, settings, gap=gap_w)
        self._q = Axis(plant.q_max_var, settings, gap=None)
        self._known: frozenset[str] | None = None
        self._doubt_s = 0.0
        self.trust = Trust.GOOD
        self.fell = False
        """Whether it was found to be wrong in this very cycle."""

    def see(self, poi: Poi, obs: SystemObs) -> None:
        """Take in one cycle."""
        units = (*obs.bess.values(), *obs.pv.values())
        known = frozenset(u.name for u in units if u.p_w is not None)
        if known != self._known:
            self._known = known
            self._p.restart(obs.time_s)
            self._q.restart(obs.time_s)
        for axis, total, shown in (
            (self._p, sum(u.p_w or 0.0 for u in units), poi.p_w),
            (self._q, sum(u.q_var or 0.0 for u in units), poi.q_var),
        ):
            if shown is None or not known:
                axis.pause()
            elif poi.fresh:
                axis.see(total, shown, obs.time_s, obs.dt_s)
        self._judge(obs.dt_s)

    def _judge(self, dt_s: float) -> None:
        was = self.trust
        if self._p.accused or self._q.accused:
            self.trust = Trust.IMPLAUSIBLE
        else:
            self.trust = Trust.DOUBTFUL if self._p.turned else Trust.GOOD
        doubtful = self.trust is Trust.DOUBTFUL
        self._doubt_s = self._doubt_s + dt_s if doubtful else 0.0
        self.fell = self.trust is Trust.IMPLAUSIBLE is not was

    @property
    def known(self) -> tuple[float, float]:
        """Units minus meter of P and Q before it was found to be wrong."""
        return self._p.known, self._q.known

    def believed(self, poi: Poi) -> Poi:
        """What the control functions may see of it."""
        if self.trust is Trust.IMPLAUSIBLE or self._doubt_s >= _DOUBT_S:
            return poi._replace(p_w=None, q_var=None)
        return poi

    def undoubted(self, poi: Poi) -> Poi:
        """What the loop may see of it."""
        return poi if self.trust is Trust.GOOD else poi._replace(p_w=None, q_var=None)


class Conditioning:
    """The stage between the meters and everything that relies on them."""

    def __init__(self, settings: MeasurementSettings, plant: ConnectionPoint) -> None:
        self._plant = plant
        self._meters = tuple(Meter(plant, settings.plausibility) for _ in range(2))
        self._lags = [Lag(getattr(settings, _FILTERS[name])) for name in _VALUES]
        self._tolerances = (
            settings.v_differ_pu * plant.v_nominal_v,
            settings.f_differ_hz,
            settings.p_differ_pu * plant.p_max_w,
            settings.p_differ_pu * plant.q_max_var,
        )
        self._differ_s = settings.differ_s
        self._apart_s = [0.0] * len(_VALUES)
        self._injection = Injection(settings.test_most_s)

    def step(self, obs: SystemObs, *, shut: bool) -> Conditioned:
        """Condition one cycle's measurement; `shut`: no unit may run."""
        shown = (obs.poi,) if obs.poi2 is None else (obs.poi, obs.poi2)
        for meter, poi in zip(self._meters, shown, strict=False):
            meter.see(poi, obs)
        pairs = list(zip(self._meters, shown, strict=False))
        believed, spare = chosen([meter.believed(poi) for meter, poi in pairs])
        loop, _ = chosen([meter.undoubted(poi) for meter, poi in pairs])
        self._injection.step(obs.orders, obs.time_s, shut=shut)
        measurement = Measurement(
            poi=believed,
            words=(),
            spare=spare,
            differ=self._differing([m.believed(poi) for m, poi in pairs], obs.dt_s),
            test_left_s=self._injection.left_s(obs.time_s),
        )
        first = self._meters[0]
        return Conditioned(
            self._for_functions(believed, obs),
            loop,
            measurement._replace(words=tuple(self._words(measurement))),
            first.known if first.fell else None,
        )

    def _for_functions(self, poi: Poi, obs: SystemObs) -> Poi:
        tested = self._injection.added(poi, obs.orders, self._plant.v_nominal_v)
        v, f, p, q = (
            lag.step(value, obs.dt_s)
            for lag, value in zip(self._lags, tested[:4], strict=True)
        )
        return Poi(v, f, p, q, poi.fresh)

    def _differing(self, believed: list[Poi], dt_s: float) -> tuple[str, ...]:
        """Values in which two meters, both good, have differed for some time."""
        if len(believed) < len(self._meters):
            return ()
        for i, (a, b) in enumerate(zip(believed[0][:4], believed[1][:4], strict=True)):
            apart = a is not None and b is not None and abs(a - b) > self._tolerances[i]
            self._apart_s[i] = self._apart_s[i] + dt_s if apart else 0.0
        lasting = zip(_VALUES, self._apart_s, strict=True)
        return tuple(name for name, s in lasting if s >= self._differ_s)

    def _words(self, measurement: Measurement) -> list[str]:
        stage, trust = self._injection.stage, {m.trust for m in self._meters}
        holds = {
            "testing": stage is Stage.TESTING,
            "implausible": Trust.IMPLAUSIBLE in trust,
            "doubtful": Trust.DOUBTFUL in trust,
            "missing": None in measurement.poi,
            "second_meter": measurement.spare,
            "meters_differ": measurement.differ,
            "test_over": stage is Stage.OVER,
        }
        return [word for word in MEASUREMENT_WORDS if holds[word]]


_FILTERS = {
    "v_v": "v_filter_s",
    "f_hz": "f_filter_s",
    "p_w": "p_filter_s",
    "q_var": "q_filter_s",
}


def chosen(meters: list[Poi]) -> tuple[Poi, tuple[str, ...]]:
    """Each value of the first meter that has it; and those not of the first.

    Fresh if every meter is that gave a value.
    """
    first, *others = meters
    if not others or None not in first:
        return first, ()
    (second,) = others
    spare = tuple(
        name
        for name in _VALUES
        if getattr(first, name) is None and getattr(second, name) is not None
    )
    if not spare:
        return first, ()
    own = any(getattr(first, name) is not None for name in _VALUES)
    taken = first._replace(**{name: getattr(second, name) for name in spare})
    return taken._replace(fresh=second.fresh and (first.fresh or not own)), spare
