"""How much is kept in reserve, and what the owner of the plant may set."""

from dataclasses import dataclass

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.active_power_reserve import law
from ppc.metier.fleet import Fleet
from ppc.metier.setting import check, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivePowerReserveSettings:
    """Settings, from `config/plant.yaml`."""

    reserve_pu: float = setting(
        default=0.0, low=0.0, high=1.0,
        meaning="reserve while none is ordered; 0: none",
    )  # fmt: skip
    reserve_of: str = setting(
        default="p_max", choices=("p_max", "available"),
        meaning="what `reserve_pu` is a part of: the plant's `p_max_w`, or the power"
        " of PV and batteries that is there",
    )  # fmt: skip
    sustain_s: float = setting(
        default=900.0, low=0.0, high=14400.0,
        meaning="how long batteries must be able to give what is counted of them",
    )  # fmt: skip
    soc_min_pu: float = setting(
        default=0.05, low=0.0, high=1.0,
        meaning="state of charge below which nothing counts",
    )  # fmt: skip
    rate_w_per_s: float | None = setting(
        default=None, above=0.0, meaning="how fast the reserve grows and shrinks",
        unset="the plant's `p_max_w` in 60 s",
    )  # fmt: skip
    hold_s: float = setting(
        default=5.0, low=0.0, meaning="how long the limit is held without a meter"
    )

    def __post_init__(self) -> None:
        check(self)


def rate_w_per_s(settings: ActivePowerReserveSettings, plant: ConnectionPoint) -> float:
    """Fill in from the plant what the settings leave out."""
    return settings.rate_w_per_s or plant.p_max_w / 60.0


def available_w(settings: ActivePowerReserveSettings, units: Fleet) -> float:
    """What PV and batteries could give, at their terminals [W]."""
    if units.soc_pu is None:
        return units.pv_w
    return units.pv_w + law.sustained_law(
        units.bess_able_w.high,
        soc_pu=units.soc_pu,
        soc_min_pu=settings.soc_min_pu,
        e_max_wh=units.e_max_wh,
        sustain_s=settings.sustain_s,
    )


def reserve_w(
    settings: ActivePowerReserveSettings,
    orders: Orders,
    *,
    p_max_w: float,
    available_w: float,
) -> float:
    """The reserve to be kept: what is ordered, else what is set [W]."""
    if orders.enable_code == 0:
        return 0.0
    if orders.p_reserve_w is not None:
        return orders.p_reserve_w
    whole_w = p_max_w if settings.reserve_of == "p_max" else max(available_w, 0.0)
    return settings.reserve_pu * whole_w
