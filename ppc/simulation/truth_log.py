"""What is written down of the truth, and when."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from ppc.database.truth import TruthRecorder
from ppc.keys import Key
from ppc.simulation.faults.injector import Active
from ppc.simulation.physics.battery import Battery

if TYPE_CHECKING:
    from ppc.simulation.field import Field


class TruthLog:
    """Rows every `every_s` of the field's time; faults as they come and go.

    OSError when the directory cannot be made.
    """

    def __init__(self, directory: Path, every_s: float) -> None:
        self._recorder = TruthRecorder(directory)
        self._every_s = every_s
        self._due_s = every_s

    def step(self, field: "Field") -> None:
        if field.time_s < self._due_s - 1e-9:
            return
        self._due_s += self._every_s
        plant, ts = field.plant, time.time()
        shown = plant.meter.signals()
        meter = [shown[key] for key in (Key.V_V, Key.F_HZ, Key.P_W, Key.Q_VAR)]
        count = len(field.injector.active)
        self._recorder.record("truth", [(ts, *plant.truth, *meter, count)])
        rows = []
        for name, unit in plant.units.items():
            soc_pu = unit.soc_pu if isinstance(unit, Battery) else None
            signals = unit.signals()
            rows.append(
                (
                    *(ts, name, unit.inverter.p_w, unit.inverter.q_var),
                    *unit.inverter.set_points.written,
                    *(soc_pu, signals.get(Key.SOC_PU), int(signals[Key.STATE_CODE])),
                )
            )
        self._recorder.record("truth_units", rows)

    def fault(self, word: str, fault: Active) -> None:
        row = (time.time(), fault.number, word, fault.text)
        self._recorder.record("truth_faults", [row])

    def close(self) -> None:
        """Write the rest, and end."""
        self._recorder.close()
