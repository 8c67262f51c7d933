from hypothesis import given
from hypothesis import strategies as st

from ppc.metier.power_limit.state_machine import Inputs, Mode, StateMachine

INPUTS = st.builds(
    Inputs,
    st.sampled_from((None, 0.0, 1.0)),
    limited=st.booleans(),
    expired=st.booleans(),
).filter(lambda i: i.limited or not i.expired)


@given(st.lists(INPUTS, min_size=1))
def test_the_mode_follows_from_the_inputs_but_silence_leaves_it_blocked(
    sequence: list[Inputs],
):
    machine, blocked = StateMachine(), False
    for time_s, i in enumerate(sequence):
        if i.enable_code is not None:
            blocked = i.enable_code == 0
        wanted = Mode.HOLD if i.expired else Mode.LIMITED if i.limited else Mode.FREE
        assert machine.scan(i, time_s) is (Mode.BLOCKED if blocked else wanted)
