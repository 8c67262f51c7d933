"""Control functions, by the name used in `config/plant.yaml`.

The order is that of a plant file in which nobody has chosen another: the most binding
first.
"""

from collections.abc import Mapping

from ppc.metier.active_power_reserve.active_power_reserve import ActivePowerReserve
from ppc.metier.bypass.bypass import Bypass
from ppc.metier.capacity_firming.capacity_firming import CapacityFirming
from ppc.metier.disturbance_freeze.disturbance_freeze import DisturbanceFreeze
from ppc.metier.energy_management.energy_management import EnergyManagement
from ppc.metier.enter_service.enter_service import EnterService
from ppc.metier.equipment_watchdog.equipment_watchdog import EquipmentWatchdog
from ppc.metier.fast_frequency_reserve.fast_frequency_reserve import (
    FastFrequencyReserve,
)
from ppc.metier.frequency_sensitive_mode import frequency_sensitive_mode as fsm
from ppc.metier.function import ControlFunction
from ppc.metier.limited_frequency_sensitive_mode import (
    limited_frequency_sensitive_mode as lfsm,
)
from ppc.metier.operating_range.operating_range import OperatingRange
from ppc.metier.peak_shaving.peak_shaving import PeakShaving
from ppc.metier.plant_sequence.plant_sequence import PlantSequence
from ppc.metier.power_factor.power_factor import PowerFactor
from ppc.metier.power_limit.power_limit import PowerLimit
from ppc.metier.pv_smoothing.pv_smoothing import PvSmoothing
from ppc.metier.q_voltage_limit.q_voltage_limit import QVoltageLimit
from ppc.metier.ramp_rate_limit.ramp_rate_limit import RampRateLimit
from ppc.metier.reactive_capability.reactive_capability import ReactiveCapability
from ppc.metier.run_back.run_back import RunBack
from ppc.metier.schedule.schedule import Schedule
from ppc.metier.self_consumption.self_consumption import SelfConsumption
from ppc.metier.set_point_tracking.set_point_tracking import SetPointTracking
from ppc.metier.state_of_charge.state_of_charge import StateOfCharge
from ppc.metier.unit_compliance.unit_compliance import UnitCompliance
from ppc.metier.volt_var.volt_var import VoltVar
from ppc.metier.volt_watt.volt_watt import VoltWatt
from ppc.metier.voltage_support.voltage_support import VoltageSupport
from ppc.metier.watt_var.watt_var import WattVar

FUNCTIONS: Mapping[str, type[ControlFunction]] = {
    "equipment_watchdog": EquipmentWatchdog,
    "unit_compliance": UnitCompliance,
    "plant_sequence": PlantSequence,
    "operating_range": OperatingRange,
    "enter_service": EnterService,
    "disturbance_freeze": DisturbanceFreeze,
    "state_of_charge": StateOfCharge,
    "bypass": Bypass,
    "volt_watt": VoltWatt,
    "run_back": RunBack,
    "power_limit": PowerLimit,
    "fast_frequency_reserve": FastFrequencyReserve,
    "limited_frequency_sensitive_mode": lfsm.LimitedFrequencySensitiveMode,
    "frequency_sensitive_mode": fsm.FrequencySensitiveMode,
    "energy_management": EnergyManagement,
    "ramp_rate_limit": RampRateLimit,
    "peak_shaving": PeakShaving,
    "active_power_reserve": ActivePowerReserve,
    "reactive_capability": ReactiveCapability,
    "q_voltage_limit": QVoltageLimit,
    "set_point_tracking": SetPointTracking,
    "volt_var": VoltVar,
    "voltage_support": VoltageSupport,
    "power_factor": PowerFactor,
    "watt_var": WattVar,
    "schedule": Schedule,
    "capacity_firming": CapacityFirming,
    "pv_smoothing": PvSmoothing,
    "self_consumption": SelfConsumption,
}

INDISPENSABLE = frozenset(
    {
        "equipment_watchdog",
        "plant_sequence",
        "operating_range",
        "enter_service",
        "state_of_charge",
        "volt_watt",
        "run_back",
        "power_limit",
        "set_point_tracking",
    }
)
"""Functions that keep the plant from doing more than it may: should one of them break,
nothing is commanded, and the units fall back by themselves. Any other is passed over:
without it the plant does less, but nothing it may not."""

__all__ = ["FUNCTIONS", "INDISPENSABLE", "ControlFunction"]
