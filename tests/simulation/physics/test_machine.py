from math import inf

from pytest import approx, mark

from ppc.configuration.simulation import ProtectionSection
from ppc.simulation.physics.machine import Machine, State

SECTION = ProtectionSection(restart_s=10.0, precharge_s=2.0, release_pu_per_s=0.1)
DT_S = 0.1


def run(machine, for_s, v_pu=1.0, f_hz=50.0):
    states = []
    for _ in range(round(for_s / DT_S)):
        machine.step(DT_S, v_pu, f_hz)
        states.append(machine.state)
    return states


@mark.parametrize(
    ("v_pu", "f_hz", "after_s"),
    [(0.4, 50, 1.5), (1.4, 50, 0.1), (1, 44.9, 0.2), (1, 65.1, 0.2), (0.51, 50, inf)],
)
def test_it_trips_on_what_lasts_too_long_and_on_nothing_else(v_pu, f_hz, after_s):
    machine = Machine(SECTION)
    feeding = run(machine, 5.0, v_pu, f_hz).count(State.RUN) * DT_S
    assert feeding == approx(min(after_s, 5.0), abs=2 * DT_S)


def test_a_short_dip_is_ridden_through():
    machine = Machine(SECTION)
    for _ in range(5):
        run(machine, 1.4, v_pu=0.0)
        run(machine, 0.1)
    assert machine.feeds


def test_after_a_trip_it_waits_charges_and_comes_back_slowly():
    machine = Machine(SECTION)
    run(machine, 3.0, v_pu=0.0)
    assert not machine.feeds
    states = run(machine, 30.0)
    assert states.count(State.STANDBY) * DT_S == approx(10.0, abs=0.3)
    assert states.count(State.PRECHARGE) * DT_S == approx(2.0, abs=0.3)
    machine = Machine(SECTION)
    run(machine, 3.0, v_pu=0.0)
    run(machine, 12.5)
    assert machine.feeds
    assert machine.release_pu < 0.1
    run(machine, 5.0)
    assert 0.4 < machine.release_pu < 0.6
    run(machine, 6.0)
    assert machine.release_pu == 1.0


def test_waiting_begins_anew_while_the_grid_is_not_right():
    machine = Machine(SECTION)
    run(machine, 3.0, v_pu=0.0)
    for _ in range(5):
        run(machine, 9.0)
        run(machine, 0.2, v_pu=0.3)
    assert machine.state is State.STANDBY


def test_a_fault_clears_by_itself_or_by_reset():
    timed, latched = Machine(SECTION), Machine(SECTION)
    timed.trip(5.0)
    latched.trip()
    for machine in (timed, latched):
        run(machine, 4.0)
        assert machine.state is State.FAULT
    run(timed, 2.0)
    run(latched, 100.0)
    assert timed.state is State.STANDBY
    assert latched.state is State.FAULT
    latched.reset()
    assert latched.state is State.STANDBY


def test_an_open_contactor_is_off_until_it_closes():
    machine = Machine(SECTION)
    machine.open()
    run(machine, 100.0)
    assert machine.state is State.OFF
    machine.reset()
    assert machine.state is State.OFF
    machine.close()
    run(machine, 13.0)
    assert machine.feeds
