"""Which law in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.frequency_sensitive_mode import law
from ppc.metier.frequency_sensitive_mode.state_machine import Mode
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import approach, first_order, open_loop_tau_s

_RANGE_HZ = 0.2
_RANGE_PU = _RANGE_HZ / 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencySensitiveModeSettings:
    """Settings, from `config/plant.yaml`."""

    enabled: bool = setting(
        default=True, meaning="whether frequency is answered at all"
    )
    sides: Literal["both", "under", "over"] = setting(
        default="both", choices=("both", "under", "over"),
        meaning="whether low frequency is answered, high, or both",
    )  # fmt: skip
    reserve_pu: float = setting(
        default=0.1, above=0.0, high=2.0,
        meaning="most answer either way, of the plant's `p_max_w`",
    )  # fmt: skip
    reserve_w: float | None = setting(
        default=None, above=0.0, meaning="the same in watts", unset="`reserve_pu`"
    )
    droop_pu: float | None = setting(
        default=None, low=0.004, high=0.2,
        meaning="change of frequency over nominal for all of the plant's `p_max_w`",
        unset="all of the reserve at `range_hz`",
    )  # fmt: skip
    deadband_hz: float = setting(
        default=0.0, low=0.0, meaning="deviation up to which nothing is answered"
    )
    range_hz: float | None = setting(
        default=None, above=0.0,
        meaning="deviation from which the answer stays as it is; LFSM begins there",
        unset="0.2 Hz, at 60 Hz 0.24 Hz",
    )  # fmt: skip
    points_hz_pu: Curve | None = setting(
        default=None, low=-1.0, high=1.0, form="curve",
        meaning="deviation, and the share of the reserve for it: for both sides alike, "
        "or, with negative deviations, share > 0 meaning more power, for each",
        unset="a line by `droop_pu`, `deadband_hz` and `range_hz`",
    )  # fmt: skip
    insensitivity_hz: float = setting(
        default=0.0, low=0.0, high=0.03,
        meaning="change of frequency since the last one answered that is not answered",
    )  # fmt: skip
    delay_s: float = setting(
        default=0.0, low=0.0, high=30.0, meaning="how much later it answers"
    )
    response_s: float = setting(
        default=0.0, low=0.0, high=60.0, meaning="time for 90 % of the answer"
    )
    hold_s: float = setting(
        default=5.0, low=0.0, meaning="how long the answer is held without a frequency"
    )
    release_w_per_s: float | None = setting(
        default=None, above=0.0,
        meaning="how fast the answer goes after that, or when switched off",
        unset="the reserve in 5 s",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check(self)
        if self.points_hz_pu is not None:
            _check_points(self.points_hz_pu)
            if self.droop_pu is not None or self.range_hz is not None:
                raise ValueError("points_hz_pu leaves nothing to a droop or a range")
        elif self.deadband_hz >= (self.range_hz or _RANGE_HZ):
            raise ValueError(f"deadband_hz {self.deadband_hz} reaches over range_hz")


def _check_points(points: Curve) -> None:
    """More frequency never asks for more power. Raises ValueError."""
    one_side = points[0][0] >= 0.0
    if one_side and points[0][1] != 0.0:
        raise ValueError("points_hz_pu begins with an answer to no deviation")
    shares = [share for _, share in law.both_sides(points)]
    if any(right > left for left, right in pairwise(shares)):
        raise ValueError(
            "points_hz_pu does not grow with the deviation"
            if one_side
            else "points_hz_pu asks for more power at more frequency"
        )


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    curve: Curve
    """Share of the reserve over f - fn [Hz]."""
    under: bool
    over: bool
    f_nominal_hz: float
    insensitivity_hz: float
    reserve_w: float
    tau_s: float
    release_w_per_s: float

    def share(self, f_hz: float) -> float:
        """Of the reserve, that a frequency asks for."""
        return law.share_law(
            f_hz,
            f_nominal_hz=self.f_nominal_hz,
            curve=self.curve,
            under=self.under,
            over=self.over,
        )

    def ends(self) -> tuple[float, float]:
        """Shares beyond which the answer does not go: the least, the most."""
        return self.curve[-1][1], self.curve[0][1]


def figures(
    settings: FrequencySensitiveModeSettings, plant: ConnectionPoint
) -> Figures:
    """Fill in from the plant what the settings leave out."""
    reserve_w = settings.reserve_w or settings.reserve_pu * plant.p_max_w
    points = settings.points_hz_pu or law.droop_curve(
        droop_pu=settings.droop_pu,
        deadband_hz=settings.deadband_hz,
        range_hz=settings.range_hz or _RANGE_PU * plant.f_nominal_hz,
        reserve_pu=reserve_w / plant.p_max_w,
        f_nominal_hz=plant.f_nominal_hz,
    )
    return Figures(
        curve=law.both_sides(points),
        under=settings.sides != "over",
        over=settings.sides != "under",
        f_nominal_hz=plant.f_nominal_hz,
        insensitivity_hz=settings.insensitivity_hz,
        reserve_w=reserve_w,
        tau_s=open_loop_tau_s(settings.response_s),
        release_w_per_s=settings.release_w_per_s or reserve_w / 5.0,
    )


def enabled(orders: Orders, settings: FrequencySensitiveModeSettings) -> bool:
    """Whether frequency is ours to answer."""
    return settings.enabled and orders.enable_code != 0


class Now(NamedTuple):
    """The moment a law is asked."""

    mode: Mode
    in_mode_s: float
    dt_s: float
    asked_w: float


def next_delta_w(last_w: float, now: Now, hold_s: float, plant: Figures) -> float:
    """How far P has to be from what others choose [W]."""
    match now.mode:
        case Mode.NORMAL | Mode.RESPONDING | Mode.FULL:
            return first_order(last_w, now.asked_w, tau_s=plant.tau_s, dt_s=now.dt_s)
        case Mode.BLIND if now.in_mode_s <= hold_s:
            return last_w
        case Mode.BLIND | Mode.OFF:
            return approach(
                last_w, 0.0, rate_per_s=plant.release_w_per_s, dt_s=now.dt_s
            )
