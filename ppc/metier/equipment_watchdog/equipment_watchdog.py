"""Equipment watchdog: who does not answer gets no share."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.equipment_watchdog import policy
from ppc.metier.equipment_watchdog.policy import Attendance, EquipmentWatchdogSettings
from ppc.metier.equipment_watchdog.state_machine import Inputs, StateMachine


class EquipmentWatchdog:
    """Takes silent, untrusted and faulted units out of service, and says who is out.

    A unit is out in the cycle in which its values are not there, and back after it
    has been steady for `return_s`. At the start it serves as soon as it is seen.
    """

    name: ClassVar[str] = "equipment_watchdog"
    Settings: ClassVar[type[EquipmentWatchdogSettings]] = EquipmentWatchdogSettings

    def __init__(
        self,
        settings: EquipmentWatchdogSettings,
        plant: ConnectionPoint,  # noqa: ARG002
    ) -> None:
        self._attendance = Attendance(settings)
        self._machine = StateMachine()
        self._out: frozenset[str] = frozenset()

    @property
    def mode(self) -> str:
        return self._machine.state

    @property
    def out(self) -> frozenset[str]:
        """Names of the units this function keeps out of service."""
        return self._out

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        time_s, serves, well = obs.time_s, self._attendance.serves, policy.well
        out = [
            name
            for units, bess in ((obs.bess, True), (obs.pv, False))
            for name, unit in units.items()
            if not serves(name, is_well=well(unit, bess=bess), time_s=time_s)
        ]
        self._out = frozenset(out)
        self._machine.scan(
            Inputs(
                some_out=bool(out),
                none_serves=len(out) == len(obs.bess) + len(obs.pv),
                measured=obs.poi.p_w is not None and obs.poi.v_v is not None,
            ),
            time_s,
        )
        if self._out <= envelope.out:
            return envelope
        return envelope._replace(out=envelope.out | self._out)
