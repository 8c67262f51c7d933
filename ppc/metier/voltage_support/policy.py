"""Which law in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from ppc.datamodel.observation import Orders, Poi
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import QMode
from ppc.metier.selection import q_selected
from ppc.metier.setting import check, setting
from ppc.metier.shaping import approach, first_order
from ppc.metier.voltage_support import law
from ppc.metier.voltage_support.state_machine import Mode

V_SET_RANGE_PU = (0.95, 1.05)
"""Regulation (EU) 2016/631, Art. 21(3)(d); quoted from memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoltageSupportSettings:
    """Settings, from `config/plant.yaml`."""

    enabled: bool = setting(default=True, meaning="whether voltage is supported at all")
    v_set_pu: float = setting(
        default=1.0,
        low=V_SET_RANGE_PU[0],
        high=V_SET_RANGE_PU[1],
        meaning="voltage at which Q is zero, while the operator orders none",
    )
    slope_pu: float = setting(
        default=0.04,
        low=0.02,
        high=0.07,
        meaning="voltage deviation that asks for all Q",
    )
    deadband_pu: float = setting(
        default=0.0, low=0.0, high=0.05, meaning="half-width that asks for nothing"
    )
    tau_s: float = setting(
        default=0.25, low=0.0, high=60.0, meaning="time constant of the response"
    )
    law: Literal["droop", "pi"] = setting(
        default="droop", choices=("droop", "pi"),
        meaning="a droop with a first-order response, or the PI controller with "
        "compensation of the REPC models; both end on the slope",
    )  # fmt: skip
    kp_pu: float = setting(
        default=0.0, low=0.0, high=100.0,
        meaning="`pi`: full Q per pu of voltage, proportional",
    )  # fmt: skip
    ki_per_s: float | None = setting(
        default=None, above=0.0, high=1000.0,
        meaning="`pi`: full Q per pu of voltage and second",
        unset="1 / (`slope_pu` * 2 s)",
    )  # fmt: skip
    line_r_pu: float = setting(
        default=0.0, low=0.0, high=1.0,
        meaning="resistance of a line whose far end is held, on `p_max_w`",
    )  # fmt: skip
    line_x_pu: float = setting(default=0.0, low=-1.0, high=1.0, meaning="its reactance")
    scr_pu: float | None = setting(
        default=None, above=0.0, high=1000.0,
        meaning="of the grid, on `p_max_w`, at the POI",
        unset="it is observed while Q moves, beginning with 10",
    )  # fmt: skip
    q_max_var: float | None = setting(
        default=None, above=0.0, meaning="full Q", unset="the plant's `q_max_var`"
    )
    q_rate_var_per_s: float | None = setting(
        default=None, above=0.0, meaning="fastest change", unset="`q_max_var` in 0.5 s"
    )
    q_default_var: float = setting(
        default=0.0, meaning="Q to go to when the meter stays silent"
    )
    q_rate_error_var_per_s: float | None = setting(
        default=None,
        above=0.0,
        meaning="how fast to go there",
        unset="`q_max_var` in 10 s",
    )
    hold_s: float = setting(
        default=10.0, low=0.0, meaning="how long the last Q is held without a meter"
    )
    reset_s: float = setting(
        default=5.0, low=0.0, meaning="how long the meter must be steady to act again"
    )

    def __post_init__(self) -> None:
        check(self)


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    v_nominal_v: float
    p_max_w: float
    q_max_var: float
    ki_per_s: float
    q_rate_var_per_s: float
    q_rate_error_var_per_s: float
    q_default_var: float


