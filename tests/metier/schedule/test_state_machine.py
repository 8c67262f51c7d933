from hypothesis import given
from hypothesis import strategies as st

from ppc.metier.schedule.state_machine import Inputs, Mode, StateMachine

INPUTS = st.builds(
    lambda free, clock, planned, based: Inputs(free, clock, planned and clock, based),
    *(st.booleans() for _ in range(4)),
)


@given(st.lists(INPUTS, min_size=1))
def test_it_plans_when_it_may_and_knows(sequence):
    machine = StateMachine()
    for time_s, i in enumerate(sequence):
        was = machine.state
        mode = machine.scan(i, time_s)
        if i.clock:
            follows = Mode.PLANNED if i.based or was is Mode.PLANNED else Mode.BLIND
            assert mode is (follows if i.free and i.planned else Mode.IDLE)
        elif not i.free or was is Mode.IDLE:
            assert mode is not Mode.PLANNED
        else:
            assert mode is Mode.BLIND
