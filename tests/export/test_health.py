"""Metrics of a controller that runs, and of one that does not; read as Prometheus."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from pytest import raises

from ppc.application.reception import NotRunning
from ppc.export.health import Health

STATUS = {
    "plant": "a plant", "decided_age_s": 0.04, "poi_age_s": None, "p_w": 3e6,
    "q_var": -1e6, "v_v": 20100.0, "f_hz": None, "p_active_w": 5e6,
    "q_active_var": 0.0, "scada_clients_count": 1, "scada_orders_left_s": None,
    "record_dropped_count": 7, "state": "limited",
    "functions": [["measurement", "normal"], ["power_limit", "limited"]],
    "listeners": [
        {"listener": "0.0.0.0:502", "clients_count": 1, "connections_count": 9,
         "refused_count": 5, "malformed_count": 4, "timed_out_count": 3,
         "held_back_count": 2, "requests_count": 777, "exceptions": [[2, 6], [99, 1]]},
        {"listener": "/dev/ttyS0", "clients_count": 0, "connections_count": 1,
         "refused_count": 0, "malformed_count": 8, "timed_out_count": 0,
         "held_back_count": 0, "requests_count": 11, "exceptions": []},
    ],
    "cycle": {
        "period_s": 0.1, "late_p50_s": 4e-5, "late_max_s": 2e-4, "cycles_count": 1234,
        "acknowledged_p50_s": 9e-4, "acknowledged_max_s": None, "missed_count": 2,
        "meter_in_time_pu": 1.0, "incomplete_count": 1, "realtime": True,
    },
    "units": [
        {"name": "b", "type": "bess", "connected": True, "in_service": False,
         "age_s": None, "p_w": 1e6, "q_var": 0.0, "soc_pu": 0.5},
        {"name": "s", "type": "pv", "connected": True, "in_service": True,
         "age_s": 0.1, "p_w": 2e6, "q_var": 0.0, "soc_pu": None},
    ],
}  # fmt: skip


def samples(ask):
    registry = CollectorRegistry()
    registry.register(Health(ask))
    text = generate_latest(registry).decode()
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def silent():
    raise NotRunning


def test_a_controller_that_runs_is_told_with_all_that_is_known():
    found = samples(lambda: {"status": STATUS})
    assert found["ppc_up",] == 1
    assert found["ppc_active_power_watts",] == 3e6
    assert found["ppc_cycles_total",] == 1234
    assert found["ppc_cycles_missed_total",] == 2
    assert found["ppc_record_rows_dropped_total",] == 7
    assert found["ppc_plant_state", "limited"] == 1
    assert found["ppc_plant_state", "running"] == 0
    assert found["ppc_function_mode", "limited", "power_limit"] == 1
    assert found["ppc_unit_in_service", "b", "bess"] == 0
    assert found["ppc_unit_active_power_watts", "pv", "s"] == 2e6


def test_each_way_in_for_scada_is_told_by_itself():
    found = samples(lambda: {"status": STATUS})
    port, line = "0.0.0.0:502", "/dev/ttyS0"
    assert {
        name: (found[name, port], found[name, line])
        for name, *_ in found
        if name.startswith("ppc_scada_") and (name, port) in found
    } == {
        "ppc_scada_connections_total": (9, 1),
        "ppc_scada_connections_refused_total": (5, 0),
        "ppc_scada_connections_timed_out_total": (3, 0),
        "ppc_scada_malformed_total": (4, 8),
        "ppc_scada_held_back_total": (2, 0),
        "ppc_scada_requests_total": (777, 11),
    }
    exceptions = {
        (code, listener): count
        for (name, *labels), count in found.items()
        if name == "ppc_scada_exceptions_total"
        for listener, code in [sorted(labels, key=str.isdigit)]
    }
    assert exceptions["2", port] == 6
    assert exceptions["99", port] == 1
    assert exceptions["2", line] == exceptions["11", line] == 0
    assert sum(exceptions.values()) == 7


def test_what_is_not_known_is_no_number():
    names = {key[0] for key in samples(lambda: {"status": STATUS})}
    assert not names & {
        *("ppc_frequency_hertz", "ppc_poi_age_seconds", "ppc_orders_left_seconds"),
        "ppc_cycle_acknowledged_max_seconds",
    }
    found = samples(lambda: {"status": STATUS})
    assert ("ppc_unit_age_seconds", "b", "bess") not in found
    assert ("ppc_unit_state_of_charge_ratio", "pv", "s") not in found


def test_without_a_controller_only_that_is_told():
    assert samples(silent) == {("ppc_up",): 0}
    assert samples(lambda: {"status": None}) == {("ppc_up",): 0}


def test_a_status_that_lacks_something_is_an_error_and_no_zero():
    with raises(KeyError):
        samples(lambda: {"status": {**STATUS, "cycle": {}}})
