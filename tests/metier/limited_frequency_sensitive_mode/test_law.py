from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.limited_frequency_sensitive_mode.law import response_law


def response(f_hz, droop_over_pu=0.05, droop_under_pu=0.05):
    return response_law(
        f_hz,
        over_hz=50.2,
        under_hz=49.8,
        droop_over_pu=droop_over_pu,
        droop_under_pu=droop_under_pu,
        f_nominal_hz=50.0,
    )


@mark.parametrize(
    ("f_hz", "change_pu"),
    [(50.0, 0), (50.2, 0), (49.8, 0), (50.5, -0.12), (51.5, -0.52), (48.5, 0.52)],
)
def test_the_change_of_power_is_that_of_the_energinet_cases(f_hz, change_pu):
    assert response(f_hz) == approx(change_pu)


@mark.parametrize(
    ("droop_pu", "change_pu"), [(0.02, -1.0), (0.04, -0.5), (0.12, -1 / 6)]
)
def test_other_droops(droop_pu, change_pu):
    assert response(51.2, droop_over_pu=droop_pu) == approx(change_pu)
    assert response(48.8, droop_under_pu=droop_pu) == approx(-change_pu)


@given(st.floats(45, 55), st.floats(45, 55))
def test_more_frequency_never_asks_for_more_power(one_hz, other_hz):
    low_hz, high_hz = min(one_hz, other_hz), max(one_hz, other_hz)
    assert response(low_hz) >= response(high_hz)
