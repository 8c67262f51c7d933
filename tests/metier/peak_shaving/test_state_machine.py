from hypothesis import given
from hypothesis import strategies as st

from ppc.metier.peak_shaving.state_machine import Inputs, Mode, StateMachine

INPUTS = st.builds(
    lambda enabled, resting_w, wanted: Inputs(
        enabled, resting_w, 2.0, 1.96, 1.0, empty=wanted, full=not wanted
    ),
    st.booleans(),
    st.none() | st.floats(-5.0, 5.0),
    st.booleans(),
)


@given(st.lists(INPUTS, min_size=2))
def test_two_cycles_of_the_same_are_enough_to_say_what_is(sequence):
    machine = StateMachine()
    for time_s, i in enumerate(sequence):
        for part in range(4):
            mode = machine.scan(i, time_s + part / 4)
        if not i.enabled:
            assert mode is Mode.OFF
        elif i.resting_w is None:
            assert mode is Mode.BLIND
        elif i.resting_w > i.allowed_w:
            assert mode is Mode.SHAVING
        elif i.empty and i.resting_w < i.recharge_w:
            assert mode is Mode.RECHARGING
        elif i.resting_w < i.release_w:
            assert mode is Mode.IDLE
