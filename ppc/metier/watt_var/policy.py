"""Which law in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import QMode
from ppc.metier.selection import q_selected
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import approach, first_order, open_loop_tau_s
from ppc.metier.watt_var import law
from ppc.metier.watt_var.state_machine import Mode

_CATEGORY_B: Curve = ((-1.0, 0.44), (-0.5, 0.0), (0.5, 0.0), (1.0, -0.44))
"""IEEE 1547-2018 5.3.4, defaults of category B, on both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WattVarSettings:
    """Settings, from `config/plant.yaml`."""

    enabled: bool = setting(default=True, meaning="whether Q follows P at all")
    points_pu: Curve = setting(
        default=_CATEGORY_B, low=-1.0, high=1.0, form="curve",
        meaning="Q(P), both in pu of the plant's `p_max_w`; P < 0 is drawn, Q > 0"
        " injected; flat beyond its ends",
    )  # fmt: skip
    response_s: float = setting(
        default=10.0, low=0.0, high=60.0, meaning="time for 90 % of a change"
    )
    q_max_var: float | None = setting(
        default=None, above=0.0, meaning="most Q", unset="the plant's `q_max_var`"
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


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    p_max_w: float
    q_max_pu: float
    """In pu of `p_max_w`, as the curve is."""
    q_rate_error_var_per_s: float
    tau_s: float


def figures(settings: WattVarSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    q_max_var = settings.q_max_var or plant.q_max_var
    return Figures(
        p_max_w=plant.p_max_w,
        q_max_pu=q_max_var / plant.p_max_w,
        q_rate_error_var_per_s=settings.q_rate_error_var_per_s or q_max_var / 10.0,
        tau_s=open_loop_tau_s(settings.response_s),
    )


def enabled(orders: Orders, settings: WattVarSettings) -> bool:
    """Whether Q is ours to choose."""
    return q_selected(orders, QMode.WATT_VAR, enabled=settings.enabled)


class Now(NamedTuple):
    """The moment a law is asked."""

    mode: Mode
    in_mode_s: float
    dt_s: float
    p_w: float | None


def next_q_var(
    last_q_var: float, now: Now, settings: WattVarSettings, plant: Figures
) -> float | None:
    """Reactive power for this cycle [var], or None to leave it to others."""
    match now.mode:
        case Mode.OFF:
            return None
        case Mode.AUTO:
            assert now.p_w is not None, "AUTO implies a trusted active power"
            asked_var = plant.p_max_w * law.curve_law(
                now.p_w / plant.p_max_w, settings.points_pu, most_pu=plant.q_max_pu
            )
            return first_order(last_q_var, asked_var, tau_s=plant.tau_s, dt_s=now.dt_s)
        case Mode.ERROR if now.in_mode_s <= settings.hold_s:
            return last_q_var
        case Mode.ERROR:
            rate_var_per_s = plant.q_rate_error_var_per_s
            return approach(last_q_var, 0.0, rate_per_s=rate_var_per_s, dt_s=now.dt_s)
