"""Which law in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from ppc.datamodel.observation import Orders, Poi
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import QMode
from ppc.metier.power_factor import law
from ppc.metier.power_factor.state_machine import Inputs, Mode, Thresholds
from ppc.metier.selection import q_selected
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import approach, first_order, open_loop_tau_s

LEAST_FACTOR = 0.5
"""Less is not a power factor that anybody asks for; the SCADA map refuses it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerFactorSettings:
    """Settings, from `config/plant.yaml`."""

    enabled: bool = setting(
        default=True, meaning="whether a power factor is kept at all"
    )
    pf_set_pu: float = setting(
        default=1.0, low=LEAST_FACTOR, high=1.0,
        meaning="cos phi at the POI, while the operator orders none",
    )  # fmt: skip
    excitation: Literal["over", "under"] = setting(
        default="over", choices=("over", "under"),
        meaning="over-excited, Q > 0, or under-excited, while the operator orders"
        " none; also at P < 0",
    )  # fmt: skip
    points_p_pf: Curve | None = setting(
        default=None, low=-1.0, high=1.0, form="curve",
        meaning="cos phi(P) instead, while the operator orders no power factor: P in pu"
        " of the plant's `p_max_w`; cos phi 0.5 to 1, negative where under-excited",
        unset="one power factor at every P",
    )  # fmt: skip
    v_lock_in_pu: float | None = setting(
        default=None, low=0.9, high=1.2,
        meaning="voltage from which the curve is in force; below it cos phi is 1."
        " CEI 0-16: 1.05", unset="at every voltage",
    )  # fmt: skip
    v_lock_out_pu: float | None = setting(
        default=None, low=0.8, high=1.2,
        meaning="voltage at which that ends. CEI 0-16: 0.98",
        unset="0.07 pu below `v_lock_in_pu`",
    )  # fmt: skip
    p_min_pu: float = setting(
        default=0.0, low=0.0, high=0.5,
        meaning="least P that a power factor is kept at, in pu of the plant's `p_max_w`"
        "; 0: all. Grid codes often have 0.05 to 0.1",
    )  # fmt: skip
    p_hysteresis_pu: float = setting(
        default=0.01, low=0.0, high=0.1, meaning="by how much P must pass it to count"
    )
    low_power: Literal["zero", "hold"] = setting(
        default="zero", choices=("zero", "hold"),
        meaning="Q at less P: none, or as it was",
    )  # fmt: skip
    response_s: float = setting(
        default=0.0, low=0.0, high=60.0, meaning="time for 90 % of a change; 0: at once"
    )
    q_max_var: float | None = setting(
        default=None, above=0.0, meaning="most Q", unset="the plant's `q_max_var`"
    )
    q_rate_var_per_s: float | None = setting(
        default=None, above=0.0, meaning="fastest change", unset="`q_max_var` in 0.5 s"
    )
    q_rate_error_var_per_s: float | None = setting(
        default=None, above=0.0, meaning="how fast Q goes to 0 when the meter stays"
        " silent", unset="`q_max_var` in 10 s",
    )  # fmt: skip
    hold_s: float = setting(
        default=10.0, low=0.0, meaning="how long the last Q is held without a meter"
    )
    reset_s: float = setting(
        default=5.0, low=0.0, meaning="how long the meter must be steady to act again"
    )

    def __post_init__(self) -> None:
        check(self)
        if any(abs(factor) < LEAST_FACTOR for _, factor in self.points_p_pf or ()):
            raise ValueError(
                f"points_p_pf is {self.points_p_pf!r}; each cos phi must be 0.5 to 1,"
                " or -0.5 to -1"
            )
        if self.v_lock_in_pu is None and self.v_lock_out_pu is not None:
            raise ValueError("v_lock_out_pu needs v_lock_in_pu")
        if (self.v_lock_out_pu or 0.0) >= (self.v_lock_in_pu or 1.0):
            raise ValueError(
                f"v_lock_out_pu is {self.v_lock_out_pu!r}; it must be < v_lock_in_pu"
            )


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    v_nominal_v: float
    p_max_w: float
    q_max_var: float
    q_rate_var_per_s: float
    q_rate_error_var_per_s: float
    tau_s: float
    fixed: Thresholds
    """While one power factor holds at every P."""
    curve: Thresholds
    """While the curve is in use."""


