"""An island: one battery forms the grid, and the frequency follows the balance."""

from ppc.configuration.simulation import IslandSection


class Island:
    """Voltage and frequency of a plant that has lost the grid.

    2 H df/dt / f0 = (P_m - P) / S - D df / f0, where P is what the former must give,
    and P_m follows its droop with the time constant of a governor. The former's own
    voltage is constant behind `z_ohm`.

    Args:
        section: Its settings.
        index: Which injection of the network is the former.
        s_max_va: Rating of the former.
        v_nominal_v: Of the network.
        f_nominal_hz: Of the network.

    Source:
        Swing equation with a first-order governor, as in any textbook of power system
        dynamics; droop 5 % and time constant 0.5 s are usual.
    """

    def __init__(
        self,
        section: IslandSection,
        index: int,
        s_max_va: float,
        v_nominal_v: float,
        f_nominal_hz: float,
    ) -> None:
        self._section = section
        self._s_max_va = s_max_va
        self._f0_hz = f_nominal_hz
        self._deviation_pu = self._governor_pu = 0.0
        self.index = index
        self.alive = True
        """Whether the former is there; without it the island is dead."""
        self.e_v = complex(v_nominal_v)
        self.z_ohm = 1j * section.x_pu * v_nominal_v**2 / s_max_va

    @property
    def f_hz(self) -> float:
        return self._f0_hz * (1.0 + self._deviation_pu)

    def begin(self, f_hz: float, p_w: float) -> None:
        """The grid is gone at this frequency, while the former gave `p_w`."""
        self._deviation_pu = f_hz / self._f0_hz - 1.0
        self._governor_pu = p_w / self._s_max_va

    def step(self, p_w: float, dt_s: float) -> None:
        """`p_w`: what the former had to give in the last step."""
        section = self._section
        wanted_pu = -self._deviation_pu / section.droop_pu
        gone = min(dt_s / section.governor_s, 1.0)
        self._governor_pu += gone * (wanted_pu - self._governor_pu)
        balance_pu = self._governor_pu - p_w / self._s_max_va
        balance_pu -= section.damping_pu * self._deviation_pu
        self._deviation_pu += dt_s * balance_pu / (2.0 * section.h_s)
