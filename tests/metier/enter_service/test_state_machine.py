from itertools import product

from pytest import mark

from ppc.metier.enter_service.state_machine import TRANSITIONS, Inputs, Mode

CASES = [
    Inputs(permitted, inside, lost, blind, for_s, 1.0, open_pu, wait)
    for permitted, inside, lost, blind, for_s, open_pu, wait in product(
        (False, True),
        (None, False, True),
        (False, True),
        (False, True),
        (0.0, 2.0),
        (0.0, 0.5, 1.0),
        (False, True),
    )
]


def first(mode: Mode, inputs: Inputs) -> Mode:
    fits = (d for s, d, guard in TRANSITIONS if s is mode and guard(inputs))
    return next(fits, mode)


@mark.parametrize("mode", Mode)
def test_without_permission_it_is_off(mode: Mode):
    assert {first(mode, i) for i in CASES if not i.permitted} == {Mode.OFF}


@mark.parametrize("mode", [Mode.RAMPING, Mode.IN_SERVICE, Mode.BLIND])
def test_a_loss_always_waits(mode: Mode):
    assert {first(mode, i) for i in CASES if i.permitted and i.lost} == {Mode.WAITING}


def test_nobody_serves_before_the_wait_is_over():
    short = [i for i in CASES if i.inside_for_s < i.delay_s]
    assert {first(Mode.WAITING, i) for i in short} == {
        *(Mode.OFF, Mode.WAITING, Mode.BLIND)
    }
