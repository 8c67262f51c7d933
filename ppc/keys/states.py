"""Words that are numbers on every wire: states of a device and of the plant, modes."""

from enum import IntEnum


class DeviceState(IntEnum):
    """State word of a unit, as every profile must translate it. 61850 DRCS, DBAT."""

    OFF = 0
    STANDBY = 1
    RUNNING = 2
    DERATED = 3
    FAULT = 4


class PlantState(IntEnum):
    """State word of the plant, as SCADA reads it."""

    STARTING = 0
    RUNNING = 1
    LIMITED = 2
    FALLBACK = 3
    BLOCKED = 4
    FAULT = 5
    STOPPING = 6
    TESTING = 7


class QMode(IntEnum):
    """Laws of reactive power, as `q_mode_code` selects one. 61850 DRCC."""

    CONFIGURED = 0
    """None is ordered: the first law in plant.yaml that is switched on."""
    SET_POINT = 1
    VOLT_VAR = 2
    VOLTAGE = 3
    POWER_FACTOR = 4
    WATT_VAR = 5
    LIMITED_BY_VOLTAGE = 6
