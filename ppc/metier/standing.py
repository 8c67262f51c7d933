"""Where the plant stands: what a function that begins to choose P goes on from."""

from typing import overload

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs


@overload
def standing_w(obs: SystemObs, envelope: Envelope, p_w: float) -> float: ...
@overload
def standing_w(obs: SystemObs, envelope: Envelope) -> float | None: ...
def standing_w(
    obs: SystemObs, envelope: Envelope, p_w: float | None = None
) -> float | None:
    """Active power chosen the cycle before, apart from what rode on it.

    In a dip of the voltage, and shortly after it, what is measured is not what the
    plant stands for. So the measured power (`p_w`, else that of the POI) only counts
    where nothing was aimed at yet.
    """
    if obs.aim is not None:
        return obs.aim.chosen_w
    measured_w = obs.poi.p_w if p_w is None else p_w
    return None if measured_w is None else measured_w - envelope.p_bias_w
