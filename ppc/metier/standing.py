"""Where the plant stands: what a function that begins to choose P or Q goes on from."""

from collections.abc import Iterable, Iterator
from typing import overload

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs, Unit


@overload
def standing_w(obs: SystemObs, envelope: Envelope, p_w: float) -> float: ...
@overload
def standing_w(obs: SystemObs, envelope: Envelope) -> float | None: ...
def standing_w(
    obs: SystemObs, envelope: Envelope, p_w: float | None = None
) -> float | None:
    """Active power chosen the cycle before, apart from what rode on it.

    In a dip of the voltage, and shortly after it, what is measured is not what the
    plant stands for. So the measured power (`p_w`, else that of the POI, else that of
    the units) only counts where nothing was aimed at yet. None: nobody knows.
    """
    if obs.aim is not None:
        return obs.aim.chosen_w
    measured_w = obs.poi.p_w if p_w is None else p_w
    if measured_w is None:
        measured_w = _total(u.p_w for u in _serving(obs, envelope))
    return None if measured_w is None else measured_w - envelope.p_bias_w


def standing_var(obs: SystemObs, envelope: Envelope) -> float | None:
    """Reactive power: measured at the POI, else granted the cycle before, else given
    by the units. None: nobody knows.
    """
    if obs.poi.q_var is not None:
        return obs.poi.q_var
    if obs.aim is not None:
        return obs.aim.q_var
    return _total(u.q_var for u in _serving(obs, envelope))


def _serving(obs: SystemObs, envelope: Envelope) -> Iterator[Unit]:
    return (u for u in obs.units.values() if u.name not in envelope.out)


def _total(values: Iterable[float | None]) -> float | None:
    """Sum of the values that are known, if there are any."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
