from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.application.clock import SystemClock, next_deadline

times = st.floats(0.0, 1e6)
periods = st.floats(0.01, 10.0)


@given(times, periods, st.floats(-5.0, 100.0))
def test_the_next_deadline_is_ahead_and_on_the_grid(deadline_s, period_s, late_s):
    now_s = deadline_s + late_s
    ahead_s, missed = next_deadline(deadline_s, period_s, now_s)
    assert ahead_s > now_s - 1e-6
    assert ahead_s == approx(deadline_s + (missed + 1) * period_s)
    assert missed >= 0


@given(times, periods)
def test_a_punctual_cycle_misses_nothing(deadline_s, period_s):
    assert next_deadline(deadline_s, period_s, deadline_s + 0.5 * period_s)[1] == 0


def test_sleeping_never_ends_early():
    clock = SystemClock()
    deadline_s = clock.now_s() + 0.01
    clock.sleep_until(deadline_s)
    assert clock.now_s() >= deadline_s
