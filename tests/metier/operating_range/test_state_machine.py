from itertools import product

from pytest import mark

from ppc.metier.operating_range.state_machine import TRANSITIONS, Inputs, Mode

CASES = [Inputs(*flags) for flags in product(*[(False, True)] * 5)]


def after(mode: Mode, inputs: Inputs) -> Mode:
    fits = (d for s, d, guard in TRANSITIONS if s is mode and guard(inputs))
    return next(fits, mode)


@mark.parametrize("mode", [Mode.NORMAL, Mode.TIMING, Mode.BLIND])
def test_time_that_is_used_up_goes_before_everything(mode: Mode):
    assert {after(mode, i) for i in CASES if i.expired} == {Mode.EXPIRED}


def test_only_a_reset_within_the_limits_ends_it():
    for inputs in CASES:
        ended = after(Mode.EXPIRED, inputs) is Mode.NORMAL
        assert ended is (inputs.reset and inputs.within)


@mark.parametrize("mode", [Mode.NORMAL, Mode.TIMING, Mode.BLIND])
def test_else_the_mode_follows_from_the_inputs(mode: Mode):
    for i in (i for i in CASES if not i.expired):
        wanted = Mode.BLIND if i.blind else Mode.TIMING if i.timing else Mode.NORMAL
        assert after(mode, i) is wanted
