"""How fast the plant may move, and what its owner may set."""

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.setting import check, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class RampRateLimitSettings:
    """Settings, from `config/plant.yaml`."""

    p_up_w_per_s: float | None = setting(
        default=None,
        above=0.0,
        meaning="fastest rise of P, whatever the reason",
        unset="20 % of the plant's `p_max_w` in a minute, 60 MW in a minute at most",
    )
    p_down_w_per_s: float | None = setting(
        default=None, above=0.0, meaning="fastest fall", unset="any"
    )

    def __post_init__(self) -> None:
        check(self)


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    up_w_per_s: float
    down_w_per_s: float


def figures(settings: RampRateLimitSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    usual_w_per_s = min(0.2 * plant.p_max_w, 60e6) / 60.0
    return Figures(
        settings.p_up_w_per_s or usual_w_per_s, settings.p_down_w_per_s or inf
    )
