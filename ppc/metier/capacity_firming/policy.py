"""Which power is committed when, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.capacity_firming import law
from ppc.metier.capacity_firming.state_machine import Mode
from ppc.metier.fleet import Fleet
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import polyline
from ppc.metier.wall_clock import SummerTime, local_time

DAY_HOURS = 24.0
INNER_PU = 0.5
_SOC_AGAIN_PU = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityFirmingSettings:
    """Settings, from `config/plant.yaml`."""

    plan_w: Curve | None = setting(
        default=None, form="curve",
        meaning="power at the POI that is committed over the hours of the day, 0 to 24",
        unset="nothing is committed",
    )  # fmt: skip
    utc_offset_s: float = setting(
        default=0.0, low=-50400.0, high=50400.0,
        meaning="how far the plant's standard time is ahead of UTC",
    )  # fmt: skip
    summer_time: SummerTime = setting(
        default="none", choices=("none", "eu"), meaning="whose summer time is kept"
    )
    band_w: float | None = setting(
        default=None, low=0.0, meaning="how far the power may be from the plan",
        unset="5 % of the plant's `p_max_w`",
    )  # fmt: skip
    soc_min_pu: float = setting(
        default=0.3, low=0.0, high=1.0, meaning="no discharge for the plan below it"
    )
    soc_max_pu: float = setting(
        default=0.9, low=0.0, high=1.0, meaning="no charge for the plan above it"
    )
    soc_ref_pu: float = setting(
        default=0.6, low=0.0, high=1.0,
        meaning="state of charge batteries are led back to inside the band",
    )  # fmt: skip
    soc_gain_pu: float = setting(
        default=0.5, low=0.0, high=10.0,
        meaning="part of their power per unit of state of charge for that",
    )  # fmt: skip
    surplus: str = setting(
        default="export", choices=("export", "curtail"),
        meaning="what becomes of PV above the band that batteries cannot take",
    )  # fmt: skip
    rate_w_per_s: float | None = setting(
        default=None, above=0.0,
        meaning="how fast the power moves against the plan",
        unset="the plant's `p_max_w` in 60 s",
    )  # fmt: skip
    hold_s: float = setting(
        default=5.0, low=0.0,
        meaning="how long the last answer is held without meter or clock",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check(self)
        if self.soc_min_pu >= self.soc_max_pu:
            raise ValueError(
                f"soc_min_pu {self.soc_min_pu} is not below "
                f"soc_max_pu {self.soc_max_pu}"
            )
        if self.plan_w and not (
            self.plan_w[0][0] >= 0.0 and self.plan_w[-1][0] <= DAY_HOURS
        ):
            raise ValueError(
                f"plan_w is {self.plan_w!r}; its hours must be 0 to {DAY_HOURS:g}"
            )


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    band_w: float
    rate_w_per_s: float


def figures(settings: CapacityFirmingSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    band_w = settings.band_w
    return Figures(
        0.05 * plant.p_max_w if band_w is None else band_w,
        settings.rate_w_per_s or plant.p_max_w / 60.0,
    )


def plan_w(settings: CapacityFirmingSettings, wall_s: float | None) -> float | None:
    """What is committed now [W]; None: nothing, or the time of day is not known."""
    if settings.plan_w is None or wall_s is None:
        return None
    now = local_time(
        wall_s, utc_offset_s=settings.utc_offset_s, summer_time=settings.summer_time
    )
    return polyline(now.hours, settings.plan_w)


class Store:
    """Whether the state of charge allows batteries to help, with hysteresis."""

    def __init__(self, settings: CapacityFirmingSettings) -> None:
        self._low_pu, self._high_pu = settings.soc_min_pu, settings.soc_max_pu
        self._empty = self._full = False

    def usable(self, soc_pu: float, *, surplus: bool) -> bool:
        """Whether they may charge, where there is a surplus, else discharge."""
        again_pu = self._low_pu + (_SOC_AGAIN_PU if self._empty else 0.0)
        self._empty = soc_pu <= again_pu
        again_pu = self._high_pu - (_SOC_AGAIN_PU if self._full else 0.0)
        self._full = soc_pu >= again_pu
        return not (self._full if surplus else self._empty)


class Now(NamedTuple):
    """The moment a law is asked."""

    mode: Mode
    plan_w: float
    resting_w: float
    units: Fleet


def wanted_w(now: Now, settings: CapacityFirmingSettings, band_w: float) -> float:
    """Power at the POI to go to [W]."""
    match now.mode:
        case Mode.EMERGENCY:
            return now.plan_w
        case Mode.EXHAUSTED:
            return law.exhausted_law(
                now.resting_w,
                plan_w=now.plan_w,
                band_w=band_w,
                curtail=settings.surplus == "curtail",
            )
    assert now.units.soc_pu is not None, "this mode implies a state of charge"
    return law.replacement_law(
        now.resting_w,
        plan_w=now.plan_w,
        band_w=band_w,
        soc_pu=now.units.soc_pu,
        soc_ref_pu=settings.soc_ref_pu,
        gain_pu=settings.soc_gain_pu,
        rated_w=now.units.bess_rated_w,
    )
