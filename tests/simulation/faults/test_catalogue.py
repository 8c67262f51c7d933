"""Every kind is tried somewhere; those of units, grid and meter here, on the truth."""

from pytest import approx, fixture, mark, raises

from ppc.keys import DeviceState, Key
from ppc.simulation.faults.catalogue import KINDS, FaultError
from ppc.simulation.faults.plan import Planned
from tests.simulation.faults.field import field_of
from tests.simulation.faults.test_data import BAD_DATA
from tests.simulation.faults.test_set_point import SET_POINTS
from tests.simulation.faults.test_wire import MENDED, WIRE

UNIT = "bess1"


@fixture(name="field")
def _field():
    field = field_of()
    field.plant.command(UNIT, {Key.P_SET_W: 1e6, Key.Q_SET_VAR: 2e5})
    run(field, 2.0)
    return field


def run(field, for_s):
    for _ in range(round(for_s / 0.02)):
        field.step(0.02)


def p_w(field):
    return field.plant.units[UNIT].inverter.p_w


def q_var(field):
    return field.plant.units[UNIT].inverter.q_var


def v_pu(field):
    return field.plant.truth.v_v / 20e3


def state(field):
    return field.plant.signals(UNIT)[Key.STATE_CODE]


PLANT = {
    "trip": ({}, lambda f: p_w(f) == 0.0 and state(f) is DeviceState.FAULT),
    "contactor_open": ({}, lambda f: p_w(f) == 0.0 and state(f) is DeviceState.OFF),
    "derated": ({"share": 0.2}, lambda f: p_w(f) == approx(0.44e6, rel=0.01)),
    "bms_limit": ({"share": 0.1}, lambda f: p_w(f) == approx(0.2e6, rel=0.01)),
    "cooling_lost": ({}, lambda f: not f.plant.units[UNIT].container.cooling),
    "soc_jump": (
        {"by_pu": 0.1},
        lambda f: (
            f.plant.signals(UNIT)[Key.SOC_PU]
            == approx(f.plant.units[UNIT].soc_pu + 0.1)
        ),
    ),
    "frozen_output": ({}, lambda f: told(f, 0.0) and p_w(f) == approx(1e6, rel=0.01)),
    "own_droop": ({}, lambda f: q_var(f) != approx(2e5, rel=0.02)),
    "oscillating": ({}, lambda f: spread_w(f) > 0.3e6),
    "q_saturated": ({}, lambda f: q_var(f) == approx(0.0, abs=1e3)),
    "voltage_step": ({"by_pu": -0.05}, lambda f: v_pu(f) < 0.97),
    "frequency_step": ({"by_hz": 0.4}, lambda f: f.plant.truth.f_hz == approx(50.4)),
    "frequency_ramp": (
        {"rate_hz_per_s": 1.0, "for_s": 0.5},
        lambda f: f.plant.truth.f_hz == approx(50.5, abs=0.03),
    ),
    "short_circuit_ratio": ({"scr": 2.0}, lambda f: f.plant.grid.scr == 2.0),
    "phase_jump": ({}, lambda f: f.plant.grid.e_phasor_v.imag > 5e3),
    "tap_steps": (
        {"steps": 3},
        lambda f: abs(f.plant.network.v_collector_v) / f.plant.truth.v_v > 1.03,
    ),
    "grid_lost": ({}, lambda f: f.plant.truth.v_v == 0.0),
    "feeder_open": (
        {"feeder": "north"},
        lambda f: p_w(f) == 0.0 and f.plant.truth.v_v > 19e3,
    ),
    "meter_reversed": ({}, lambda f: shown_w(f) == approx(-f.plant.truth.p_w, rel=0.1)),
    "meter_ratio": ({}, lambda f: shown_w(f) == approx(2 * f.plant.truth.p_w, rel=0.1)),
    "dip": ({"for_s": 5.0}, lambda f: v_pu(f) < 0.5),
}
"""Parameters, and what must be true of the field two seconds later."""


def told(field, p_set_w):
    field.plant.command(UNIT, {Key.P_SET_W: p_set_w})
    run(field, 2.0)
    return True


def spread_w(field):
    field.plant.command(UNIT, {Key.P_SET_W: 1e6})
    seen = []
    for _ in range(200):
        field.step(0.02)
        seen.append(p_w(field))
    return max(seen) - min(seen)


def shown_w(field):
    return field.plant.signals("poi")[Key.P_W]


def add(field, kind, **parameters):
    device = None if KINDS[kind].plant_wide else UNIT
    return field.injector.add(Planned(kind=kind, device=device, parameters=parameters))


@mark.parametrize("kind", PLANT)
def test_it_does_what_it_says_and_is_taken_back(field, kind):
    parameters, shows = PLANT[kind]
    assert not shows(field)
    field.plant.command(UNIT, {Key.P_SET_W: 1e6, Key.Q_SET_VAR: 2e5})
    run(field, 2.0)
    fault = add(field, kind, **parameters)
    run(field, 2.0)
    assert shows(field)
    field.injector.clear(fault.number)
    gone = kind in {"trip", "contactor_open", "grid_lost", "feeder_open", "dip"}
    run(field, 75.0 if gone else 10.0)
    field.plant.command(UNIT, {Key.P_SET_W: 1e6, Key.Q_SET_VAR: 2e5})
    run(field, 3.0)
    assert p_w(field) == approx(1e6, rel=0.05)
    assert not shows(field)


@mark.parametrize(
    ("kind", "device", "why"),
    [
        ("bms_limit", "pv1", "pv1 is no battery"),
        ("trip", "poi", "poi is no unit"),
        ("trip", "bess9", "no device bess9"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(field, kind, device, why):
    with raises(FaultError, match=why):
        field.injector.add(Planned(kind=kind, device=device))
    with raises(FaultError, match="no feeder west; there is north"):
        add(field, "feeder_open", feeder="west")
    assert field.injector.active == {}


def test_every_kind_is_tried():
    tried = {
        *WIRE, *MENDED, *SET_POINTS, *BAD_DATA,
        *("modbus_exception", "exception_on_block", "single_writes_only"),
        *("acknowledged_not_applied", "applied_late", "ignored", "delayed"),
        *("expires", "second_master"),
        *("frozen", "stuck", "torn", "offset", "soc_wrong"),
    }  # fmt: skip
    assert tried | set(PLANT) == set(KINDS)