def figures(settings: PowerFactorSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    q_max_var = settings.q_max_var or plant.q_max_var
    fixed = Thresholds(
        p_min_pu=settings.p_min_pu,
        p_back_pu=settings.p_min_pu + settings.p_hysteresis_pu,
        v_lock_in_pu=None,
        v_lock_out_pu=None,
        reset_s=settings.reset_s,
    )
    lock_in_pu, lock_out_pu = settings.v_lock_in_pu, settings.v_lock_out_pu
    if lock_in_pu is not None and lock_out_pu is None:
        lock_out_pu = lock_in_pu - 0.07
    return Figures(
        v_nominal_v=plant.v_nominal_v,
        p_max_w=plant.p_max_w,
        q_max_var=q_max_var,
        q_rate_var_per_s=settings.q_rate_var_per_s or q_max_var / 0.5,
        q_rate_error_var_per_s=settings.q_rate_error_var_per_s or q_max_var / 10.0,
        tau_s=open_loop_tau_s(settings.response_s),
        fixed=fixed,
        curve=fixed._replace(v_lock_in_pu=lock_in_pu, v_lock_out_pu=lock_out_pu),
    )


def curve_in_use(orders: Orders, settings: PowerFactorSettings) -> Curve | None:
    """The curve, unless the operator orders one power factor."""
    return settings.points_p_pf if orders.pf_set_pu is None else None


def inputs(
    poi: Poi, orders: Orders, settings: PowerFactorSettings, plant: Figures
) -> Inputs:
    """What the mode depends on."""
    curve = curve_in_use(orders, settings)
    return Inputs(
        enabled=q_selected(orders, QMode.POWER_FACTOR, enabled=settings.enabled),
        p_pu=None if poi.p_w is None else abs(poi.p_w) / plant.p_max_w,
        v_pu=None if poi.v_v is None else poi.v_v / plant.v_nominal_v,
        at=plant.fixed if curve is None else plant.curve,
    )


def factor(p_pu: float, orders: Orders, settings: PowerFactorSettings) -> float:
    """Power factor to be kept now, with its sign; an ordered one is clamped."""
    curve = curve_in_use(orders, settings)
    if curve is not None:
        return law.curve_law(p_pu, curve)
    ordered, side = orders.pf_set_pu, orders.excitation_code
    size = settings.pf_set_pu if ordered is None else ordered
    under = settings.excitation == "under" if side is None else side == 1
    size = min(max(size, LEAST_FACTOR), 1.0)
    return -size if under else size


class Now(NamedTuple):
    """The moment a law is asked."""

    mode: Mode
    in_mode_s: float
    dt_s: float
    p_w: float | None


def next_q_var(
    last_q_var: float,
    now: Now,
    orders: Orders,
    settings: PowerFactorSettings,
    plant: Figures,
) -> float | None:
    """Reactive power for this cycle [var], or None to leave it to others."""
    rate_var_per_s = plant.q_rate_var_per_s
    match now.mode:
        case Mode.OFF:
            return None
        case Mode.AUTO:
            assert now.p_w is not None, "AUTO implies a trusted active power"
            signed = factor(now.p_w / plant.p_max_w, orders, settings)
            asked_var = law.reactive_law(now.p_w, factor=signed)
            asked_var = min(max(asked_var, -plant.q_max_var), plant.q_max_var)
        case Mode.LOW_POWER if settings.low_power == "hold":
            return last_q_var
        case Mode.LOW_POWER | Mode.LOCKED:
            asked_var = 0.0
        case Mode.ERROR if now.in_mode_s <= settings.hold_s:
            return last_q_var
        case Mode.ERROR:
            asked_var, rate_var_per_s = 0.0, plant.q_rate_error_var_per_s
    aim_var = first_order(last_q_var, asked_var, tau_s=plant.tau_s, dt_s=now.dt_s)
    return approach(last_q_var, aim_var, rate_per_s=rate_var_per_s, dt_s=now.dt_s)
