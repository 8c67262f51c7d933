from hypothesis import given
from hypothesis import strategies as st

from ppc.metier.active_power_reserve.state_machine import Inputs, Mode, StateMachine

INPUTS = st.builds(Inputs, st.booleans(), st.booleans(), st.booleans())


@given(st.lists(INPUTS, min_size=1))
def test_the_mode_says_whether_the_reserve_is_there(sequence):
    machine = StateMachine()
    for time_s, i in enumerate(sequence):
        was = machine.state
        mode = machine.scan(i, time_s)
        if not i.wanted:
            assert mode is Mode.OFF
        elif i.measured:
            assert mode is (Mode.RESERVING if i.enough else Mode.SHORT)
        else:
            assert mode is (Mode.OFF if was is Mode.OFF else Mode.BLIND)
