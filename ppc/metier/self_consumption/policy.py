"""Which exchange is wanted when, and what the owner of the plant may set."""

from dataclasses import dataclass

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import polyline
from ppc.metier.wall_clock import SummerTime, local_time

DAY_HOURS = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfConsumptionSettings:
    """Settings, from `config/plant.yaml`. Export is positive."""

    exchange_w: float = setting(
        default=0.0, meaning="exchange with the grid that is wanted"
    )
    exchange_profile_w: Curve | None = setting(
        default=None, form="curve",
        meaning="the same over the hours of the day, 0 to 24",
        unset="`exchange_w` all day",
    )  # fmt: skip
    utc_offset_s: float = setting(
        default=0.0, low=-50400.0, high=50400.0,
        meaning="how far the plant's standard time is ahead of UTC",
    )  # fmt: skip
    summer_time: SummerTime = setting(
        default="none", choices=("none", "eu"), meaning="whose summer time is kept"
    )
    band_w: float = setting(
        default=0.0, low=0.0,
        meaning="how far the exchange may be from it before batteries act",
    )  # fmt: skip
    surplus: str = setting(
        default="export", choices=("export", "curtail"),
        meaning="what becomes of a surplus that cannot be stored",
    )  # fmt: skip
    rate_w_per_s: float | None = setting(
        default=None, above=0.0, meaning="how fast the wanted exchange moves",
        unset="the plant's `p_max_w` in 5 s",
    )  # fmt: skip
    hold_s: float = setting(
        default=5.0, low=0.0, meaning="how long the last answer is held without a meter"
    )

    def __post_init__(self) -> None:
        check(self)
        if self.exchange_profile_w and not (
            self.exchange_profile_w[0][0] >= 0.0
            and self.exchange_profile_w[-1][0] <= DAY_HOURS
        ):
            raise ValueError(
                f"exchange_profile_w is {self.exchange_profile_w!r};"
                " its hours must be 0 to 24"
            )


def rate_w_per_s(settings: SelfConsumptionSettings, plant: ConnectionPoint) -> float:
    """Fill in from the plant what the settings leave out."""
    return settings.rate_w_per_s or plant.p_max_w / 5.0


def exchange_w(settings: SelfConsumptionSettings, wall_s: float | None) -> float:
    """The exchange that is wanted now; without a clock that of all day [W]."""
    if settings.exchange_profile_w is None or wall_s is None:
        return settings.exchange_w
    now = local_time(
        wall_s, utc_offset_s=settings.utc_offset_s, summer_time=settings.summer_time
    )
    return polyline(now.hours, settings.exchange_profile_w)
