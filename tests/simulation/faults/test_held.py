"""Faults that overlap, on the whole field and on a thing of our own."""

from pytest import mark

from ppc.simulation.faults.catalogue import KINDS
from ppc.simulation.faults.held import Held
from ppc.simulation.faults.plan import Planned
from tests.simulation.faults.field import field_of


class Thing:
    level = 1.0


def test_the_newest_counts_and_the_last_gives_back_what_was():
    thing, held = Thing(), Held()
    first = held.set(thing, "level", 2.0)
    second = held.set(thing, "level", 3.0)
    assert thing.level == 3.0
    first()
    assert thing.level == 3.0
    second()
    assert thing.level == 1.0
    first = held.set(thing, "level", 4.0)
    second = held.set(thing, "level", 5.0)
    second()
    assert thing.level == 4.0
    first()
    assert thing.level == 1.0


def test_what_was_is_looked_at_anew_when_nobody_holds_it():
    thing, held = Thing(), Held()
    held.set(thing, "level", 2.0)()
    thing.level = 7.0
    held.set(thing, "level", 2.0)()
    assert thing.level == 7.0


GIVEN = {
    "feeder_open": {"feeder": "north"},
    "absent": {"key": "p_w"},
    "not_a_number": {"key": "p_w"},
    "scaled": {"key": "p_w"},
    "offset": {"key": "p_w", "by": 1.0},
    "stuck": {"key": "p_w"},
}
OTHER = {
    "connections_full": {"most": 1},
    "derated": {"share": 0.2},
    "bms_limit": {"share": 0.7},
    "own_droop": {"droop_pu": 0.1},
    "oscillating": {"amplitude_pu": 0.3, "period_s": 1.0},
    "q_saturated": {"share": 0.4},
    "expires": {"after_s": 2.0},
    "short_circuit_ratio": {"scr": 2.0},
    "meter_ratio": {"ratio": 3.0},
    "soc_jump": {"by_pu": -0.1},
    "voltage_step": {"by_pu": 0.03},
    "frequency_step": {"by_hz": 0.1},
    "phase_jump": {"by_deg": -5.0},
    "tap_steps": {"steps": -1},
}
"""Other parameters for the second of a kind, where its state depends on them."""


def rounded(thing, *names):
    return [round(getattr(thing, name), 9) for name in names]


def state(field):
    """All that faults can change and give back."""
    plant = field.plant
    grid, network, meter = plant.grid, plant.network, plant.meter
    found = {
        "grid": rounded(grid, "v_pu", "f_set_hz", "scr", "x_r", "phase_deg"),
        "network": (network.tap, network.poi_closed, dict(network.closed)),
        "meter": (meter.reversed, meter.ratio),
    }
    for name, unit in plant.units.items():
        inverter = unit.inverter
        battery = {
            "bms_pu": getattr(unit, "bms_pu", None),
            "soc_error_pu": round(getattr(unit, "soc_error_pu", 0.0), 9),
            "cooling": unit.container.cooling if hasattr(unit, "container") else None,
        }
        found[name] = (
            inverter.machine.state,
            inverter.derate_pu,
            rounded(
                inverter.disorder,
                "frozen",
                "droop_pu",
                "swing_pu",
                "swing_s",
                "q_share",
            ),
            inverter.set_points.watchdog_s,
            battery,
        )
    for name, station in field.stations.items():
        found[f"{name} station"] = [type(fault).__name__ for fault in station.hooks]
    return found


def add(field, kind, more=()):
    device = None if KINDS[kind].plant_wide else "bess1"
    parameters = {**GIVEN.get(kind, {}), **dict(more)}
    planned = Planned(kind=kind, device=device, parameters=parameters)
    return field.injector.add(planned).number


PAIRS = [
    *((kind, kind) for kind in KINDS),
    *(("trip", "contactor_open"), ("contactor_open", "trip")),
    *(("voltage_step", "short_circuit_ratio"), ("derated", "bms_limit")),
]


@mark.parametrize("newer_first", [True, False])
@mark.parametrize(("older", "newer"), PAIRS)
def test_two_that_overlap_leave_nothing_behind(older, newer, newer_first):
    left, other = (older, {}) if newer_first else (newer, OTHER.get(newer, {}))
    alone = field_of()
    add(alone, left, other)
    both = field_of()
    clean = state(both)
    numbers = [add(both, older), add(both, newer, OTHER.get(newer, {}))]
    both.injector.clear(numbers.pop(1 if newer_first else 0))
    assert state(both) == state(alone)
    both.injector.clear(numbers.pop())
    for _ in range(80):
        if state(both) == clean:
            break
        for _ in range(50):
            both.step(0.02)
    assert state(both) == clean
