"""How much may be imported now, and what the owner of the plant may set."""

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.peak_shaving import law
from ppc.metier.setting import check, setting

RELEASE_PU = 0.02
_SPREAD_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakShavingSettings:
    """Settings, from `config/plant.yaml`. Import is positive here."""

    peak_w: float | None = setting(
        default=None, low=0.0, meaning="highest import at the POI",
        unset="the connection's, -`p_min_w`",
    )  # fmt: skip
    window_s: float = setting(
        default=0.0, low=0.0, high=3600.0,
        meaning="time whose mean the peak is, counted from the full hour of UTC, as a"
        " quarter of an hour is 900; 0: each moment's",
    )  # fmt: skip
    recharge_w: float | None = setting(
        default=None, low=0.0,
        meaning="import up to which batteries are charged again; below `peak_w`",
        unset="not charged by this function",
    )  # fmt: skip
    soc_full_pu: float = setting(
        default=0.9, low=0.0, high=1.0,
        meaning="state of charge up to which they are charged again",
    )  # fmt: skip
    soc_again_pu: float = setting(
        default=0.05, low=0.0, high=1.0,
        meaning="how far it must have fallen before they are charged anew",
    )  # fmt: skip
    rate_w_per_s: float | None = setting(
        default=None, above=0.0, meaning="how fast charging begins",
        unset="the plant's `p_max_w` in 5 s",
    )  # fmt: skip
    order_hold_s: float = setting(
        default=10.0, low=0.0,
        meaning="how long a P order that expired still counts, as `hold_s` of"
        " set_point_tracking: only then they are charged",
    )  # fmt: skip
    hold_s: float = setting(
        default=5.0, low=0.0, meaning="how long the last answer is held without a meter"
    )

    def __post_init__(self) -> None:
        check(self)
        if 0.0 < self.window_s < 2.0 * _SPREAD_S:
            raise ValueError(f"window_s is {self.window_s}; it must be 0 or >= 20")
        if None not in {self.peak_w, self.recharge_w} and not (
            (self.recharge_w or 0.0) < (self.peak_w or 0.0)
        ):
            raise ValueError(
                f"recharge_w {self.recharge_w} is not below peak_w {self.peak_w}"
            )


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    peak_w: float
    recharge_w: float
    most_w: float
    """No import is allowed beyond it, whatever was saved."""
    rate_w_per_s: float


def figures(settings: PeakShavingSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    most_w = -min(plant.p_min_w, 0.0)
    recharge_w = settings.recharge_w
    return Figures(
        peak_w=most_w if settings.peak_w is None else settings.peak_w,
        recharge_w=-inf if recharge_w is None else recharge_w,
        most_w=most_w,
        rate_w_per_s=settings.rate_w_per_s or plant.p_max_w / 5.0,
    )


class Window:
    """What was imported since the running window began, as far as it was seen.

    What was not seen counts as import at the peak, so nothing can be saved by it:
    before the first cycle, without a meter, and where the clock on the wall jumped.
    """

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._which: float | None = None
        self._seen_s = 0.0
        self._imported_ws = 0.0

    def allowed_w(self, obs: SystemObs, peak_w: float) -> float:
        """Import that is allowed now [W]; without a window or its clock the peak."""
        if self._window_s == 0.0 or obs.wall_s is None:
            self._which = None
            return peak_w
        which, elapsed_s = divmod(obs.wall_s, self._window_s)
        if which != self._which or self._seen_s > elapsed_s + obs.dt_s:
            self._which, self._seen_s, self._imported_ws = which, 0.0, 0.0
        if obs.poi.p_w is not None:
            span_s = min(obs.dt_s, max(elapsed_s - self._seen_s, 0.0))
            self._seen_s += span_s
            self._imported_ws += max(-obs.poi.p_w, 0.0) * span_s
        unseen_s = max(elapsed_s - self._seen_s, 0.0)
        return law.window_law(
            peak_w,
            imported_ws=self._imported_ws + peak_w * unseen_s,
            elapsed_s=elapsed_s,
            window_s=self._window_s,
            least_s=_SPREAD_S,
        )


class Charge:
    """Whether the batteries are to be charged again, with hysteresis."""

    def __init__(self, settings: PeakShavingSettings) -> None:
        self._full_pu = settings.soc_full_pu
        self._again_pu = settings.soc_full_pu - settings.soc_again_pu
        self._wanted = False

    def wanted(self, soc_pu: float | None) -> bool:
        """Whether they are; not while their state of charge is unknown."""
        if soc_pu is None or soc_pu >= self._full_pu:
            self._wanted = False
        elif soc_pu <= self._again_pu:
            self._wanted = True
        return self._wanted


class Order:
    """Whether a P is ordered, or was until lately: others may still follow it."""

    def __init__(self, settings: PeakShavingSettings) -> None:
        self._hold_s = settings.order_hold_s
        self._heard_s: float | None = None

    def counts(self, p_set_w: float | None, time_s: float) -> bool:
        """Whether it still counts."""
        if p_set_w is not None:
            self._heard_s = time_s
        return self._heard_s is not None and time_s - self._heard_s <= self._hold_s
