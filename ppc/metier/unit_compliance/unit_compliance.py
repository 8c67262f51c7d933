"""Unit compliance: who does not do what he is asked for is left out."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.unit_compliance import policy
from ppc.metier.unit_compliance.policy import Record, UnitComplianceSettings
from ppc.metier.unit_compliance.state_machine import Inputs, StateMachine


class UnitCompliance:
    """Takes units out of service that answer but do not follow; others take over.

    A unit that deviates for `after_s` rests, each time twice as long as before, and is
    then tried again. The last unit is never taken out: a plant with a disobedient unit
    is better than none, and it is said so.
    """

    name: ClassVar[str] = "unit_compliance"
    Settings: ClassVar[type[UnitComplianceSettings]] = UnitComplianceSettings

    def __init__(
        self,
        settings: UnitComplianceSettings,
        plant: ConnectionPoint,  # noqa: ARG002
    ) -> None:
        self._settings = settings
        self._machine = StateMachine()
        self._records: dict[str, Record] = {}

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        time_s, serving = obs.time_s, 0
        resting: set[str] = set()
        wanted: list[str] = []
        for name, unit in obs.units.items():
            record = self._records.get(name)
            if record is None:
                record = self._records[name] = Record(self._settings)
            if record.resting(time_s):
                resting.add(name)
            elif name not in envelope.out:
                serving += unit.p_w is not None
                asked = obs.asked.get(name)
                if asked is not None:
                    good = policy.obeys(unit, asked, self._settings)
                    if record.judge(time_s, good=good):
                        wanted.append(name)
        leaving = wanted[: max(serving - 1, 0)]
        for name in leaving:
            self._records[name].leave_out(time_s)
        last_kept = len(leaving) < len(wanted)
        resting |= set(leaving)
        if resting and not serving:  # those who served are gone: better one than none
            resting, last_kept = set(), True
        self._machine.scan(Inputs(bool(resting), last_kept), time_s)
        return envelope._replace(out=envelope.out | resting) if resting else envelope
