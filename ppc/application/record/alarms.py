"""What units say of themselves, as events: faults, and that they are over."""

from ppc.adapter.plant_view import PlantView
from ppc.application.record.door import Row, Rows
from ppc.keys import DeviceState

_SEVERITY = {
    DeviceState.FAULT: "error",
    DeviceState.OFF: "warning",
    DeviceState.DERATED: "warning",
}
_WELL = (DeviceState.STANDBY, DeviceState.RUNNING)


class Alarms:
    """An event for each change of a unit's state word; at first, if it is not well.

    That a unit is silent is told by who asks it.
    """

    def __init__(self) -> None:
        self._states: dict[str, float] = {}

    def rows(self, view: PlantView, wall_s: float) -> Rows:
        states, rows = self._states, []
        for name, unit in view.obs.units.items():
            code = unit.state_code
            before = states.get(name)
            if code is None or code == before:
                continue
            states[name] = code
            if before is not None or code not in _WELL:
                rows.append(_row(name, before, code, wall_s))
        return rows


def _row(name: str, before: float | None, code: float, wall_s: float) -> Row:
    word = _word(code)
    severity = _SEVERITY.get(DeviceState(int(code)), "info")
    return {
        "ts": wall_s,
        "severity": severity,
        "source": name,
        "text": f"state: {word if before is None else f'{_word(before)} -> {word}'}",
    }


def _word(code: float) -> str:
    return DeviceState(int(code)).name.lower()
