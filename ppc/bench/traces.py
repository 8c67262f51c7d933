"""What happened on the stand: truth, what the meter showed, and every unit."""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from ppc.bench.subject import Modes
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key
from ppc.simulation.physics.plant import Plant

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Traces:
    """One row per sample, evenly spaced. NaN: not known, or no order.

    P and Q in pu of the connection point's `p_max_w`, V in pu of `v_nominal_v`,
    generator sign. Columns:

    * at the connection point, as it is: v_pu f_hz p_pu q_pu
    * of the source behind it: grid_v_pu grid_f_hz
    * as the meter shows it: v_meter_pu f_meter_hz p_meter_pu q_meter_pu
    * of all units: p_available_pu, soc_pu (weighted by energy), p_pv_pu and p_bess_pu
      (at their terminals)
    * what the controller wants apart from its answer to frequency: p_baseline_pu
    * orders as last given: order.p_set_pu order.q_set_pu order.v_set_pu
      order.p_limit_max_pu order.p_limit_min_pu
    * of each unit: <unit>.p_w .q_var .p_set_w .q_set_var .soc_pu .state_code
    """

    time_s: Column
    columns: Mapping[str, Column]
    modes: Modes
    """Of each control function: when [s], and into which mode it went."""


class Sampler:
    """Takes the rows, one after the other."""

    def __init__(
        self,
        plant: Plant,
        point: ConnectionPoint,
        meter: str,
        orders: Mapping[str, float],
        baseline_w: Callable[[], float] = lambda: nan,
    ) -> None:
        self._plant, self._baseline_w = plant, baseline_w
        self._orders = orders
        self._meter = meter
        self._v_v, self._p_w = point.v_nominal_v, point.p_max_w
        self._units = tuple(plant.units.items())
        self._bess = [u for _, u in self._units if u.rating.e_max_wh]
        self._pv = [u for _, u in self._units if not u.rating.e_max_wh]
        self._rows = array("d")
        self._names = (
            *("v_pu", "f_hz", "p_pu", "q_pu", "grid_v_pu", "grid_f_hz"),
            *("v_meter_pu", "f_meter_hz", "p_meter_pu", "q_meter_pu"),
            *("p_available_pu", "soc_pu"),
            *("p_pv_pu", "p_bess_pu", "p_baseline_pu"),
            *orders,
            *(
                f"{unit}.{name}"
                for unit, _ in self._units
                for name in ("p_w", "q_var", "p_set_w", "q_set_var")
            ),
            *(f"{unit}.soc_pu" for unit, _ in self._units),
            *(f"{unit}.state_code" for unit, _ in self._units),
        )

    def take(self) -> None:
        plant, v_v, base_w = self._plant, self._v_v, self._p_w
        truth, shown = plant.truth, plant.signals(self._meter)
        units = [unit.signals() for _, unit in self._units]
        energy_wh = sum(u.rating.e_max_wh or 0.0 for _, u in self._units)
        stored_wh = sum(
            s.get(Key.SOC_PU, 0.0) * (u.rating.e_max_wh or 0.0)
            for s, (_, u) in zip(units, self._units, strict=True)
        )
        self._rows.extend(
            (
                *(truth.v_v / v_v, truth.f_hz),
                *(truth.p_w / base_w, truth.q_var / base_w),
                *(plant.grid.e_v / v_v, plant.grid.f_hz),
                *(shown.get(Key.V_V, nan) / v_v, shown.get(Key.F_HZ, nan)),
                *(shown.get(Key.P_W, nan) / base_w, shown.get(Key.Q_VAR, nan) / base_w),
                sum(s[Key.P_AVAILABLE_W] for s in units) / base_w,
                stored_wh / energy_wh if energy_wh else nan,
                sum(unit.inverter.p_w for unit in self._pv) / base_w,
                sum(unit.inverter.p_w for unit in self._bess) / base_w,
                self._baseline_w() / base_w,
                *self._orders.values(),
            )
        )
        for _, unit in self._units:
            inverter = unit.inverter
            self._rows.extend(
                (inverter.p_w, inverter.q_var, *inverter.set_points.written)
            )
        self._rows.extend(s.get(Key.SOC_PU, nan) for s in units)
        self._rows.extend(float(s[Key.STATE_CODE]) for s in units)

    def traces(self, *, first_s: float, every_s: float, modes: Modes) -> Traces:
        """All rows; the first was taken at `first_s`."""
        rows = np.array(self._rows).reshape(-1, len(self._names))
        return Traces(
            time_s=first_s + every_s * np.arange(len(rows), dtype=np.float64),
            columns=dict(zip(self._names, rows.T, strict=True)),
            modes=modes,
        )
