"""Q(U): reactive power by a curve over the voltage at the POI."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.q_choice import QChoice
from ppc.metier.volt_var import policy
from ppc.metier.volt_var.policy import VoltVarSettings
from ppc.metier.volt_var.state_machine import StateMachine


class VoltVar:
    """Chooses Q by a curve over the voltage, with a first-order response.

    The curve is moved to a reference voltage: set, ordered, or following the grid's
    by itself. While too little active power flows, Q goes to 0, if a lock is set.
    Without a trusted voltage it holds what it gave, then goes to a default. While
    another law is in force it follows the measured Q, to take over without a bump.
    """

    name: ClassVar[str] = "volt_var"
    Settings: ClassVar[type[VoltVarSettings]] = VoltVarSettings

    def __init__(self, settings: VoltVarSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine(reset_s=settings.reset_s)
        self._lock = policy.Lock(settings)
        self._average = policy.Average(settings)
        self._reference = policy.Reference(settings)
        self._q = QChoice()

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        poi, plant = obs.poi, self._plant
        v_v = self._average.of(poi.v_v, obs.time_s)
        v_pu = None if v_v is None else v_v / plant.v_nominal_v
        mode = self._machine.observe(
            time_s=obs.time_s,
            enabled=policy.enabled(obs.orders, self._settings),
            locked=self._lock.locked(
                None if poi.p_w is None else poi.p_w / plant.p_max_w
            ),
            measured=v_pu is not None,
        )
        now = policy.Now(
            mode,
            self._machine.in_mode_s(obs.time_s),
            obs.dt_s,
            v_pu,
            self._reference.v_pu(v_pu, obs.orders, obs.dt_s),
        )
        q_var = policy.next_q_var(self._q.q_var, now, self._settings, plant)
        return self._q.take(q_var, poi, envelope)
