"""Which limits in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import QMode
from ppc.metier.q_voltage_limit import law
from ppc.metier.q_voltage_limit.law import Band
from ppc.metier.q_voltage_limit.state_machine import Mode
from ppc.metier.selection import q_selected
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import first_order, open_loop_tau_s

VDE: Curve = ((0.94, 0.33), (0.96, 0.0), (1.04, 0.0), (1.06, -0.33))
"""Settings of makers of plant controllers and of public models for VDE-AR-N 4110."""
_POINTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class QVoltageLimitSettings:
    """Settings, from `config/plant.yaml`."""

    enabled: bool = setting(
        default=True,
        meaning="whether an ordered Q is limited while no mode is ordered",
    )
    points_pu: Curve = setting(
        default=VDE, form="curve",
        meaning="four points for a set-point of 0, voltage over nominal and Q over the"
        " plant's `p_max_w`: most Q, both ends of the band, least Q",
    )  # fmt: skip
    response_s: float = setting(
        default=5.0, low=0.0, high=600.0, meaning="time for 90 % of a limit's change"
    )
    hold_s: float = setting(
        default=10.0, low=0.0,
        meaning="how long the limits are held without a meter, and how long they"
        " outlive an order that expired",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check(self)
        xs = [x for x, _ in self.points_pu]
        if len(xs) != _POINTS or len(set(xs)) < _POINTS:
            raise ValueError(f"points_pu must be four points apart, not {len(xs)}")
        most, upper, lower, least = (y for _, y in self.points_pu)
        if not most > upper >= lower > least:
            raise ValueError("points_pu must fall, its two slopes without a level part")


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    v_nominal_v: float
    p_max_w: float
    q_full_var: Band
    """Limits beyond which nothing is limited: where they start and end."""
    tau_s: float


def figures(settings: QVoltageLimitSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    ends = [abs(y) * plant.p_max_w for _, y in settings.points_pu]
    full_var = max(plant.q_max_var, *ends)
    return Figures(
        v_nominal_v=plant.v_nominal_v,
        p_max_w=plant.p_max_w,
        q_full_var=(-full_var, full_var),
        tau_s=open_loop_tau_s(settings.response_s),
    )


class Force:
    """Remembers for `hold_s` a set-point that expired: it is still followed."""

    def __init__(self, settings: QVoltageLimitSettings) -> None:
        self._settings = settings
        self._since_s: float | None = None
        self.q_set_var = 0.0

    def holds(self, orders: Orders, time_s: float) -> bool:
        """Whether the limits are in force now."""
        law_now = QMode.LIMITED_BY_VOLTAGE
        if orders.q_set_var is not None:
            self.q_set_var = orders.q_set_var
        if q_selected(orders, law_now, enabled=self._settings.enabled):
            self._since_s = time_s
        elif orders.enable_code == 0 or orders.q_mode_code or not self._late(time_s):
            self._since_s = None
        return self._since_s is not None

    def _late(self, time_s: float) -> bool:
        since_s = self._since_s
        return since_s is not None and time_s - since_s <= self._settings.hold_s


class Now(NamedTuple):
    """The moment limits are asked for."""

    mode: Mode
    in_mode_s: float
    dt_s: float
    asked_var: Band | None
    """What the voltage leaves; None: it is not measured."""


def asked_var(
    v_v: float | None, settings: QVoltageLimitSettings, plant: Figures
) -> Band | None:
    """What the voltage leaves, in the end [var]; None: it is not measured."""
    if v_v is None:
        return None
    least, most = law.limit_law(v_v / plant.v_nominal_v, settings.points_pu)
    return _within((least * plant.p_max_w, most * plant.p_max_w), plant.q_full_var)


def next_band_var(
    last_var: Band, now: Now, settings: QVoltageLimitSettings, plant: Figures
) -> Band:
    """Limits for this cycle [var]."""
    if now.mode is Mode.OFF:
        return plant.q_full_var
    target_var = now.asked_var
    if target_var is None:
        target_var = _within(
            law.held_or_free(last_var, blind_s=now.in_mode_s, hold_s=settings.hold_s),
            plant.q_full_var,
        )
    low_var, high_var = (
        first_order(last, target, tau_s=plant.tau_s, dt_s=now.dt_s)
        for last, target in zip(last_var, target_var, strict=True)
    )
    return low_var, max(low_var, high_var)


def _within(band: Band, full: Band) -> Band:
    low, high = (min(max(limit, full[0]), full[1]) for limit in band)
    return low, high
