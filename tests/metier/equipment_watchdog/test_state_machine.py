from itertools import product

from pytest import mark

from ppc.metier.equipment_watchdog.state_machine import TRANSITIONS, Inputs, Mode

CASES = [
    Inputs(*each)
    for each in product((False, True), repeat=3)
    if each[0] or not each[1]  # when none serves, some are out
]


@mark.parametrize("inputs", CASES)
def test_one_mode_and_only_one_fits_whatever_the_mode_was(inputs: Inputs):
    fits = {dest for _, dest, guard in TRANSITIONS if guard(inputs)}
    assert len(fits) == 1
    for source in set(Mode) - fits:
        assert any(guard(inputs) for s, _, guard in TRANSITIONS if s is source)
