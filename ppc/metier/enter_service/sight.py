"""What is seen of the grid: in its window since when, lost or not."""

from math import hypot
from typing import NamedTuple

from ppc.datamodel.observation import SystemObs
from ppc.metier.enter_service import law
from ppc.metier.enter_service.options import EnterServiceSettings, Figures
from ppc.metier.setting import Curve
from ppc.metier.since import Since


class _Trips:
    """How long a value has been beyond each of its limits."""

    def __init__(self, low: Curve, high: Curve) -> None:
        self._low, self._high = low, high
        self.forget()

    def forget(self) -> None:
        self._timers = [Since() for _ in (*self._low, *self._high)]

    def lost(self, value: float, time_s: float) -> bool:
        """Whether it has been beyond one of them for too long."""
        low = [(value < limit, allowed_s) for limit, allowed_s in self._low]
        high = [(value > limit, allowed_s) for limit, allowed_s in self._high]
        lost = False
        for timer, (holds, allowed_s) in zip(self._timers, low + high, strict=True):
            for_s = timer.for_s(time_s, holds=holds)
            lost |= for_s is not None and law.is_lost(for_s, allowed_s=allowed_s)
        return lost


def units_va(obs: SystemObs) -> float:
    """Apparent power of the units that say what they give, added up."""
    return sum(hypot(unit.p_w or 0.0, unit.q_var or 0.0) for unit in obs.units.values())


class Seen(NamedTuple):
    """What is known of the grid in this cycle."""

    inside: bool | None
    inside_for_s: float
    lost: bool
    blind: bool


class Grid:
    """Remembers how long the grid has been in its window, and beyond each limit.

    A gap shorter than `hold_s` does not interrupt what was seen before and after it. A
    meter that answers, but with neither U nor f, while the units give nothing, sees no
    voltage.
    """

    def __init__(self, settings: EnterServiceSettings, plant: Figures) -> None:
        self._settings, self._plant = settings, plant
        self._unseen, self._window, self._dead = Since(), Since(), Since()
        f_trips = (
            ((plant.f_trip_low_hz, settings.f_trip_s),),
            ((plant.f_trip_high_hz, settings.f_trip_s),),
        )
        self._v_trips = _Trips(settings.v_trip_low, settings.v_trip_high)
        self._f_trips = _Trips(*f_trips)

    def see(self, obs: SystemObs) -> Seen:
        """Take in what is measured."""
        poi, time_s = obs.poi, obs.time_s
        v_pu = None if poi.v_v is None else poi.v_v / self._plant.v_nominal_v
        unread = poi.fresh and v_pu is None and poi.f_hz is None
        dead = unread and law.gives_nothing(
            units_va(obs), of_va=0.02 * self._plant.s_max_va
        )
        inside = False if dead else self._inside(v_pu, poi.f_hz)
        unseen_s = self._unseen.for_s(time_s, holds=inside is None)
        blind = unseen_s is not None and unseen_s >= self._settings.hold_s
        inside_for_s = 0.0
        if inside is not None or blind:
            inside_for_s = self._window.for_s(time_s, holds=inside is True) or 0.0
        dead_s = self._dead.for_s(time_s, holds=dead)
        lost = dead_s is not None and law.is_lost(
            dead_s, allowed_s=self._settings.no_voltage_s
        )
        for trips, value in ((self._v_trips, v_pu), (self._f_trips, poi.f_hz)):
            if value is not None:
                lost |= trips.lost(value, time_s)
            elif blind:
                trips.forget()
        return Seen(inside, inside_for_s, lost, blind)

    def _inside(self, v_pu: float | None, f_hz: float | None) -> bool | None:
        """One of them outside is enough: without voltage there is no frequency."""
        s, plant = self._settings, self._plant
        known = [
            law.inside(value, low=low, high=high)
            for value, low, high in (
                (v_pu, s.v_low_pu, s.v_high_pu),
                (f_hz, plant.f_low_hz, plant.f_high_hz),
            )
            if value is not None
        ]
        if not all(known):
            return False
        return None if v_pu is None or f_hz is None else True
