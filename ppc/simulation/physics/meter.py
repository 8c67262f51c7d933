"""The meter at the connection point: what it shows is not quite what is."""

from random import Random
from typing import NamedTuple

from ppc.configuration.simulation import MeterSection
from ppc.keys import Key


class PoiState(NamedTuple):
    """Voltage, frequency and power at the connection point, as they are."""

    v_v: float
    f_hz: float
    p_w: float
    q_var: float


class Meter:
    """Shows a snapshot, `refresh_s` apart, with errors of gain and noise.

    The gains are drawn once, evenly within the accuracy, and stay. Frequency is exact;
    registers do the rounding.
    """

    def __init__(
        self, section: MeterSection, p_max_w: float, rng: Random, truth: PoiState
    ) -> None:
        self._refresh_s = section.refresh_s
        self._noise_va = section.noise_pu * p_max_w
        self._rng = rng
        self._v_gain = 1.0 + rng.uniform(-1.0, 1.0) * section.v_accuracy_pu
        self._p_gain = 1.0 + rng.uniform(-1.0, 1.0) * section.accuracy_pu
        self._q_gain = 1.0 + rng.uniform(-1.0, 1.0) * section.accuracy_pu
        self._now_s = self._due_s = 0.0
        self._shown: dict[Key, float] = {}
        self.step(0.0, truth)

    def step(self, dt_s: float, truth: PoiState) -> None:
        self._now_s += dt_s
        if self._now_s < self._due_s - dt_s / 2.0:
            return
        self._due_s += self._refresh_s
        self._shown = {
            Key.V_V: truth.v_v * self._v_gain,
            Key.F_HZ: truth.f_hz,
            Key.P_W: truth.p_w * self._p_gain + self._rng.gauss(0.0, self._noise_va),
            Key.Q_VAR: truth.q_var * self._q_gain
            + self._rng.gauss(0.0, self._noise_va),
        }

    def signals(self) -> dict[Key, float]:
        return self._shown
