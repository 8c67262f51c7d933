"""Which law in which mode, and what the owner of the plant may set."""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import QMode
from ppc.metier.selection import q_selected
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import first_order, open_loop_tau_s
from ppc.metier.volt_var import law
from ppc.metier.volt_var.state_machine import Mode

CATEGORY_B: Curve = ((0.92, 0.44), (0.98, 0.0), (1.02, 0.0), (1.08, -0.44))
"""IEEE 1547-2018, table 8, category B; its response time is 5 s."""
_SAMPLE_S = 1.0
_EARLY_S = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class VoltVarSettings:
    """Settings, from `config/plant.yaml`."""

    enabled: bool = setting(
        default=True, meaning="whether Q follows the curve while no mode is ordered"
    )
    points_pu: Curve = setting(
        default=CATEGORY_B, form="curve",
        meaning="the curve: voltage over nominal, Q over the plant's `p_max_w`",
    )  # fmt: skip
    response_s: float = setting(
        default=5.0, low=0.0, high=600.0, meaning="time for 90 % of the answer"
    )
    v_reference_pu: float = setting(
        default=1.0,
        low=law.V_REFERENCE_RANGE_PU[0],
        high=law.V_REFERENCE_RANGE_PU[1],
        meaning="voltage to which the curve is moved from 1, while none is ordered",
    )
    v_reference_tau_s: float | None = setting(
        default=None, low=300.0, high=5000.0,
        meaning="time constant with which that voltage follows the grid's by itself",
        unset="it does not",
    )  # fmt: skip
    q_offset_pu: float = setting(
        default=0.0, low=-1.0, high=1.0, meaning="added to the Q of every point"
    )
    average_s: float = setting(
        default=0.0, low=0.0, high=600.0,
        meaning="mean of so many samples, one a second, instead of the voltage itself",
    )  # fmt: skip
    p_lock_in_pu: float | None = setting(
        default=None, above=0.0, high=1.0,
        meaning="share of `p_max_w`, in or out, from which Q follows the curve",
        unset="it always does",
    )  # fmt: skip
    p_lock_out_pu: float | None = setting(
        default=None, above=0.0, high=1.0,
        meaning="share of `p_max_w` below which Q goes to 0",
        unset="`p_lock_in_pu`",
    )  # fmt: skip
    q_default_var: float = setting(
        default=0.0, meaning="Q to go to when the meter stays silent"
    )
    hold_s: float = setting(
        default=10.0, low=0.0, meaning="how long the last Q is held without a meter"
    )
    reset_s: float = setting(
        default=5.0, low=0.0, meaning="how long the meter must be steady to act again"
    )

    def __post_init__(self) -> None:
        check(self)
        lock_in, lock_out = self.p_lock_in_pu, self.p_lock_out_pu
        if lock_out is not None and (lock_in is None or lock_out > lock_in):
            raise ValueError(
                f"p_lock_out_pu {lock_out} is above p_lock_in_pu {lock_in}"
            )


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    v_nominal_v: float
    p_max_w: float
    q_max_var: float
    q_default_var: float
    tau_s: float


def figures(settings: VoltVarSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    q_max_var = plant.q_max_var
    return Figures(
        v_nominal_v=plant.v_nominal_v,
        p_max_w=plant.p_max_w,
        q_max_var=q_max_var,
        q_default_var=min(max(settings.q_default_var, -q_max_var), q_max_var),
        tau_s=open_loop_tau_s(settings.response_s),
    )


def enabled(orders: Orders, settings: VoltVarSettings) -> bool:
    """Whether Q is to follow the curve."""
    return q_selected(orders, QMode.VOLT_VAR, enabled=settings.enabled)


class Lock:
    """Remembers whether enough active power flowed when it was last measured."""

    def __init__(self, settings: VoltVarSettings) -> None:
        self._in_pu = settings.p_lock_in_pu
        self._out_pu = settings.p_lock_out_pu or settings.p_lock_in_pu or 0.0
        self._locked = settings.p_lock_in_pu is not None

    def locked(self, p_pu: float | None) -> bool:
        """Whether Q(U) is locked now."""
        if self._in_pu is not None and p_pu is not None:
            self._locked = law.lock_law(
                p_pu,
                locked=self._locked,
                lock_in_pu=self._in_pu,
                lock_out_pu=self._out_pu,
            )
        return self._locked


class Average:
    """The moving mean of samples taken one a second; the voltage itself if not set.

    So Enedis has it for Q = f(U): the mean of the last 10 samples of 1 s, held between
    them, and none before the first 10 (a public model derived from NOI-RES_60E). After
    a gap longer than the window it begins anew.
    """

    def __init__(self, settings: VoltVarSettings) -> None:
        self._samples: deque[float] = deque(maxlen=round(settings.average_s))
        self._due_s = self._last_s = 0.0

    def of(self, value: float | None, time_s: float) -> float | None:
        """The mean with what is measured now, or None while there is none."""
        samples = self._samples
        if value is None or not samples.maxlen:
            return value
        if not samples or time_s - self._last_s > samples.maxlen * _SAMPLE_S:
            samples.clear()
            self._due_s = time_s
        self._last_s = time_s
        if time_s >= self._due_s - _EARLY_S:
            samples.append(value)
            self._due_s = max(self._due_s, time_s - _SAMPLE_S) + _SAMPLE_S
        full = len(samples) == samples.maxlen
        return sum(samples) / len(samples) if full else None


class Reference:
    """The voltage to which the curve is moved: ordered, else set or found by itself."""

    def __init__(self, settings: VoltVarSettings) -> None:
        self._settings = settings
        self._v_pu = settings.v_reference_pu

    def v_pu(self, v_pu: float | None, orders: Orders, dt_s: float) -> float:
        """The reference now; it goes on by itself from where an order left it."""
        tau_s = self._settings.v_reference_tau_s
        if orders.v_set_pu is not None:
            low, high = law.V_REFERENCE_RANGE_PU
            self._v_pu = min(max(orders.v_set_pu, low), high)
        elif tau_s is None:
            self._v_pu = self._settings.v_reference_pu
        elif v_pu is not None:
            self._v_pu = law.reference_law(self._v_pu, v_pu, tau_s=tau_s, dt_s=dt_s)
        return self._v_pu


class Now(NamedTuple):
    """The moment a law is asked."""

    mode: Mode
    in_mode_s: float
    dt_s: float
    v_pu: float | None
    v_reference_pu: float


def next_q_var(
    last_q_var: float, now: Now, settings: VoltVarSettings, plant: Figures
) -> float | None:
    """Reactive power for this cycle [var], or None to leave it to others."""
    match now.mode:
        case Mode.OFF:
            return None
        case Mode.AUTO:
            assert now.v_pu is not None, "AUTO implies a trusted voltage"
            asked_var = plant.p_max_w * law.curve_law(
                now.v_pu,
                settings.points_pu,
                v_reference_pu=now.v_reference_pu,
                q_offset_pu=settings.q_offset_pu,
            )
            aim_var = min(max(asked_var, -plant.q_max_var), plant.q_max_var)
        case Mode.LOCKED:
            aim_var = 0.0
        case Mode.ERROR:
            hold = now.in_mode_s <= settings.hold_s
            aim_var = last_q_var if hold else plant.q_default_var
    return first_order(last_q_var, aim_var, tau_s=plant.tau_s, dt_s=now.dt_s)
