"""The grid behind the connection point: a Thevenin source that can be moved."""

from bisect import bisect_right
from cmath import rect
from collections.abc import Sequence
from math import pi
from random import Random

from ppc.configuration.simulation import GridSection
from ppc.datamodel.rating import ConnectionPoint
from ppc.simulation.physics.noise import OrnsteinUhlenbeck

F_NOISE_TAU_S, F_FLICKER_TAU_S = 260.0, 5.0
"""Continental Europe, slow and quick part (10 s traces of 2014 and 2017)."""
V_NOISE_TAU_S, V_FLICKER_TAU_S = 60.0, 1.0
"""The slow one is our choice, between flicker and the daily swing of a feeder (1 h);
the quick one as recorded on a feeder."""

Points = Sequence[tuple[float, float]]


class Course:
    """A recorded course: straight lines between points, begun again at its end.

    Raises ValueError for fewer than two points, or times that do not rise from 0.
    """

    def __init__(self, points: Points) -> None:
        self._times_s = [time_s for time_s, _ in points]
        self._values = [value for _, value in points]
        pairs = zip(self._times_s, self._times_s[1:], strict=False)
        if len(points) < 2 or any(b <= a for a, b in pairs):  # noqa: PLR2004
            raise ValueError("a course needs two points or more, at rising times")

    def at(self, time_s: float) -> float:
        first_s, last_s = self._times_s[0], self._times_s[-1]
        time_s = first_s + (time_s % (last_s - first_s))
        i = min(bisect_right(self._times_s, time_s), len(self._times_s) - 1)
        t0, t1 = self._times_s[i - 1], self._times_s[i]
        y0, y1 = self._values[i - 1], self._values[i]
        return y0 + (y1 - y0) * (time_s - t0) / (t1 - t0)


class Grid:
    """The source. Voltage, angle, frequency and impedance may be changed at any time.

    `frequency`, `voltage`: recorded courses that take the place of `f_set_hz` and of
    `v_pu`, with their noise.
    """

    def __init__(
        self,
        point: ConnectionPoint,
        section: GridSection,
        rng: Random,
        frequency: Course | None = None,
        voltage: Course | None = None,
    ) -> None:
        self._point = point
        self._frequency, self._voltage = frequency, voltage
        self._now_s = 0.0
        self.v_pu = section.v_pu
        self.phase_deg = 0.0
        """Of the source; a jump is felt by whoever looks at angles."""
        self.f_set_hz = section.f_hz or point.f_nominal_hz
        self._noises = (
            OrnsteinUhlenbeck(section.v_noise_pu, V_NOISE_TAU_S, rng),
            OrnsteinUhlenbeck(section.v_flicker_pu, V_FLICKER_TAU_S, rng),
            OrnsteinUhlenbeck(section.f_noise_hz, F_NOISE_TAU_S, rng),
            OrnsteinUhlenbeck(section.f_flicker_hz, F_FLICKER_TAU_S, rng),
        )
        self._dip: Course | None = None
        self._dip_since_s = self._dip_for_s = 0.0
        self.scr, self.x_r = section.scr, section.x_r
        self.set_impedance(section.scr, section.x_r)
        self.e_v = self.v_pu * point.v_nominal_v
        self.e_phasor_v = complex(self.e_v)
        self.f_hz = self.f_set_hz

    def set_impedance(self, scr: float, x_r: float) -> None:
        """Short-circuit ratio on the plant's `p_max_w`, > 0, and X/R, >= 0."""
        self.scr, self.x_r = scr, x_r
        size_ohm = self._point.v_nominal_v**2 / (scr * self._point.p_max_w)
        self.z_ohm = size_ohm * complex(1.0, x_r) / abs(complex(1.0, x_r))

    def dip(self, points: Points) -> None:
        """From now on the voltage is multiplied by a course of time since now [s] and
        retained voltage [pu]; after its last point it is 1 again.
        """
        self._dip = Course(points)
        self._dip_since_s, self._dip_for_s = self._now_s, points[-1][0]

    def step(self, dt_s: float) -> None:
        """Let the noise move on; what was set takes effect."""
        self._now_s += dt_s
        v_slow, v_quick, f_slow, f_quick = [n.step(dt_s) for n in self._noises]
        if self._voltage is not None:
            v_pu = self._voltage.at(self._now_s)
        else:
            v_pu = self.v_pu + v_slow + v_quick
        if self._dip is not None:
            since_s = self._now_s - self._dip_since_s
            if since_s >= self._dip_for_s - 1e-9:
                self._dip = None
            else:
                v_pu *= self._dip.at(since_s)
        self.e_v = v_pu * self._point.v_nominal_v
        self.e_phasor_v = (
            rect(self.e_v, self.phase_deg * pi / 180.0)
            if self.phase_deg
            else complex(self.e_v)
        )
        if self._frequency is not None:
            self.f_hz = self._frequency.at(self._now_s)
        else:
            self.f_hz = self.f_set_hz + f_slow + f_quick
