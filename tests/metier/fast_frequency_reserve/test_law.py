from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.fast_frequency_reserve.law import (
    activation_time_law,
    least_support_law,
    recovery_law,
)


@mark.parametrize("f_nominal_hz", [50.0, 60.0])
@mark.parametrize(("f_pu", "time_s"), [(0.994, 1.3), (0.992, 1.0), (0.990, 0.7)])
def test_the_lower_the_threshold_the_less_time_there_is(f_pu, time_s, f_nominal_hz):
    assert activation_time_law(f_pu * f_nominal_hz / f_nominal_hz) == approx(time_s)


@mark.parametrize(("rate", "least_s"), [(0.1, 5.0), (0.2, 5.0), (0.21, 30.0)])
def test_what_goes_quickly_has_to_stay_long(rate, least_s):
    assert least_support_law(rate) == least_s


@given(st.floats(0.0, 1e9), st.floats(0.0, 1e7), st.sampled_from((0.02, 1.0, 30.0)))
def test_no_more_is_taken_back_than_was_given(given_ws, most_w, dt_s):
    p_w = recovery_law(given_ws, most_w=most_w, rate_w_per_s=1e5, dt_s=dt_s)
    assert -most_w <= p_w <= 0.0
    assert -p_w * dt_s <= given_ws * (1.0 + 1e-9)
