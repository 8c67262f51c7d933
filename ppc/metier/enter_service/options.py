"""What the owner of the plant may set, and what it comes to."""

from dataclasses import dataclass
from math import hypot
from typing import NamedTuple

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.setting import Curve, check, setting

_F_LOW_PU, _F_HIGH_PU = 47.5 / 50.0, 50.1 / 50.0
_F_TRIP_LOW_PU, _F_TRIP_HIGH_PU = 47.5 / 50.0, 51.5 / 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterServiceSettings:
    """Settings, from `config/plant.yaml`.

    Window, wait and ramp have the figures of Austria, the only ones of which the
    original was read. When the grid counts as lost is a choice of this project, beyond
    the dips and swells that RTE (fiches I6, I7) and Energinet want ridden through: set
    it to what the protection at the connection point is set to.
    """

    v_low_pu: float = setting(
        default=0.85, low=0.0, high=1.0, meaning="window of U, lower edge"
    )
    v_high_pu: float = setting(
        default=1.09, low=1.0, high=1.5, meaning="window of U, upper edge"
    )
    f_low_hz: float | None = setting(
        default=None, above=0.0, meaning="window of f, lower edge",
        unset="47.5 Hz, at 60 Hz 57.0 Hz",
    )  # fmt: skip
    f_high_hz: float | None = setting(
        default=None, above=0.0, meaning="window of f, upper edge",
        unset="50.1 Hz, at 60 Hz 60.12 Hz",
    )  # fmt: skip
    delay_s: float = setting(
        default=60.0, low=0.0, meaning="how long U and f must be in their window"
    )
    ramp_s: float = setting(
        default=600.0, low=0.0, meaning="from 0 to all of the connection, after that"
    )
    units_s: float = setting(
        default=300.0, low=0.0,
        meaning="how long the ramp waits at its foot for the first unit to follow",
    )  # fmt: skip
    cease_s: float = setting(
        default=1.0, low=0.0, high=2.0,
        meaning="how soon P and Q are 0 when permission is withdrawn",
    )  # fmt: skip
    automatic: bool = setting(
        default=True,
        meaning="whether the return of a lost grid is enough; else `enable_code` has "
        "to be ordered anew, 0 then 1",
    )
    wait_at_start: bool = setting(
        default=False,
        at_start=True,
        meaning="whether every start of the controller waits; else only one that finds "
        "U or f outside its window",
    )
    v_trip_low: Curve = setting(
        default=((0.05, 0.3), (0.45, 1.5), (0.8, 10.0)), form="curve", low=0.0,
        meaning="points [U in pu, s]: below U for that long, the grid is lost",
    )  # fmt: skip
    v_trip_high: Curve = setting(
        default=((1.2, 5.0), (1.35, 0.2)), form="curve", low=0.0,
        meaning="the same above U",
    )  # fmt: skip
    no_voltage_s: float = setting(
        default=0.3, low=0.0,
        meaning="how long the meter may answer without U and f while the units give "
        "nothing, before the grid is lost: without voltage many meters show no value",
    )  # fmt: skip
    f_trip_low_hz: float | None = setting(
        default=None, above=0.0, meaning="below it for `f_trip_s` the grid is lost",
        unset="47.5 Hz, at 60 Hz 57.0 Hz",
    )  # fmt: skip
    f_trip_high_hz: float | None = setting(
        default=None, above=0.0, meaning="above it for `f_trip_s` the grid is lost",
        unset="51.5 Hz, at 60 Hz 61.8 Hz",
    )  # fmt: skip
    f_trip_s: float = setting(
        default=0.5, low=0.0, meaning="how long f may be beyond those two"
    )
    hold_s: float = setting(
        default=2.0, low=0.0,
        meaning="how long times run on without a measurement; then they begin anew",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check(self)
        low_hz, high_hz = self.f_low_hz, self.f_high_hz
        if low_hz is not None and high_hz is not None and low_hz >= high_hz:
            raise ValueError(f"f_low_hz {low_hz} is not below f_high_hz {high_hz}")


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    v_nominal_v: float
    s_max_va: float
    f_low_hz: float
    f_high_hz: float
    f_trip_low_hz: float
    f_trip_high_hz: float


def figures(settings: EnterServiceSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    f_hz = plant.f_nominal_hz
    return Figures(
        v_nominal_v=plant.v_nominal_v,
        s_max_va=hypot(plant.p_max_w, plant.q_max_var),
        f_low_hz=settings.f_low_hz or _F_LOW_PU * f_hz,
        f_high_hz=settings.f_high_hz or _F_HIGH_PU * f_hz,
        f_trip_low_hz=settings.f_trip_low_hz or _F_TRIP_LOW_PU * f_hz,
        f_trip_high_hz=settings.f_trip_high_hz or _F_TRIP_HIGH_PU * f_hz,
    )
