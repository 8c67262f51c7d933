"""Which law in which mode, and what the owner of the plant may set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.observation import Orders, Unit
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.energy_management import law
from ppc.metier.energy_management.memory import Thresholds
from ppc.metier.energy_management.state_machine import Mode
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import approach


class Scheme(NamedTuple):
    """What an area asks for where the owner sets nothing else."""

    ratio: float
    """Least rated power over reserve."""
    restore_pu: float
    normal_hz: float
    full_hz: float
    alert: Curve


_SCHEMES = {
    "continental": Scheme(
        1.25, 0.25, 0.01, 0.2, ((0.05, 900.0), (0.1, 300.0), (0.2, 0.0))
    ),
    # Alert state as in Regulation (EU) 2017/1485, Art. 18 (quoted from memory): half of
    # the largest steady-state deviation for 5 min, the standard range for 15 min.
    "nordic": Scheme(1.34, 0.34, 0.1, 0.1, ((0.1, 900.0), (0.25, 300.0), (0.5, 0.0))),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyManagementSettings:
    """Settings, from `config/plant.yaml`."""

    enabled: bool = setting(default=True, meaning="whether the store is looked after")
    scheme: str = setting(
        default="continental", choices=tuple(_SCHEMES),
        meaning="continental: the store is led to `soc_target_pu`, never against the "
        "frequency; nordic: normal state energy management of FCR-N, by endurance",
    )  # fmt: skip
    reserve_pu: float = setting(
        default=0.5, above=0.0, high=1.0,
        meaning="reserve sold, per unit of `p_max_w`; at most 0.8, nordic 0.746",
    )  # fmt: skip
    full_hz: float | None = setting(
        default=None, above=0.0, meaning="deviation at which all of it is given",
        unset="0.2 Hz, nordic 0.1 Hz",
    )  # fmt: skip
    restore_pu: float | None = setting(
        default=None, low=0.125, high=0.5,
        meaning="power that restores the store, as a part of the reserve; 0.125 "
        "restores 15 min of full reserve in 2 h if the frequency always lets it; it "
        "does so half of the time or less", unset="0.25, nordic 0.34",
    )  # fmt: skip
    normal_hz: float | None = setting(
        default=None, above=0.0, high=0.5,
        meaning="deviation from nominal within which it may be restored either way",
        unset="0.01 Hz, nordic 0.1 Hz",
    )  # fmt: skip
    assist: bool = setting(
        default=False,
        meaning="continental: whether beyond it restoring may go on that helps the "
        "grid; TenneT takes that for over-reacting",
    )
    ramp_s: float = setting(
        default=15.0, low=1.0, high=1800.0,
        meaning="continental: time in which that power comes and goes; slower, most of "
        "it is lost, as the frequency stays within `normal_hz` for seconds only",
    )  # fmt: skip
    mean_s: float = setting(
        default=300.0, low=1.0, high=1800.0,
        meaning="nordic: time over which that power is averaged; and the frequency, "
        "where short-term deviations are answered",
    )  # fmt: skip
    soc_min_pu: float = setting(
        default=0.05, low=0.0, high=1.0, meaning="least state of charge to be used"
    )
    soc_max_pu: float = setting(default=0.95, low=0.0, high=1.0, meaning="most of it")
    soc_target_pu: float = setting(
        default=0.5, low=0.0, high=1.0,
        meaning="continental: where the store is led to",
    )  # fmt: skip
    begin_pu: float = setting(
        default=0.05, above=0.0, high=0.5,
        meaning="continental: distance from it at which restoring begins",
    )  # fmt: skip
    end_pu: float = setting(
        default=0.01, low=0.0, high=0.5, meaning="and at which it ends"
    )
    begin_endurance_s: float = setting(
        default=1800.0,
        above=0.0,
        meaning="nordic: endurance below which restoring begins",
    )
    end_endurance_s: float = setting(
        default=3450.0, above=0.0, meaning="and at which it ends"
    )
    alert: Curve | None = setting(
        default=None, low=0.0, form="curve",
        meaning="deviation [Hz] and how long it may last [s] before it is alert state",
        unset="0.05 Hz 15 min, 0.1 Hz 5 min, 0.2 Hz at once; nordic 0.1, 0.25, 0.5 Hz",
    )  # fmt: skip
    short_term: bool = setting(
        default=False,
        meaning="whether, with the store nearly at its end, only short-term deviations "
        "are answered; another function has to give the reserve in proportion",
    )
    short_begin_endurance_s: float = setting(
        default=300.0, above=0.0, meaning="endurance below which that begins"
    )
    short_end_endurance_s: float = setting(
        default=600.0, above=0.0, meaning="and at which it ends"
    )
    hold_s: float = setting(
        default=60.0, low=0.0,
        meaning="how long frequency and state of charge count that are not renewed",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check(self)
        for small, large in (
            ("soc_min_pu", "soc_target_pu"),
            ("soc_target_pu", "soc_max_pu"),
            ("end_pu", "begin_pu"),
            ("begin_endurance_s", "end_endurance_s"),
            ("short_begin_endurance_s", "short_end_endurance_s"),
        ):
            if getattr(self, small) >= getattr(self, large):
                raise ValueError(
                    f"{small} {getattr(self, small):g} is not below "
                    f"{large} {getattr(self, large):g}"
                )
        ratio = _SCHEMES[self.scheme].ratio
        if self.reserve_pu > law.most_reserve_law(1.0, ratio=ratio):
            raise ValueError(
                f"reserve_pu is {self.reserve_pu:g}; a plant with a limited store may "
                f"sell at most {law.most_reserve_law(1.0, ratio=ratio):.3g} of its "
                f"power: rated over sold must be {ratio:g}"
            )


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    f_nominal_hz: float
    reserve_w: float
    restore_w: float
    normal_hz: float
    full_hz: float
    alert: Curve


def figures(settings: EnergyManagementSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the scheme and the plant what the settings leave out."""
    scheme = _SCHEMES[settings.scheme]
    reserve_w = settings.reserve_pu * plant.p_max_w
    return Figures(
        f_nominal_hz=plant.f_nominal_hz,
        reserve_w=reserve_w,
        restore_w=(settings.restore_pu or scheme.restore_pu) * reserve_w,
        normal_hz=settings.normal_hz or scheme.normal_hz,
        full_hz=settings.full_hz or scheme.full_hz,
        alert=settings.alert or scheme.alert,
    )


