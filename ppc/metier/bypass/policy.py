"""When another controller is in charge, and what the owner of the plant may set."""

from dataclasses import dataclass

from ppc.datamodel.observation import Orders
from ppc.metier.setting import check, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class BypassSettings:
    """Settings, from `config/plant.yaml`."""

    hold_s: float = setting(
        default=10.0,
        low=0.0,
        meaning="how long the bypass goes on after its order has expired",
    )

    def __post_init__(self) -> None:
        check(self)


def ordered(orders: Orders) -> bool:
    """Whether the bypass is ordered now."""
    return orders.bypass_code == 1 and orders.enable_code != 0
