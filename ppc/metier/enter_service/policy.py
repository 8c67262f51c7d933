"""How far the plant is open in which mode."""

from typing import NamedTuple

from ppc.datamodel.observation import SystemObs
from ppc.metier.enter_service import law
from ppc.metier.enter_service.options import EnterServiceSettings, Figures
from ppc.metier.enter_service.sight import Seen, units_va
from ppc.metier.enter_service.state_machine import Mode
from ppc.metier.opening import Opening


class Now(NamedTuple):
    """The moment the opening moves."""

    mode: Mode
    in_mode_s: float
    seen: Seen
    obs: SystemObs


def move(
    opening: Opening, now: Now, settings: EnterServiceSettings, plant: Figures
) -> None:
    """How far the plant is open in this mode.

    The ramp stands still while U or f is outside its window, and blind.
    """
    match now.mode:
        case Mode.START | Mode.IN_SERVICE:
            opening.part_pu = 1.0
        case Mode.WAITING:
            opening.part_pu = 0.0
        case Mode.RAMPING if now.seen.inside:
            opening.move(
                _top_pu(opening, now, settings, plant),
                over_s=settings.ramp_s,
                dt_s=now.obs.dt_s,
            )
        case Mode.OFF:
            over_s = 0.0 if now.seen.lost else settings.cease_s
            opening.move(0.0, over_s=over_s, dt_s=now.obs.dt_s)
        case _:
            pass


def _top_pu(
    opening: Opening, now: Now, settings: EnterServiceSettings, plant: Figures
) -> float:
    """Where the ramp leads: only to its foot as long as no unit follows."""
    foot_pu = law.foot_pu(settings.ramp_s)
    alone = law.gives_nothing(units_va(now.obs), of_va=0.5 * foot_pu * plant.s_max_va)
    if alone and opening.part_pu <= foot_pu and now.in_mode_s < settings.units_s:
        return foot_pu
    return 1.0
