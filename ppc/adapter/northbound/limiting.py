"""What limits the plant, as numbers that do not depend on plant.yaml."""

from collections.abc import Mapping
from types import MappingProxyType

NOTHING, CAPABILITY, UNKNOWN = 0, 100, 255

LIMITING_CODES: Mapping[str, int] = MappingProxyType(
    {
        "": NOTHING,
        "equipment_watchdog": 1,
        "unit_compliance": 2,
        "plant_sequence": 3,
        "operating_range": 4,
        "enter_service": 5,
        "disturbance_freeze": 6,
        "state_of_charge": 7,
        "bypass": 8,
        "volt_watt": 9,
        "run_back": 10,
        "power_limit": 11,
        "fast_frequency_reserve": 12,
        "limited_frequency_sensitive_mode": 13,
        "frequency_sensitive_mode": 14,
        "energy_management": 15,
        "ramp_rate_limit": 16,
        "peak_shaving": 17,
        "active_power_reserve": 18,
        "reactive_capability": 19,
        "q_voltage_limit": 20,
        "set_point_tracking": 21,
        "volt_var": 22,
        "voltage_support": 23,
        "power_factor": 24,
        "watt_var": 25,
        "schedule": 26,
        "capacity_firming": 27,
        "pv_smoothing": 28,
        "self_consumption": 29,
        "capability": CAPABILITY,
    }
)
"""By control function. Never renumbered: a new function gets the next number."""


def limiting_code(by: str) -> int:
    """The number of what limits; 255 for what has none."""
    return LIMITING_CODES.get(by, UNKNOWN)
