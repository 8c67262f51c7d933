"""What comes from other machines."""

from typing import ClassVar

from ppc.configuration.simulation import Positive
from ppc.keys import Key
from ppc.simulation.faults.base import Layer, StationFault, Target, Undo, Values


class SecondMaster(StationFault):
    """Another master writes its own set-points into the device."""

    layer: ClassVar[Layer] = "host"
    reaction: ClassVar[str] = "ours are renewed; the loop at the POI makes up for it"
    p_set_w: float = 0.0
    q_set_var: float = 0.0
    every_s: Positive = 0.5

    def begin(self, target: Target) -> Undo:
        values: Values = {Key.P_SET_W: self.p_set_w, Key.Q_SET_VAR: self.q_set_var}
        goes_on = [True]

        def write() -> None:
            if goes_on[0]:
                target.plant.command(target.device, values)
                target.later(self.every_s, write)

        def undo() -> None:
            goes_on[0] = False

        write()
        return undo


HOST = (SecondMaster,)
