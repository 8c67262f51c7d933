"""Which unit is well, and what the owner of the plant may set."""

from dataclasses import dataclass

from ppc.datamodel.observation import Unit
from ppc.metier.equipment_watchdog import law
from ppc.metier.setting import check, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentWatchdogSettings:
    """Settings, from `config/plant.yaml`."""

    return_s: float = setting(
        default=2.0,
        low=0.0,
        meaning="how long a unit that was lost must be steady before it serves again",
    )

    def __post_init__(self) -> None:
        check(self)


def well(unit: Unit, *, bess: bool) -> bool:
    """Whether a unit tells what control needs, and says that it can run."""
    return (
        unit.p_w is not None
        and unit.p_available_w is not None
        and not (bess and unit.p_available_min_w is None)
        and not unit.faulted
    )


class Attendance:
    """Which units serve: off at once, back after `return_s`, the first time at once."""

    def __init__(self, settings: EquipmentWatchdogSettings) -> None:
        self._return_s = settings.return_s
        self._bad_s: dict[str, float | None] = {}
        """When each unit was last not well; None: not since it was first seen."""

    def serves(self, name: str, *, is_well: bool, time_s: float) -> bool:
        """Whether a unit is in service now."""
        if not is_well:
            if name in self._bad_s:
                self._bad_s[name] = time_s
            return False
        bad_s = self._bad_s.setdefault(name, None)
        return bad_s is None or law.may_serve(
            time_s=time_s, bad_s=bad_s, return_s=self._return_s
        )
