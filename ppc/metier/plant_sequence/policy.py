"""How far the plant is open in which mode, and what the owner may set."""

from dataclasses import dataclass

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.metier.opening import Opening
from ppc.metier.plant_sequence.state_machine import Mode
from ppc.metier.setting import check, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantSequenceSettings:
    """Settings, from `config/plant.yaml`."""

    stop_s: float = setting(
        default=10.0, low=0.0,
        meaning="from full P and Q to 0 at the latest, when the plant is stopped",
    )  # fmt: skip
    start_s: float = setting(
        default=10.0, low=0.0, meaning="from 0 to all of the connection, at a start"
    )
    interlock_s: float = setting(
        default=2.0, low=0.0,
        meaning="how long no unit may serve before the plant counts as stopped",
    )  # fmt: skip
    start_after_reset: bool = setting(
        default=False,
        meaning="whether the reset of an emergency stop also starts the plant; else "
        "`enable_code` has to be ordered anew, 0 then 1",
    )

    def __post_init__(self) -> None:
        check(self)


def some_serve(obs: SystemObs, envelope: Envelope) -> bool:
    """Whether a unit could take set-points."""
    return any(
        name not in envelope.out and unit.p_available_w is not None and not unit.faulted
        for name, unit in obs.units.items()
    )


def move(
    opening: Opening, mode: Mode, settings: PlantSequenceSettings, dt_s: float
) -> None:
    """How far the plant is open in this mode: only starts and ordered stops ramp."""
    match mode:
        case Mode.RUNNING:
            opening.part_pu = 1.0
        case Mode.STARTING:
            opening.move(1.0, over_s=settings.start_s, dt_s=dt_s)
        case Mode.STOPPING:
            opening.move(0.0, over_s=settings.stop_s, dt_s=dt_s)
        case Mode.STOPPED | Mode.EMERGENCY:
            opening.part_pu = 0.0
