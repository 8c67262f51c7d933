from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.application.clock import Regularly, SystemClock, next_deadline

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


def test_what_comes_regularly_is_due_once_for_each_time():
    sampling = Regularly(1.0)
    times_s = (100.0, 100.4, 100.9, 101.0, 101.9, 105.3, 105.9, 106.0)
    assert [s for s in times_s if sampling.is_due(s)] == [100.0, 101.0, 105.3, 106.0]
