"""State of charge: every battery stays within its window."""

from typing import ClassVar

from ppc.datamodel.envelope import ANY, Envelope, Interval
from ppc.datamodel.observation import SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.state_of_charge.policy import Limit, StateOfChargeSettings
from ppc.metier.state_of_charge.state_machine import Inputs, StateMachine

_NOTHING = Interval(0.0, 0.0)


class StateOfCharge:
    """Limits the power of each battery that is near the end of its window.

    Near empty it limits discharge, near full it limits charge; the other direction
    stays free. A state of charge that is not renewed counts for `hold_s`; after that,
    and before the first, the battery gets no power in either direction. Batteries
    that others took out of service are passed over.
    """

    name: ClassVar[str] = "state_of_charge"
    Settings: ClassVar[type[StateOfChargeSettings]] = StateOfChargeSettings

    def __init__(
        self,
        settings: StateOfChargeSettings,
        plant: ConnectionPoint,  # noqa: ARG002
    ) -> None:
        self._settings = settings
        self._machine = StateMachine()
        self._empty = Limit(settings)
        self._full = Limit(settings)
        self._known: dict[str, tuple[float, float]] = {}
        """State of charge [pu] and time [s] when it was last known, by battery."""

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        narrowed: dict[str, Interval] = {}
        blind = False
        for name, unit in obs.bess.items():
            soc_pu = self._soc_pu(name, unit, obs.time_s)
            if name in envelope.out:
                continue
            blind |= soc_pu is None
            allowed = _NOTHING if soc_pu is None else self._allowed(unit, soc_pu)
            if allowed is not None:
                narrowed[name] = envelope.unit_p_w.get(name, ANY).narrow(allowed)
        self._machine.scan(Inputs(bool(narrowed), blind), obs.time_s)
        if not narrowed:
            return envelope
        return envelope._replace(unit_p_w={**envelope.unit_p_w, **narrowed})

    def _soc_pu(self, name: str, unit: Unit, time_s: float) -> float | None:
        """State of charge to reckon with, or None when it is not known any more."""
        if unit.soc_pu is not None:
            self._known[name] = unit.soc_pu, time_s
            return unit.soc_pu
        soc_pu, known_s = self._known.get(name, (None, 0.0))
        return soc_pu if time_s - known_s <= self._settings.hold_s else None

    def _allowed(self, unit: Unit, soc_pu: float) -> Interval | None:
        """Power its state of charge leaves to a battery; None: all of it."""
        rating, settings = unit.rating, self._settings
        give = self._empty.part(rating.name, soc_pu - settings.soc_min_pu)
        take = self._full.part(rating.name, settings.soc_max_pu - soc_pu)
        if give == take == 1.0:
            return None
        return Interval(take * rating.p_min_w, give * rating.p_max_w)
