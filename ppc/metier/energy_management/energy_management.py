"""Energy management: the store of a plant that sells reserve stays usable both ways."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.energy_management import law, policy
from ppc.metier.energy_management.memory import AlertDetector, Need, RollingMean
from ppc.metier.energy_management.policy import EnergyManagementSettings
from ppc.metier.energy_management.state_machine import Inputs, Mode, StateMachine


class EnergyManagement:
    """Charges or discharges slowly, on top of what others choose.

    Only while the frequency lets it, and never in alert state of the power system. With
    the store nearly at its end it can turn the reserve that another function gives into
    an answer to short-term deviations only. Without a frequency or a state of charge
    the last ones count for `hold_s`; then all it does goes back slowly.
    """

    name: ClassVar[str] = "energy_management"
    Settings: ClassVar[type[EnergyManagementSettings]] = EnergyManagementSettings

    def __init__(
        self, settings: EnergyManagementSettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._connection = Envelope(Interval(plant.p_min_w, plant.p_max_w))
        self._machine = StateMachine()
        self._alert = AlertDetector(self._plant.alert)
        self._need, self._end = Need(), Need()
        self._part = RollingMean(settings.mean_s)
        self._mean_hz = RollingMean(settings.mean_s)
        self._deviation_hz = 0.0
        self._restored_w = 0.0

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        known = self._see(obs, envelope)
        alert = self._alert.on
        inputs = Inputs(
            policy.enabled(obs.orders, self._settings),
            self._machine.unknown_for_s(obs.time_s, unknown=not known),
            self._settings.hold_s,
            alert,
            needed=self._need.way != 0,
            exhausted=self._settings.short_term and self._end.way != 0,
        )
        mode = self._machine.scan(inputs, obs.time_s)
        now = policy.Now(mode, obs.dt_s, self._deviation_hz, alert, self._need.way)
        added_w = self._added_w(now)
        if not added_w:
            return envelope
        return envelope.tighten(self._connection).add_p(added_w)

    def _see(self, obs: SystemObs, envelope: Envelope) -> bool:
        """Take in what is measured; whether all of it is known."""
        f_hz, plant, settings = obs.poi.f_hz, self._plant, self._settings
        if f_hz is not None:
            self._deviation_hz = f_hz - plant.f_nominal_hz
        self._alert.step(None if f_hz is None else self._deviation_hz, obs.time_s)
        store = policy.store(obs.bess, envelope.out)
        if store is not None:
            self._need.step(
                store.soc_pu, policy.restoring(store.energy_wh, settings, plant)
            )
            self._end.step(
                store.soc_pu,
                policy.by_endurance(
                    settings.short_begin_endurance_s,
                    settings.short_end_endurance_s,
                    store.energy_wh,
                    settings,
                    plant,
                ),
            )
        return f_hz is not None and store is not None

    def _added_w(self, now: policy.Now) -> float:
        settings, plant = self._settings, self._plant
        if settings.scheme == "nordic":
            part = self._part.step(policy.wanted(now, settings, plant), now.dt_s)
            self._restored_w = part * plant.restore_w
        else:
            self._restored_w = policy.ramped_w(self._restored_w, now, settings, plant)
        if not settings.short_term:
            return self._restored_w
        within_hz = min(max(now.deviation_hz, -plant.full_hz), plant.full_hz)
        counted_hz = within_hz if now.mode is Mode.SHORT_TERM else 0.0
        mean_hz = self._mean_hz.step(counted_hz, now.dt_s)
        if not mean_hz:
            return self._restored_w
        return law.short_term_law(
            mean_hz,
            now.deviation_hz,
            restored_w=self._restored_w,
            reserve_w=plant.reserve_w,
            full_hz=plant.full_hz,
            most_w=plant.reserve_w + plant.restore_w,
        )
