"""Which law in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from math import inf
from typing import Literal, NamedTuple

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import QMode
from ppc.metier.set_point_tracking import law
from ppc.metier.set_point_tracking.state_machine import Mode
from ppc.metier.setting import check, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPointTrackingSettings:
    """Settings, from `config/plant.yaml`."""

    p_ramp_up_w_per_s: float | None = setting(
        default=None,
        above=0.0,
        meaning="how fast P rises, towards export",
        unset="the plant's `p_max_w` in 5 s",
    )
    p_ramp_down_w_per_s: float | None = setting(
        default=None,
        above=0.0,
        meaning="how fast P falls, towards import",
        unset="the plant's `p_max_w` in 5 s",
    )
    q_ramp_var_per_s: float | None = setting(
        default=None,
        above=0.0,
        meaning="how fast Q moves",
        unset="the plant's `q_max_var` in 5 s",
    )
    fallback: Literal["default", "hold"] = setting(
        default="default",
        choices=("default", "hold"),
        meaning="what an order that expired leaves after `hold_s`: the default below,"
        " or the order itself for good",
    )
    hold_s: float = setting(
        default=10.0, low=0.0, meaning="how long an order that expired still counts"
    )
    p_default_w: float | None = setting(
        default=None, meaning="P after that", unset="P is left to others"
    )
    q_default_var: float | None = setting(
        default=None, meaning="Q after that", unset="Q is left to others"
    )

    def __post_init__(self) -> None:
        check(self)


class Course(NamedTuple):
    """How one quantity, P or Q, moves and falls back; figures in its unit."""

    up_per_s: float
    down_per_s: float
    hold_s: float
    default: float | None

    def over(self, mode: Mode, in_mode_s: float) -> bool:
        """Whether nothing is left to fall back on."""
        late = mode is Mode.FALLBACK and in_mode_s >= self.hold_s
        return late and self.default is None


def courses(
    settings: SetPointTrackingSettings, plant: ConnectionPoint
) -> tuple[Course, Course]:
    """Of P and of Q: fill in from the plant what the settings leave out."""
    p_usual = plant.p_max_w / 5.0
    q_ramp = settings.q_ramp_var_per_s or plant.q_max_var / 5.0
    hold_s = inf if settings.fallback == "hold" else settings.hold_s
    return (
        Course(
            settings.p_ramp_up_w_per_s or p_usual,
            settings.p_ramp_down_w_per_s or p_usual,
            hold_s,
            settings.p_default_w,
        ),
        Course(q_ramp, q_ramp, hold_s, settings.q_default_var),
    )


def q_left_to_others(orders: Orders) -> bool:
    """Whether a mode is ordered in which reactive power follows no set-point."""
    return orders.q_mode_code not in {
        None,
        QMode.CONFIGURED,
        QMode.SET_POINT,
        QMode.LIMITED_BY_VOLTAGE,
    }


class Now(NamedTuple):
    """The moment a law is asked: the mode, and the last order that was in force."""

    mode: Mode
    in_mode_s: float
    dt_s: float
    order: float


def next_set_point(present: float, now: Now, course: Course) -> float | None:
    """Set-point for this cycle, or None to leave it to others."""
    match now.mode:
        case Mode.IDLE | Mode.BLIND:
            return None
        case Mode.TRACKING:
            target: float | None = now.order
        case Mode.FALLBACK:
            target = law.fallback_law(
                now.order,
                lost_s=now.in_mode_s,
                hold_s=course.hold_s,
                default=course.default,
            )
    if target is None:
        return None
    return law.ramp_law(
        present,
        target,
        up_per_s=course.up_per_s,
        down_per_s=course.down_per_s,
        dt_s=now.dt_s,
    )
