from math import exp

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.shaping import (
    approach,
    closed_in,
    first_order,
    open_loop_tau_s,
    polyline,
    used_share_pu,
)

VALUES = st.floats(-1e9, 1e9)


@given(VALUES, VALUES, st.floats(0.0, 1e9), st.floats(0.0, 10.0))
def test_approach_takes_one_step_and_never_overshoots(
    present: float, target: float, rate_per_s: float, dt_s: float
):
    moved = approach(present, target, rate_per_s=rate_per_s, dt_s=dt_s)
    assert min(present, target) <= moved <= max(present, target)
    assert abs(moved - present) <= rate_per_s * dt_s * (1 + 1e-9) + 1e-6


@mark.parametrize(
    ("limit", "target", "value", "begins"),
    [
        (10.0, 4.0, 6.0, 6.0),
        (10.0, 4.0, 2.0, 4.0),  # no tighter than it is to be
        (10.0, 4.0, 12.0, 10.0),  # nor wider than it is
        (10.0, 4.0, None, 10.0),
        (10.0, 12.0, 6.0, 10.0),
    ],
)
def test_a_limit_that_gets_tighter_begins_at_the_value(
    limit: float, target: float, value: float | None, begins: float
):
    assert closed_in(limit, target, value=value) == begins


def test_a_first_order_lag_has_gone_63_percent_of_the_way_after_its_time_constant():
    moved = first_order(0.0, 1.0, tau_s=0.4, dt_s=0.4)
    assert moved == approx(1.0 - exp(-1.0))


@given(VALUES, VALUES, st.floats(0.01, 60.0), st.floats(0.0, 10.0), st.integers(1, 50))
def test_many_short_cycles_lead_where_one_long_one_does(
    present: float, target: float, tau_s: float, dt_s: float, cycles: int
):
    value = present
    for _ in range(cycles):
        value = first_order(value, target, tau_s=tau_s, dt_s=dt_s / cycles)
    once = first_order(present, target, tau_s=tau_s, dt_s=dt_s)
    assert value == approx(once, rel=1e-6, abs=1e-3)


def test_without_a_time_constant_it_follows_at_once():
    assert first_order(0.0, 7.0, tau_s=0.0, dt_s=0.1) == 7.0


@mark.parametrize(
    ("x", "y"),
    [(0.5, 1.0), (0.9, 1.0), (0.95, 0.5), (1.0, 0.0), (1.05, -0.2), (1.2, -0.4)],
)
def test_a_polyline_is_linear_between_its_points_and_flat_beyond(x: float, y: float):
    assert polyline(x, ((0.9, 1.0), (1.0, 0.0), (1.1, -0.4))) == approx(y)


def test_a_polyline_may_jump():
    points = ((0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (2.0, 0.0))
    assert polyline(0.999, points) == 1.0
    assert polyline(1.0, points) == 0.0


def test_ninety_per_cent_after_the_response_time():
    tau_s = open_loop_tau_s(5.0)
    assert first_order(0.0, 1.0, tau_s=tau_s, dt_s=5.0) == approx(0.9)


@mark.parametrize(
    ("value", "used"),
    [(0.0, 0.0), (5.0, 0.5), (12.0, 1.0), (-1.0, 0.25), (-4.0, 1.0), (-9.0, 1.0)],
)
def test_a_value_uses_a_part_of_its_range(value: float, used: float):
    assert used_share_pu(value, low=-4.0, high=10.0) == used


def test_a_value_on_a_side_that_has_no_range_uses_all_of_it():
    assert used_share_pu(-0.1, low=0.0, high=10.0) == 1.0
    assert used_share_pu(0.0, low=0.0, high=0.0) == 0.0
