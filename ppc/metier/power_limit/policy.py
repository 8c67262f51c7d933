"""Which limits in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from math import inf
from typing import Literal, NamedTuple

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.power_limit import law
from ppc.metier.power_limit.law import Band
from ppc.metier.power_limit.state_machine import Mode
from ppc.metier.setting import check, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLimitSettings:
    """Settings, from `config/plant.yaml`."""

    rate_w_per_s: float | None = setting(
        default=None,
        above=0.0,
        meaning="how fast a limit moves, and P goes to 0 when blocked",
        unset="the plant's `p_max_w` in 5 s",
    )
    q_rate_var_per_s: float | None = setting(
        default=None,
        above=0.0,
        meaning="how fast Q goes to 0 when blocked",
        unset="the plant's `q_max_var` in 5 s",
    )
    fallback: Literal["hold", "default", "none"] = setting(
        default="hold",
        choices=("hold", "default", "none"),
        meaning="what stands in for a limit that expired: the last one, the default"
        " below, or only the connection's",
    )
    p_default_max_w: float | None = setting(
        default=None,
        meaning="upper limit for fallback default",
        unset="the plant's `p_max_w`",
    )
    p_default_min_w: float | None = setting(
        default=None,
        meaning="lower limit for fallback default",
        unset="the plant's `p_min_w`",
    )

    def __post_init__(self) -> None:
        check(self)
        low_w, high_w = self.p_default_min_w, self.p_default_max_w
        if low_w is not None and high_w is not None and low_w > high_w:
            raise ValueError(
                f"p_default_min_w {low_w} is above p_default_max_w {high_w}"
            )


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    connection_w: Band
    default_w: Band
    rate_w_per_s: float
    q_rate_var_per_s: float


def figures(settings: PowerLimitSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    low_w, high_w = settings.p_default_min_w, settings.p_default_max_w
    return Figures(
        connection_w=(plant.p_min_w, plant.p_max_w),
        default_w=(
            plant.p_min_w if low_w is None else low_w,
            plant.p_max_w if high_w is None else high_w,
        ),
        rate_w_per_s=settings.rate_w_per_s or plant.p_max_w / 5.0,
        q_rate_var_per_s=settings.q_rate_var_per_s or plant.q_max_var / 5.0,
    )


class Limits(NamedTuple):
    """What the operator allows: each side by an order, or by what stands in for it."""

    band_w: Band
    limited: bool
    expired: bool


class _Side:
    """One of the operator's two limits, and what stands in for it once it expired."""

    def __init__(self, *, none_w: float, default_w: float, fallback: str) -> None:
        self._none_w = none_w
        self._default_w = default_w
        self._fallback = fallback
        self._last_w: float | None = None

    def limit(self, order_w: float | None) -> tuple[float, bool]:
        """The limit [W], and whether it only stands in for one that expired."""
        if order_w is not None:
            self._last_w = order_w
            return order_w, False
        if self._last_w is None or self._fallback == "none":
            return self._none_w, False
        return (self._last_w if self._fallback == "hold" else self._default_w), True


class Operator:
    """Remembers what the operator allowed."""

    def __init__(self, settings: PowerLimitSettings, plant: Figures) -> None:
        low_w, high_w = plant.default_w
        fallback = settings.fallback
        self._connection_w = plant.connection_w
        self._low = _Side(none_w=-inf, default_w=low_w, fallback=fallback)
        self._high = _Side(none_w=inf, default_w=high_w, fallback=fallback)

    def limits(self, orders: Orders) -> Limits:
        """The limits to go to, before any ramp."""
        low_w, low_stands_in = self._low.limit(orders.p_limit_min_w)
        high_w, high_stands_in = self._high.limit(orders.p_limit_max_w)
        least_w, most_w = self._connection_w
        band_w = law.band(low_w, high_w, within=self._connection_w)
        return Limits(
            band_w,
            limited=band_w != self._connection_w,
            expired=(low_stands_in and band_w[0] > least_w)
            or (high_stands_in and band_w[1] < most_w),
        )


def target_w(mode: Mode, limits: Limits) -> Band:
    """The limits to go to in this mode."""
    return (0.0, 0.0) if mode is Mode.BLOCKED else limits.band_w


def start_w(mode: Mode, present_w: Band, target_w: Band, p_w: float) -> Band:
    """Where the limits start from, the plant being at `p_w`, before they move.

    A blocked plant is led to zero from where it stands, by limits that leave it one
    point; else only what the limits have to give up anyway is given up at once.
    """
    if mode is Mode.BLOCKED:
        point_w = min(max(p_w, present_w[0]), present_w[1])
        return point_w, point_w
    return law.close_in(present_w, target_w, p_w)
