"""What control may know: the plant as seen at the start of one cycle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from ppc.datamodel.rating import UnitRating
from ppc.keys import DeviceState, Key


class Quality(StrEnum):
    """How far a value may be trusted. Terms of IEC 61850-7-3, 6.2."""

    GOOD = "good"
    OLD_DATA = "oldData"
    OUT_OF_RANGE = "outOfRange"
    FAILURE = "failure"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of one device, with the time until which it may be believed.

    Made on demand for people (history, pages, tests); control reads `SystemObs`.
    """

    device: str
    key: Key
    value: float
    time_s: float
    expires_s: float
    quality: Quality = Quality.GOOD

    def quality_at(self, now_s: float) -> Quality:
        """Quality as seen at `now_s`: a good value grows old."""
        if self.quality is Quality.GOOD and now_s > self.expires_s:
            return Quality.OLD_DATA
        return self.quality


class Poi(NamedTuple):
    """The point of interconnection. None: not measured, or not to be trusted."""

    v_v: float | None = None
    f_hz: float | None = None
    p_w: float | None = None
    q_var: float | None = None
    fresh: bool = True
    """Whether the meter has answered since the last cycle; else the values are those
    of before."""


DOWN = frozenset((float(DeviceState.FAULT), float(DeviceState.OFF)))
"""States in which a device says that it cannot run."""


class Unit(NamedTuple):
    """One controllable unit, battery or PV. None: unknown, or not to be trusted.

    A named tuple, not a dataclass: one is built per unit and cycle, and it costs a
    third (docs/decisions/0006).
    """

    rating: UnitRating
    p_w: float | None = None
    q_var: float | None = None
    p_available_w: float | None = None
    p_available_min_w: float | None = None
    soc_pu: float | None = None
    state_code: float | None = None

    @property
    def name(self) -> str:
        return self.rating.name

    @property
    def faulted(self) -> bool:
        """Whether the unit itself says that it cannot run."""
        return self.state_code in DOWN


class Setpoint(NamedTuple):
    """What a unit was last asked for."""

    p_w: float
    q_var: float


class Aim(NamedTuple):
    """What the plant was last aimed at, at the POI."""

    p_w: float
    q_var: float
    p_choice_w: float | None = None
    """What was chosen of it; the rest rode on it. None: all of it."""

    @property
    def chosen_w(self) -> float:
        return self.p_w if self.p_choice_w is None else self.p_choice_w


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What was last asked of the plant, of all sources together. None: no order, or it
    has expired.
    """

    p_set_w: float | None = None
    q_set_var: float | None = None
    v_set_pu: float | None = None
    p_limit_max_w: float | None = None
    p_limit_min_w: float | None = None
    enable_code: float | None = None
    q_mode_code: float | None = None
    pf_set_pu: float | None = None
    excitation_code: float | None = None
    run_back_code: float | None = None
    p_reserve_w: float | None = None
    emergency_stop_code: float | None = None
    reset_code: float | None = None
    bypass_code: float | None = None
    f_test_hz: float | None = None
    v_test_pu: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemObs:
    """Everything control may know this cycle: the process image, frozen.

    A value that control must not use is None here. Its last reading, its age and
    the reason live in the `Observation`, which the recorder and the operator see.
    """

    time_s: float
    dt_s: float
    wall_s: float | None = None
    """Unix time, for what is agreed by the clock on the wall. None: not to be trusted.
    It may jump, back too; all durations are counted in `time_s`."""
    poi: Poi = field(default_factory=Poi)
    poi2: Poi | None = None
    """What a second meter shows at the same point. None: there is none."""
    bess: Mapping[str, Unit] = field(default_factory=dict)
    pv: Mapping[str, Unit] = field(default_factory=dict)
    orders: Orders = Orders()
    asked_by: Mapping[str, str] = field(default_factory=dict)
    """Of each order in force, by its name: the source that asked for it."""
    aim: Aim | None = None
    """What was granted in the end in the cycle before. None: there was none."""
    asked: Mapping[str, Setpoint] = field(default_factory=dict)
    """What the units that served were asked for in the cycle before."""
    units: Mapping[str, Unit] = field(init=False, repr=False, compare=False)
    """Batteries, then PV."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", {**self.bess, **self.pv})
