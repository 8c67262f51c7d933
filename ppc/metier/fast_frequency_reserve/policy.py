"""Which law in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.observation import Aim, Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.fast_frequency_reserve import law
from ppc.metier.fast_frequency_reserve.state_machine import Mode
from ppc.metier.setting import check, setting
from ppc.metier.shaping import approach

_ACTIVATE_PU = 49.7 / 50.0
_NORMAL_PU = 49.9 / 50.0
_READY_AGAIN_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FastFrequencyReserveSettings:
    """Settings, from `config/plant.yaml`. The reserve is per unit of `p_max_w`."""

    enabled: bool = setting(default=True, meaning="whether the reserve is offered")
    f_activate_hz: float | None = setting(
        default=None, above=0.0, meaning="frequency at which all of it is asked for",
        unset="49.7 Hz, at 60 Hz 59.64 Hz",
    )  # fmt: skip
    activation_s: float | None = setting(
        default=None, above=0.0, high=10.0,
        meaning="time within which it has to be there; `support_s` begins then",
        unset="1.3 s at 49.7 Hz, 1.0 s at 49.6 Hz, 0.7 s at 49.5 Hz",
    )  # fmt: skip
    reserve_pu: float = setting(
        default=0.1, above=0.0, high=1.0, meaning="size of the reserve"
    )
    confirm_s: float = setting(
        default=0.0, low=0.0, high=0.5,
        meaning="how long the frequency has to be that low, against a false alarm",
    )  # fmt: skip
    support_s: float = setting(
        default=5.0, low=5.0, high=600.0,
        meaning="how long all of it stays; at least 30 s if it goes by more than 20 % "
        "a second",
    )  # fmt: skip
    deactivation_pu_per_s: float = setting(
        default=0.19, low=0.01, high=100.0,
        meaning="how fast it goes, as a part of the reserve; a little below 20 % a "
        "second leaves room for the plant's own deviations",
    )  # fmt: skip
    buffer_s: float = setting(
        default=15.0, low=0.0, high=300.0, meaning="rest before energy is taken back"
    )
    recover_pu: float = setting(
        default=0.0, low=0.0, high=0.25,
        meaning="power that takes back the energy given, as a part of the reserve; "
        "only while the frequency is above 49.9 Hz, at 60 Hz 59.88 Hz",
    )  # fmt: skip
    rearm_s: float = setting(
        default=300.0, low=0.0, high=_READY_AGAIN_S,
        meaning="least time from one activation to the next",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check(self)
        least_s = law.least_support_law(self.deactivation_pu_per_s)
        if self.support_s < least_s:
            raise ValueError(
                f"support_s is {self.support_s:g} and deactivation_pu_per_s "
                f"{self.deactivation_pu_per_s:g}: a reserve that goes by more than "
                f"0.2 a second has to stay for {least_s:g} s"
            )
        ends_s = self.support_s + 1.0 / self.deactivation_pu_per_s + self.buffer_s
        if ends_s + (self.activation_s or 0.0) > _READY_AGAIN_S:
            raise ValueError(
                f"support_s, the time of its end and buffer_s are {ends_s:g} s "
                f"together; it has to be ready again within {_READY_AGAIN_S:g} s"
            )


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    f_activate_hz: float
    f_normal_hz: float
    activation_s: float
    reserve_w: float
    recover_w: float
    rate_w_per_s: float


def figures(settings: FastFrequencyReserveSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    f_hz = settings.f_activate_hz or _ACTIVATE_PU * plant.f_nominal_hz
    reserve_w = settings.reserve_pu * plant.p_max_w
    return Figures(
        f_activate_hz=f_hz,
        f_normal_hz=_NORMAL_PU * plant.f_nominal_hz,
        activation_s=settings.activation_s
        or law.activation_time_law(f_hz / plant.f_nominal_hz),
        reserve_w=reserve_w,
        recover_w=settings.recover_pu * reserve_w,
        rate_w_per_s=settings.deactivation_pu_per_s * reserve_w,
    )


def enabled(orders: Orders, settings: FastFrequencyReserveSettings) -> bool:
    """Whether the reserve is ours to give."""
    return settings.enabled and orders.enable_code != 0


def given_w(delta_w: float, aim: Aim | None) -> float:
    """How much of the reserve the plant had room for in the cycle before [W]."""
    if aim is None or delta_w <= 0.0:
        return delta_w
    return min(max(aim.p_w - aim.chosen_w, 0.0), delta_w)


class Now(NamedTuple):
    """The moment a law is asked."""

    mode: Mode
    dt_s: float
    f_hz: float | None
    given_ws: float
    """Energy given and not yet taken back."""


def next_delta_w(last_w: float, now: Now, plant: Figures) -> float:
    """How far P has to be from what others choose [W]."""
    if now.mode in {Mode.ACTIVE, Mode.SUSTAINED}:
        return plant.reserve_w
    target_w = 0.0
    if (
        now.mode is Mode.RECOVERING
        and now.f_hz is not None
        and now.f_hz > plant.f_normal_hz
    ):
        target_w = law.recovery_law(
            now.given_ws,
            most_w=plant.recover_w,
            rate_w_per_s=plant.rate_w_per_s,
            dt_s=now.dt_s,
        )
    return approach(last_w, target_w, rate_per_s=plant.rate_w_per_s, dt_s=now.dt_s)