def figures(settings: VoltageSupportSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    q_max_var = settings.q_max_var or plant.q_max_var
    return Figures(
        v_nominal_v=plant.v_nominal_v,
        p_max_w=plant.p_max_w,
        ki_per_s=settings.ki_per_s or 1.0 / (2.0 * settings.slope_pu),
        q_max_var=q_max_var,
        q_rate_var_per_s=settings.q_rate_var_per_s or q_max_var / 0.5,
        q_rate_error_var_per_s=settings.q_rate_error_var_per_s or q_max_var / 10.0,
        q_default_var=min(max(settings.q_default_var, -q_max_var), q_max_var),
    )


def enabled(orders: Orders, settings: VoltageSupportSettings) -> bool:
    """Whether voltage is ours to support."""
    return q_selected(orders, QMode.VOLTAGE, enabled=settings.enabled)


def set_point_pu(orders: Orders, settings: VoltageSupportSettings) -> float:
    """The voltage at which Q is zero [pu]; an ordered one is clamped."""
    low, high = V_SET_RANGE_PU
    ordered = orders.v_set_pu
    return settings.v_set_pu if ordered is None else min(max(ordered, low), high)


def voltage_pu(
    poi: Poi, settings: VoltageSupportSettings, plant: Figures
) -> float | None:
    """The voltage to be held [pu]: that of the POI, or of the far end of a line. None:
    not known, for a line also without P and Q.
    """
    if poi.v_v is None or (not settings.line_r_pu and not settings.line_x_pu):
        return None if poi.v_v is None else poi.v_v / plant.v_nominal_v
    if poi.p_w is None or poi.q_var is None or poi.v_v <= 0.0:
        return None
    return law.remote_voltage_law(
        poi.v_v / plant.v_nominal_v,
        poi.p_w / plant.p_max_w,
        poi.q_var / plant.p_max_w,
        r_pu=settings.line_r_pu,
        x_pu=settings.line_x_pu,
    )


def error_pu(
    now: "Now", orders: Orders, settings: VoltageSupportSettings, plant: Figures
) -> float:
    """What the PI controller has to bring to nothing [pu]."""
    if now.v_pu is None:
        return 0.0
    q_pu = (now.q_var or 0.0) / plant.q_max_var
    return law.beyond_law(
        set_point_pu(orders, settings) - now.v_pu - settings.slope_pu * q_pu,
        deadband_pu=settings.deadband_pu,
    )


def droop_q_var(
    now: "Now",
    orders: Orders,
    settings: VoltageSupportSettings,
    plant: Figures,
) -> float:
    """Reactive power the voltage asks for in the end [var]; an ordered set-point is
    clamped. Without a measured Q what the voltage asks for now.
    """
    assert now.v_pu is not None, "AUTO implies a trusted voltage"
    known = now.q_var is not None
    sensitivity_pu = now.sensitivity_pu if known else 0.0
    return plant.q_max_var * law.normal_law(
        law.grid_voltage_law(
            now.v_pu,
            (now.q_var or 0.0) / plant.p_max_w,
            sensitivity_pu=sensitivity_pu,
        ),
        v_set_pu=set_point_pu(orders, settings),
        slope_pu=law.slope_to_grid_law(
            settings.slope_pu,
            q_max_pu=plant.q_max_var / plant.p_max_w,
            sensitivity_pu=sensitivity_pu,
        ),
        deadband_pu=settings.deadband_pu,
    )


class Now(NamedTuple):
    """The moment a law is asked."""

    mode: Mode
    in_mode_s: float
    dt_s: float
    v_pu: float | None
    q_var: float | None
    sensitivity_pu: float
    last_error_pu: float
    """Of the PI controller, in the cycle before."""


def next_q_var(
    last_q_var: float,
    now: Now,
    orders: Orders,
    settings: VoltageSupportSettings,
    plant: Figures,
) -> float | None:
    """Reactive power for this cycle [var], or None to leave it to others."""
    match now.mode:
        case Mode.OFF:
            return None
        case Mode.AUTO:
            aim_var = _auto_q_var(last_q_var, now, orders, settings, plant)
            rate_var_per_s = plant.q_rate_var_per_s
        case Mode.ERROR:
            aim_var = law.error_law(
                last_q_var,
                blind_s=now.in_mode_s,
                hold_s=settings.hold_s,
                default=plant.q_default_var,
            )
            rate_var_per_s = plant.q_rate_error_var_per_s
    return approach(last_q_var, aim_var, rate_per_s=rate_var_per_s, dt_s=now.dt_s)


def _auto_q_var(
    last_q_var: float,
    now: Now,
    orders: Orders,
    settings: VoltageSupportSettings,
    plant: Figures,
) -> float:
    """Where the law that is chosen leads from what was granted last [var]."""
    if settings.law == "pi":
        asked = law.pi_law(
            last_q_var / plant.q_max_var,
            error_pu(now, orders, settings, plant),
            now.last_error_pu,
            kp=settings.kp_pu,
            ki_per_s=plant.ki_per_s,
            dt_s=now.dt_s,
        )
        return plant.q_max_var * min(max(asked, -1.0), 1.0)
    asked_var = droop_q_var(now, orders, settings, plant)
    return first_order(last_q_var, asked_var, tau_s=settings.tau_s, dt_s=now.dt_s)
