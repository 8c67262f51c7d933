"""The air-conditioned container of a battery: temperature, and what cooling costs."""

J_PER_K_WH = 7.3
"""Heat capacity of the cells: 0.07 kg of 1001 J/(kg K) hold 9.6 Wh."""
UA_W_PER_K_WH = 115.0 / 2.0e6
"""Through the walls of a 40-foot container (115 W/K) of 2 MWh."""
COOL_FROM_C, HEAT_BELOW_C = 25.0, 15.0
"""The air conditioning begins to cool, or to heat. Ours."""
COOLING_W_PER_K_WH = 0.004
"""Heat it moves for each degree beyond. Ours: 8 kW/K for 2 MWh."""
PERFORMANCE = 3.0
"""Heat moved over power drawn."""
COLD_C, MILD_C, WARM_C, HOT_C = 0.0, 10.0, 45.0, 55.0
"""Charging fades in between the first two, all power out between the last. Ours."""


class Container:
    """One temperature for all cells."""

    def __init__(self, energy_wh: float, ambient_c: float) -> None:
        self._energy_wh = energy_wh
        self.ambient_c = ambient_c
        self.cooling = True
        """Whether the air conditioning works."""
        self.temperature_c = min(max(ambient_c, HEAT_BELOW_C), COOL_FROM_C)

    def step(self, heat_w: float, dt_s: float) -> float:
        """Advance by `dt_s` with this heat from the cells; the power drawn [W]."""
        moved_w = 0.0
        if self.cooling:
            above = max(self.temperature_c - COOL_FROM_C, 0.0)
            below = max(HEAT_BELOW_C - self.temperature_c, 0.0)
            moved_w = COOLING_W_PER_K_WH * self._energy_wh * (above - below)
        walls_w = (
            UA_W_PER_K_WH * self._energy_wh * (self.temperature_c - self.ambient_c)
        )
        gained_j = (heat_w - moved_w - walls_w) * dt_s
        self.temperature_c += gained_j / (J_PER_K_WH * self._energy_wh)
        return abs(moved_w) / PERFORMANCE

    @property
    def charge_pu(self) -> float:
        """Share of the charging power that the temperature allows."""
        cold = (self.temperature_c - COLD_C) / (MILD_C - COLD_C)
        return min(max(cold, 0.0), self.discharge_pu)

    @property
    def discharge_pu(self) -> float:
        hot = (HOT_C - self.temperature_c) / (HOT_C - WARM_C)
        return min(max(hot, 0.0), 1.0)
