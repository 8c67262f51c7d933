from hypothesis import given
from hypothesis import strategies as st

from ppc.metier.pv_smoothing.state_machine import Inputs, Mode, StateMachine

INPUTS = st.builds(Inputs, st.booleans(), st.booleans())


@given(st.lists(INPUTS, min_size=1))
def test_who_may_and_can_balances_and_who_may_not_rests(sequence):
    machine = StateMachine()
    for time_s, i in enumerate(sequence):
        for part in range(2):
            mode = machine.scan(i, time_s + part / 2)
        assert (mode is Mode.SMOOTHING) == (i.free and i.measured)
        if not i.free:
            assert mode is not Mode.SMOOTHING
