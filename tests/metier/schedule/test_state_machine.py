from hypothesis import given
from hypothesis import strategies as st

from ppc.metier.schedule.state_machine import Inputs, Mode, StateMachine

INPUTS = st.builds(
    lambda free, clock, planned: Inputs(free, clock, planned and clock),
    *(st.booleans() for _ in range(3)),
)


@given(st.lists(INPUTS, min_size=1))
def test_it_plans_when_it_may_and_knows(sequence):
    machine = StateMachine()
    for time_s, i in enumerate(sequence):
        was = machine.state
        mode = machine.scan(i, time_s)
        if i.clock:
            assert mode is (Mode.PLANNED if i.free and i.planned else Mode.IDLE)
        elif not i.free or was is Mode.IDLE:
            assert mode is not Mode.PLANNED
        else:
            assert mode is Mode.BLIND
