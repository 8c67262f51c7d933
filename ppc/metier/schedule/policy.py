"""Which table is whose day, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.schedule import law
from ppc.metier.setting import Table, check, setting
from ppc.metier.wall_clock import SummerTime, local_time

DAY_HOURS = 24.0
DAYS = (
    "monday_w", "tuesday_w", "wednesday_w", "thursday_w", "friday_w", "saturday_w",
    "sunday_w",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSettings:
    """Settings, from `config/plant.yaml`. Export is positive.

    A table is a list of [hour, power]: at the hour, 0 to 24 with fractions, this power
    begins; null leaves the power to others from there on.
    """

    every_day_w: Table | None = setting(
        default=None, form="table", meaning="power at the POI by the hours of the day",
        unset="nothing is planned",
    )  # fmt: skip
    monday_w: Table | None = setting(
        default=None, form="table", meaning="the same on a Monday",
        unset="`every_day_w`",
    )  # fmt: skip
    tuesday_w: Table | None = setting(
        default=None, form="table", meaning="the same on a Tuesday",
        unset="`every_day_w`",
    )  # fmt: skip
    wednesday_w: Table | None = setting(
        default=None, form="table", meaning="the same on a Wednesday",
        unset="`every_day_w`",
    )  # fmt: skip
    thursday_w: Table | None = setting(
        default=None, form="table", meaning="the same on a Thursday",
        unset="`every_day_w`",
    )  # fmt: skip
    friday_w: Table | None = setting(
        default=None, form="table", meaning="the same on a Friday",
        unset="`every_day_w`",
    )  # fmt: skip
    saturday_w: Table | None = setting(
        default=None, form="table", meaning="the same on a Saturday",
        unset="`every_day_w`",
    )  # fmt: skip
    sunday_w: Table | None = setting(
        default=None, form="table", meaning="the same on a Sunday",
        unset="`every_day_w`",
    )  # fmt: skip
    interpolation: str = setting(
        default="hold", choices=("hold", "linear"),
        meaning="the power between two points: the first one's, or a straight line",
    )  # fmt: skip
    utc_offset_s: float = setting(
        default=0.0, low=-50400.0, high=50400.0,
        meaning="how far the plant's standard time is ahead of UTC",
    )  # fmt: skip
    summer_time: SummerTime = setting(
        default="none", choices=("none", "eu"), meaning="whose summer time is kept"
    )
    rate_w_per_s: float | None = setting(
        default=None, above=0.0, meaning="how fast P moves",
        unset="the plant's `p_max_w` in 60 s",
    )  # fmt: skip
    hold_s: float = setting(
        default=600.0, low=0.0,
        meaning="how long the last power is held without a clock",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check(self)
        for name in ("every_day_w", *DAYS):
            points = getattr(self, name)
            if points and not 0.0 <= points[0][0] <= points[-1][0] <= DAY_HOURS:
                raise ValueError(f"{name} is {points!r}; its hours must be 0 to 24")


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    days: tuple[law.Points, ...]
    """The table of each day, Monday first."""
    rate_w_per_s: float


def figures(settings: ScheduleSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    every_day: law.Points = settings.every_day_w or ()
    return Figures(
        tuple(getattr(settings, name) or every_day for name in DAYS),
        settings.rate_w_per_s or plant.p_max_w / 60.0,
    )


def planned_w(
    settings: ScheduleSettings, plant: Figures, wall_s: float | None
) -> float | None:
    """What the table says for this time [W]; None: nothing, or it is not known."""
    if wall_s is None:
        return None
    now = local_time(
        wall_s, utc_offset_s=settings.utc_offset_s, summer_time=settings.summer_time
    )
    points = plant.days[now.weekday]
    if settings.interpolation == "linear":
        return law.linear_law(now.hours, points)
    return law.held_law(now.hours, points)
