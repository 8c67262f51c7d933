"""Which limits in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.reactive_capability import law
from ppc.metier.reactive_capability.law import Band
from ppc.metier.reactive_capability.state_machine import Mode
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import approach

_P_UNKNOWN_PU, _V_UNKNOWN_PU = 0.0, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactiveCapabilitySettings:
    """Settings, from `config/plant.yaml`.

    Figures of grid codes, as points (P or U, Q) over the installed active power; those
    of VDE as a public model by Fraunhofer IEE has them:

    - VDE-AR-N 4110, over P: most (0, 0.02) (0.099, 0.02) (0.1, 0.1) (0.2, 0.33), least
      (0, -0.05) (0.099, -0.05) (0.1, -0.1) (0.2, -0.33). Over U: most (1.075, 0.33)
      (1.10, 0), least (0.90, 0) (0.925, -0.33).
    - VDE-AR-N 4120, over P: most (0, 0) (0.05, 0) (0.05, 0.1) (0.2, Q+), least
      (0, -0.05) (0.05, -0.05) (0.05, -0.1) (0.2, Q-). Over U, at 110 kV: most
      (1.0909, Q+) (1.1545, Q-), least (0.8727, Q+) (0.9364, Q-). Q- and Q+ are -0.2279
      and 0.4843 (variant 1), -0.3287 and 0.4108 (2), -0.4108 and 0.3287 (3).
    - Regulation (EU) 2016/631 as used in Denmark, over P: most (0, 0) (0.2, 0.33),
      least (0, 0) (0.2, -0.33); quoted from memory.

    Regulation (EU) 2016/631, Art. 21(3)(b) leaves both polygons to the grid operator.
    """

    q_max_by_p_pu: Curve | None = setting(
        default=None, form="curve",
        meaning="most Q over active power; a curve that begins at 0 or above holds for"
        " import too",
        unset="no limit by it",
    )  # fmt: skip
    q_min_by_p_pu: Curve | None = setting(
        default=None, form="curve", meaning="least Q over active power, likewise",
        unset="no limit by it",
    )  # fmt: skip
    q_max_by_v_pu: Curve | None = setting(
        default=None, form="curve", meaning="most Q over voltage",
        unset="no limit by it",
    )  # fmt: skip
    q_min_by_v_pu: Curve | None = setting(
        default=None, form="curve", meaning="least Q over voltage",
        unset="no limit by it",
    )  # fmt: skip
    q_rate_var_per_s: float | None = setting(
        default=None, above=0.0, meaning="how fast a limit moves",
        unset="the plant's `q_max_var` in 1 s",
    )  # fmt: skip
    hold_s: float = setting(
        default=10.0, low=0.0,
        meaning="how long the limits are held without a meter; then as at no active"
        " power and nominal voltage",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check(self)


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    v_nominal_v: float
    p_max_w: float
    widest_var: Band
    """What the polygons leave where they are widest."""
    q_rate_var_per_s: float


def figures(settings: ReactiveCapabilitySettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    most = [max(y for _, y in c) for c in _given(settings, upper=True)]
    least = [min(y for _, y in c) for c in _given(settings, upper=False)]
    return Figures(
        v_nominal_v=plant.v_nominal_v,
        p_max_w=plant.p_max_w,
        widest_var=(
            max(least, default=-inf) * plant.p_max_w,
            min(most, default=inf) * plant.p_max_w,
        ),
        q_rate_var_per_s=settings.q_rate_var_per_s or plant.q_max_var,
    )


def measured(
    p_w: float | None, v_v: float | None, settings: ReactiveCapabilitySettings
) -> bool:
    """Whether all is measured over which a polygon is set."""
    by_p = settings.q_max_by_p_pu or settings.q_min_by_p_pu
    by_v = settings.q_max_by_v_pu or settings.q_min_by_v_pu
    return (p_w is not None or not by_p) and (v_v is not None or not by_v)


def asked_var(
    p_w: float | None,
    v_v: float | None,
    settings: ReactiveCapabilitySettings,
    plant: Figures,
) -> Band:
    """What the polygons leave [var]; what is not measured counts as the usual value."""
    by_power = law.power_law(
        _P_UNKNOWN_PU if p_w is None else p_w / plant.p_max_w,
        settings.q_min_by_p_pu,
        settings.q_max_by_p_pu,
    )
    by_voltage = law.band_law(
        _V_UNKNOWN_PU if v_v is None else v_v / plant.v_nominal_v,
        settings.q_min_by_v_pu,
        settings.q_max_by_v_pu,
    )
    least, most = law.both(by_power, by_voltage)
    return least * plant.p_max_w, most * plant.p_max_w


class Now(NamedTuple):
    """The moment limits are asked for."""

    mode: Mode
    in_mode_s: float
    dt_s: float
    asked_var: Band


def next_band_var(
    last_var: Band, now: Now, settings: ReactiveCapabilitySettings, plant: Figures
) -> Band:
    """Limits for this cycle [var]."""
    if now.mode is Mode.BLIND and now.in_mode_s <= settings.hold_s:
        return last_var
    low_var, high_var = (
        approach(last, asked, rate_per_s=plant.q_rate_var_per_s, dt_s=now.dt_s)
        for last, asked in zip(last_var, now.asked_var, strict=True)
    )
    return low_var, max(low_var, high_var)


def _given(settings: ReactiveCapabilitySettings, *, upper: bool) -> list[Curve]:
    curves = (
        (settings.q_max_by_p_pu, settings.q_max_by_v_pu)
        if upper
        else (settings.q_min_by_p_pu, settings.q_min_by_v_pu)
    )
    return [curve for curve in curves if curve is not None]
