"""Which level is in force, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.run_back import law
from ppc.metier.setting import check, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBackSettings:
    """Settings, from `config/plant.yaml`."""

    levels_pu: tuple[float, ...] = setting(
        default=(0.6, 0.3, 0.0),
        low=0.0,
        high=1.0,
        form="several",
        meaning="most power, either way, of `p_max_w`, at each level; the default is"
        " that of ripple-control receivers",
    )
    rate_pu_per_s: float = setting(
        default=0.15,
        above=0.0,
        meaning="how fast power goes to a level, of `p_max_w` in a second",
    )
    release_pu_per_s: float = setting(
        default=0.15,
        above=0.0,
        meaning="how fast the limit is given back, of `p_max_w` in a second",
    )

    def __post_init__(self) -> None:
        check(self)


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    none_w: float
    p_max_w: float
    down_w_per_s: float
    up_w_per_s: float


def figures(settings: RunBackSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    return Figures(
        none_w=max(plant.p_max_w, -plant.p_min_w),
        p_max_w=plant.p_max_w,
        down_w_per_s=settings.rate_pu_per_s * plant.p_max_w,
        up_w_per_s=settings.release_pu_per_s * plant.p_max_w,
    )


def target_w(code: int, settings: RunBackSettings, plant: Figures) -> float:
    """The limit to go to, either way [W]."""
    level_pu = law.level_law(code, settings.levels_pu)
    return plant.none_w if level_pu is None else level_pu * plant.p_max_w


def next_limit_w(
    last_w: float,
    target_w: float,
    p_w: float | None,
    plant: Figures,
    *,
    dt_s: float,
) -> float:
    """The limit for this cycle, either way [W]."""
    return law.limit_law(
        last_w,
        target_w,
        power=None if p_w is None else abs(p_w),
        down_per_s=plant.down_w_per_s,
        up_per_s=plant.up_w_per_s,
        dt_s=dt_s,
    )
