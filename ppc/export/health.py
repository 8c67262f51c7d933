"""The controller's health as Prometheus wants it, from what the controller tells.

Names follow the conventions of Prometheus: base units, `_total` for what only grows.
Source: its documentation, "Metric and label naming".
"""

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from ppc.application.reception import NotRunning
from ppc.communication.errors import ExceptionCode
from ppc.keys import PlantState

Status = Mapping[str, Any]

_CYCLE = {
    "late_p50_s": ("cycle_late_p50_seconds", "how late cycles begin, median"),
    "late_max_s": ("cycle_late_max_seconds", "how late cycles begin, at worst"),
    "acknowledged_p50_s": (
        "cycle_acknowledged_p50_seconds",
        "from a cycle's begin to the last unit's acknowledgement, median",
    ),
    "acknowledged_max_s": (
        "cycle_acknowledged_max_seconds",
        "from a cycle's begin to the last unit's acknowledgement, at worst",
    ),
    "meter_in_time_pu": (
        "cycle_meter_in_time_ratio",
        "part of the cycles that had a meter value of their own",
    ),
    "period_s": ("cycle_period_seconds", "the cycle control is to keep"),
}
_COUNTED = {
    "cycles_count": ("cycles", "control cycles"),
    "missed_count": ("cycles_missed", "control cycles missed"),
    "incomplete_count": (
        "cycles_incomplete",
        "cycles in which not every unit acknowledged",
    ),
}
_PLANT = {
    "decided_age_s": ("decision_age_seconds", "age of the last decision"),
    "poi_age_s": ("poi_age_seconds", "age of the meter's last answer"),
    "p_w": ("active_power_watts", "active power at the POI, + to the grid"),
    "q_var": ("reactive_power_vars", "reactive power at the POI, + to the grid"),
    "v_v": ("voltage_volts", "line-to-line voltage at the POI"),
    "f_hz": ("frequency_hertz", "frequency at the POI"),
    "p_active_w": ("active_power_aim_watts", "active power aimed at"),
    "q_active_var": ("reactive_power_aim_vars", "reactive power aimed at"),
    "scada_clients_count": ("scada_clients", "connections to the SCADA server"),
    "scada_orders_left_s": ("orders_left_seconds", "time until orders expire"),
}
_UNIT = {
    "connected": ("unit_connected", "1: the connection to the unit stands"),
    "in_service": ("unit_in_service", "1: the unit takes set-points"),
    "age_s": ("unit_age_seconds", "age of the unit's last answer"),
    "p_w": ("unit_active_power_watts", "active power of the unit"),
    "q_var": ("unit_reactive_power_vars", "reactive power of the unit"),
    "soc_pu": ("unit_state_of_charge_ratio", "state of charge of the unit"),
}


_LISTENER = {
    "connections_count": ("connections", "connections taken"),
    "refused_count": (
        "connections_refused",
        "connections not taken: too many, too fast, or TLS said no",
    ),
    "timed_out_count": (
        "connections_timed_out",
        "connections ended because nothing whole came in time",
    ),
    "malformed_count": ("malformed", "what came and was no Modbus"),
    "held_back_count": ("held_back", "times a client was not read, asking too fast"),
    "requests_count": ("requests", "requests answered, exceptions included"),
}


class Health(Collector):
    """Metrics of one controller. `ask` gives its status; raises NotRunning.

    What is not known is left out: a number that is absent raises no false hope.
    """

    def __init__(self, ask: Callable[[], Mapping[str, Any]]) -> None:
        self._ask = ask

    def collect(self) -> Iterator[Metric]:
        try:
            status: Status | None = self._ask()["status"]
        except NotRunning:
            status = None
        up = GaugeMetricFamily("ppc_up", "1: the controller runs and decides")
        up.add_metric([], float(status is not None))
        yield up
        if status is None:
            return
        about = {"plant": str(status["plant"]), "version": version("ppc")}
        yield InfoMetricFamily("ppc", "which plant, which program", about)
        yield from _gauges(status, _PLANT)
        yield from _gauges(status["cycle"], _CYCLE)
        for name, (metric, text) in _COUNTED.items():
            yield CounterMetricFamily(f"ppc_{metric}", text, status["cycle"][name])
        yield CounterMetricFamily(
            "ppc_record_rows_dropped",
            "rows the record has lost",
            status["record_dropped_count"],
        )
        yield _one_of("ppc_plant_state", "state", status["state"])
        yield _modes(status["functions"])
        yield from _of_units(status["units"])
        yield from _of_listeners(status["listeners"])


def _gauges(
    values: Mapping[str, Any], names: Mapping[str, tuple[str, str]]
) -> Iterator[Metric]:
    for name, (metric, text) in names.items():
        value = values[name]
        if value is not None:
            yield GaugeMetricFamily(f"ppc_{metric}", text, float(value))


def _one_of(metric: str, label: str, word: str) -> Metric:
    """The state word, 1 for the one that holds: what Prometheus calls a state set."""
    family = GaugeMetricFamily(metric, "1: the plant is in this state", labels=[label])
    for state in PlantState:
        name = state.name.lower()
        family.add_metric([name], float(name == word))
    return family


def _modes(functions: list[tuple[str, str]]) -> Metric:
    family = GaugeMetricFamily(
        "ppc_function_mode",
        "1: the mode a control function is in",
        labels=["function", "mode"],
    )
    for function, mode in functions:
        family.add_metric([function, mode], 1.0)
    return family


def _of_units(units: list[Status]) -> Iterator[Metric]:
    for name, (metric, text) in _UNIT.items():
        family = GaugeMetricFamily(f"ppc_{metric}", text, labels=["unit", "type"])
        for unit in units:
            if unit[name] is not None:
                family.add_metric([unit["name"], unit["type"]], float(unit[name]))
        yield family


def _of_listeners(listeners: list[Status]) -> Iterator[Metric]:
    for name, (metric, text) in _LISTENER.items():
        family = CounterMetricFamily(f"ppc_scada_{metric}", text, labels=["listener"])
        for each in listeners:
            family.add_metric([each["listener"]], each[name])
        yield family
    refusals = CounterMetricFamily(
        "ppc_scada_exceptions",
        "requests answered by an exception of Modbus, by its code",
        labels=["listener", "code"],
    )
    for each in listeners:
        # All from the start, so that the first of a kind is an increase.
        counted = dict.fromkeys(ExceptionCode, 0) | dict(each["exceptions"])
        for code, count in counted.items():
            refusals.add_metric([each["listener"], f"{code:d}"], count)
    yield refusals
