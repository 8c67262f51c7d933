"""The meter at the connection point: what it shows is not quite what is."""

from math import sqrt
from random import Random
from typing import NamedTuple

from ppc.configuration.simulation import MeterSection
from ppc.keys import Key

DEAD_PU = 0.05
"""Below this voltage, per unit of nominal, it cannot tell a frequency and shows 0."""
SQRT3 = sqrt(3.0)


class PoiState(NamedTuple):
    """Voltage, frequency and power at the connection point, as they are."""

    v_v: float
    f_hz: float
    p_w: float
    q_var: float


class Meter:
    """Shows a snapshot, `refresh_s` apart, with errors of gain and noise.

    The gains are drawn once, evenly within the accuracy, and stay. Energy is counted
    from what it measures, each way for itself, and never falls. `reversed` turns its
    current transformers, `ratio` is a wrong one; both as after bad wiring.
    """

    def __init__(
        self,
        section: MeterSection,
        p_max_w: float,
        rng: Random,
        truth: PoiState,
        v_nominal_v: float = 0.0,
    ) -> None:
        self._section = section
        self._noise_va = section.noise_pu * p_max_w
        self._rng = rng
        self._v_dead_v = DEAD_PU * v_nominal_v
        self._v_gain = 1.0 + rng.uniform(-1.0, 1.0) * section.v_accuracy_pu
        self._p_gain = 1.0 + rng.uniform(-1.0, 1.0) * section.accuracy_pu
        self._q_gain = 1.0 + rng.uniform(-1.0, 1.0) * section.accuracy_pu
        self._now_s = self._due_s = 0.0
        self._shown: dict[Key, float] = {}
        self.reversed = False
        self.ratio = 1.0
        self.e_export_wh = self.e_import_wh = 0.0
        """Given to the grid and taken from it, since the start."""
        self.step(0.0, truth)

    def step(self, dt_s: float, truth: PoiState) -> None:
        self._now_s += dt_s
        gain = -self.ratio if self.reversed else self.ratio
        self._count(truth.p_w * self._p_gain * gain * dt_s / 3600.0)
        if self._now_s < self._due_s - dt_s / 2.0:
            return
        self._due_s += self._section.refresh_s
        gauss = self._rng.gauss
        p_w = truth.p_w * self._p_gain * gain + gauss(0.0, self._noise_va)
        q_var = truth.q_var * self._q_gain * gain + gauss(0.0, self._noise_va)
        v_v = truth.v_v * self._v_gain
        self._shown = {
            Key.V_V: _stepped(v_v, self._section.v_step_v),
            Key.F_HZ: _stepped(truth.f_hz, self._section.f_step_hz)
            if truth.v_v > self._v_dead_v
            else 0.0,
            Key.P_W: p_w,
            Key.Q_VAR: q_var,
        }

    def signals(self) -> dict[Key, float]:
        return self._shown

    def slow_signals(self) -> dict[Key, float]:
        """Phases and energy: what nobody needs in every cycle."""
        v_v, p_w = self._shown[Key.V_V] / SQRT3, self._shown[Key.P_W] / 3.0
        apart = self._section.unbalance_pu
        return {
            Key.V_L1_V: v_v * (1.0 + apart),
            Key.V_L2_V: v_v * (1.0 - apart),
            Key.V_L3_V: v_v,
            Key.P_L1_W: p_w * (1.0 + apart),
            Key.P_L2_W: p_w * (1.0 - apart),
            Key.P_L3_W: p_w,
            Key.E_EXPORT_WH: self.e_export_wh,
            Key.E_IMPORT_WH: self.e_import_wh,
        }

    def _count(self, energy_wh: float) -> None:
        if energy_wh > 0.0:
            self.e_export_wh += energy_wh
        else:
            self.e_import_wh -= energy_wh


def _stepped(value: float, step: float) -> float:
    return round(value / step) * step if step else value
