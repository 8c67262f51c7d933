from pytest import mark

from ppc.metier.frequency_sensitive_mode.state_machine import (
    Inputs,
    Mode,
    StateMachine,
)

AWAKE = [mode for mode in Mode if mode is not Mode.OFF]
SHARES = {
    Mode.NORMAL: 0.0,
    Mode.RESPONDING: -0.3,
    Mode.FULL: 1.0,
    Mode.BLIND: None,
}


def seen(share, *, enabled=True):
    return Inputs(enabled, share, -0.5, 1.0)


def machine_in(mode):
    machine = StateMachine()
    for time_s in (0.0, 1.0):
        machine.scan(seen(SHARES[mode]), time_s)
    return machine


@mark.parametrize("begin", AWAKE)
@mark.parametrize("end", AWAKE)
def test_it_goes_from_any_mode_to_that_of_the_frequency(begin, end):
    machine = machine_in(begin)
    assert machine.state is begin
    assert machine.scan(seen(SHARES[end]), 2.0) is end


@mark.parametrize("mode", AWAKE)
def test_it_can_be_switched_off_in_any_mode(mode):
    machine = machine_in(mode)
    assert machine.scan(seen(SHARES[mode], enabled=False), 2.0) is Mode.OFF
    assert machine.scan(seen(SHARES[mode], enabled=False), 3.0) is Mode.OFF


def test_each_side_has_its_own_end():
    machine = machine_in(Mode.NORMAL)
    assert machine.scan(seen(0.5), 2.0) is Mode.RESPONDING
    assert machine.scan(seen(-0.5), 3.0) is Mode.FULL


def test_a_side_that_is_not_answered_has_no_end_to_reach():
    machine = machine_in(Mode.NORMAL)
    assert machine.scan(seen(0.0)._replace(least=0.0), 2.0) is Mode.NORMAL
