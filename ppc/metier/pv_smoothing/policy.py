"""What is smoothed how, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.fleet import Fleet
from ppc.metier.pv_smoothing import law
from ppc.metier.setting import check, setting
from ppc.metier.shaping import approach, first_order

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PvSmoothingSettings:
    """Settings, from `config/plant.yaml`. Defaults are quoted from memory."""

    way: str = setting(
        default="lag", choices=("lag", "ramp"),
        meaning="what the power follows PV by: a first-order lag or a limited ramp",
    )  # fmt: skip
    tau_s: float = setting(
        default=300.0, above=0.0, high=3600.0, meaning="time constant of the lag"
    )
    ramp_w_per_s: float | None = setting(
        default=None, above=0.0, meaning="fastest change by way of a ramp",
        unset="a tenth of the plant's `p_max_w` in a minute",
    )  # fmt: skip
    load: str = setting(
        default="passes", choices=("passes", "smoothed"),
        meaning="whether the load at the POI is smoothed as well",
    )  # fmt: skip
    soc_gain_pu: float = setting(
        default=0.3, low=0.0, high=2.0,
        meaning="part of the batteries' power per unit of state of charge that leads"
        " them back",
    )  # fmt: skip
    soc_ref_pu: float = setting(
        default=0.5, low=0.0, high=1.0, meaning="state of charge they are led back to"
    )
    surplus: str = setting(
        default="export", choices=("export", "curtail"),
        meaning="what becomes of PV that full batteries cannot take",
    )  # fmt: skip
    hold_s: float = setting(
        default=5.0, low=0.0, meaning="how long the last answer is held without a meter"
    )

    def __post_init__(self) -> None:
        check(self)


def ramp_w_per_s(settings: PvSmoothingSettings, plant: ConnectionPoint) -> float:
    """Fill in from the plant what the settings leave out."""
    return settings.ramp_w_per_s or 0.1 * plant.p_max_w / _MINUTE_S


class Sight(NamedTuple):
    """What there is to smooth, and what is added to it."""

    source_w: float
    """What is smoothed."""
    beside_w: float
    """What is added to it for the power at the POI: the load, and for the batteries."""


def sight(settings: PvSmoothingSettings, units: Fleet, taken_w: float) -> Sight:
    """Look at PV, load and batteries."""
    restore_w = 0.0
    if units.soc_pu is not None:
        restore_w = law.restore_law(
            units.soc_pu,
            soc_ref_pu=settings.soc_ref_pu,
            gain_pu=settings.soc_gain_pu,
            rated_w=units.bess_rated_w,
        )
    if settings.load == "smoothed":
        return Sight(units.pv_w - taken_w, restore_w)
    return Sight(units.pv_w, restore_w - taken_w)


def next_w(
    last_w: float,
    source_w: float,
    settings: PvSmoothingSettings,
    *,
    ramp_w_per_s: float,
    dt_s: float,
) -> float:
    """What is smoothed, `dt_s` later [W]."""
    if settings.way == "ramp":
        return approach(last_w, source_w, rate_per_s=ramp_w_per_s, dt_s=dt_s)
    return first_order(last_w, source_w, tau_s=settings.tau_s, dt_s=dt_s)