def enabled(orders: Orders, settings: EnergyManagementSettings) -> bool:
    """Whether the store is ours to look after."""
    return settings.enabled and orders.enable_code != 0


class Store(NamedTuple):
    """All batteries together."""

    soc_pu: float
    energy_wh: float


def store(bess: Mapping[str, Unit], out: frozenset[str]) -> Store | None:
    """Those in service whose state of charge is known; None: there is none."""
    known = [
        (unit.rating.e_max_wh, unit.soc_pu)
        for name, unit in bess.items()
        if name not in out and unit.soc_pu is not None and unit.rating.e_max_wh > 0.0
    ]
    energy_wh = sum(e_wh for e_wh, _ in known)
    if not known:
        return None
    return Store(sum(e_wh * soc for e_wh, soc in known) / energy_wh, energy_wh)


def by_endurance(
    begin_endurance_s: float,
    end_endurance_s: float,
    energy_wh: float,
    settings: EnergyManagementSettings,
    plant: Figures,
) -> Thresholds:
    """Thresholds of the state of charge for an endurance.

    Source: Nordic FCR requirements (2023-05), table 11.
    """
    per_s = plant.reserve_w / 3600.0 / energy_wh
    return Thresholds(
        settings.soc_min_pu + begin_endurance_s * per_s,
        settings.soc_min_pu + end_endurance_s * per_s,
        settings.soc_max_pu - end_endurance_s * per_s,
        settings.soc_max_pu - begin_endurance_s * per_s,
    )


def restoring(
    energy_wh: float, settings: EnergyManagementSettings, plant: Figures
) -> Thresholds:
    """Where restoring begins and ends."""
    if settings.scheme == "nordic":
        return by_endurance(
            settings.begin_endurance_s,
            settings.end_endurance_s,
            energy_wh,
            settings,
            plant,
        )
    target_pu, begin_pu, end_pu = (
        settings.soc_target_pu, settings.begin_pu, settings.end_pu,
    )  # fmt: skip
    return Thresholds(
        target_pu - begin_pu, target_pu - end_pu, target_pu + end_pu,
        target_pu + begin_pu,
    )  # fmt: skip


class Now(NamedTuple):
    """The moment a law is asked."""

    mode: Mode
    dt_s: float
    deviation_hz: float
    alert: bool
    way: int
    """-1: to be charged, 1: to be discharged."""


def wanted(now: Now, settings: EnergyManagementSettings, plant: Figures) -> float:
    """-1, 0 or 1: which way the store is to be restored now."""
    if now.alert or now.mode not in {Mode.RESTORING, Mode.SHORT_TERM}:
        return 0.0
    assists = settings.assist and settings.scheme == "continental"
    if abs(now.deviation_hz) >= plant.normal_hz and not assists:
        return 0.0
    low, high = law.allowed_law(now.deviation_hz, normal_hz=plant.normal_hz)
    return min(max(float(now.way), low), high)


def ramped_w(
    last_w: float, now: Now, settings: EnergyManagementSettings, plant: Figures
) -> float:
    """Power that comes and goes slowly, and leaves a forbidden direction at once."""
    next_w = approach(
        last_w,
        wanted(now, settings, plant) * plant.restore_w,
        rate_per_s=plant.restore_w / settings.ramp_s,
        dt_s=now.dt_s,
    )
    low, high = law.allowed_law(now.deviation_hz, normal_hz=plant.normal_hz)
    return min(max(next_w, low * plant.restore_w), high * plant.restore_w)
