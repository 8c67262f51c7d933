"""Reactive power that a function chooses, cycle by cycle."""

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi


class QChoice:
    """What was granted of the last choice: what the next one goes on from."""

    def __init__(self) -> None:
        self.q_var = 0.0

    def take(self, q_var: float | None, poi: Poi, envelope: Envelope) -> Envelope:
        """Choose `q_var` and go on from what is granted: no wind-up against a limit.

        None leaves the choice to others, and follows the measured Q meanwhile, to take
        over without a bump.
        """
        if q_var is None:
            if poi.q_var is not None:
                self.q_var = poi.q_var
            return envelope
        granted = envelope.choose_q(q_var)
        self.q_var = granted.q_var.clamp(q_var)
        return granted
