from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from ppc.metier.plant_sequence.state_machine import (
    TRANSITIONS,
    Inputs,
    Mode,
    StateMachine,
)

CASES = [
    Inputs(*flags, open_pu)
    for *flags, open_pu in product(*[(False, True)] * 5, (0.0, 0.5, 1.0))
]


@mark.parametrize("mode", Mode)
def test_an_emergency_stop_goes_before_everything(mode: Mode):
    for inputs in (i for i in CASES if i.emergency):
        fits = [d for s, d, guard in TRANSITIONS if s is mode and guard(inputs)]
        assert (fits or [mode])[0] is Mode.EMERGENCY


@given(st.lists(st.sampled_from(CASES), min_size=1))
def test_only_a_reset_without_the_order_ends_it(sequence: list[Inputs]):
    machine, latched = StateMachine(), False
    for time_s, i in enumerate(sequence):
        latched = i.emergency or (latched and not i.reset)
        assert (machine.scan(i, time_s) is Mode.EMERGENCY) is latched


@given(st.lists(st.sampled_from(CASES), min_size=1))
def test_an_emergency_stop_never_leads_straight_into_service(sequence: list[Inputs]):
    machine, was = StateMachine(), Mode.RUNNING
    for time_s, i in enumerate(sequence):
        mode = machine.scan(i, time_s)
        if was is Mode.EMERGENCY:
            assert mode in {Mode.EMERGENCY, Mode.STOPPED}
        was = mode
