from hypothesis import given
from hypothesis import strategies as st

from ppc.metier.capacity_firming.state_machine import Inputs, Mode, StateMachine

INPUTS = st.builds(
    lambda free, known, outside, inner, usable: Inputs(
        free, known, outside, inner and not outside, usable
    ),
    *(st.booleans() for _ in range(5)),
)


@given(st.lists(INPUTS, min_size=1))
def test_when_nothing_changes_the_mode_says_what_is(sequence):
    machine = StateMachine()
    for time_s, i in enumerate(sequence):
        for part in range(4):
            mode = machine.scan(i, time_s + part / 4)
        if not i.free:
            assert mode is Mode.IDLE
        elif not i.known:
            assert mode in {Mode.BLIND, Mode.IDLE}
        elif i.outside:
            assert mode is (Mode.EMERGENCY if i.usable else Mode.EXHAUSTED)
        elif i.well_inside:
            assert mode is Mode.REPLACEMENT
