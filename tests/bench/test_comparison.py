import numpy as np
from pytest import approx, mark, raises

from ppc.bench.comparison import (
    Comparison,
    Errors,
    compare,
    slope,
    static_error,
    steepest_per_s,
)
from ppc.bench.laws import build
from ppc.bench.series import Series, TraceError
from tests.bench.signals import times

T = times(10.0, 0.01, from_s=0.0)
DROOP = build("droop", {"reference": 1.0, "gain": 8.25, "low": -0.33, "high": 0.33})


def test_the_three_errors_of_an_offset_and_of_a_sine():
    offset = compare(T, np.full_like(T, 0.52), np.full_like(T, 0.5), window=(0, 10))
    assert offset.outside == Errors(*[approx(0.02)] * 3)
    assert offset.during is None
    sine = compare(T, 0.3 * np.sin(2 * np.pi * T), np.zeros_like(T), window=(0, 10))
    assert sine.outside is not None
    assert sine.outside.mxe == approx(0.3, rel=1e-3)
    assert sine.outside.me == approx(0, abs=1e-9)
    assert sine.outside.mae == approx(0.3 * 2 / np.pi, rel=1e-3)


def test_a_negative_mean_error_keeps_its_sign_and_a_base_scales():
    found = compare(
        T, -0.4 * np.ones_like(T), np.zeros_like(T), window=(0, 10), base=20
    )
    assert found.outside == Errors(approx(0.02), approx(-0.02), approx(0.02))


def test_the_time_of_a_fault_is_judged_apart_and_more_kindly():
    y = np.where((T >= 2) & (T < 3), 0.07, 0.01)
    zero = np.zeros_like(T)
    apart = compare(T, y, zero, window=(0, 10), faults=((2.0, 3.0),))
    assert apart.outside == Errors(*[approx(0.01)] * 3)
    assert apart.during == Errors(*[approx(0.07)] * 3)
    assert not apart.passed()
    kind = compare(T, 0.7 * y, zero, window=(0, 10), faults=((2.0, 3.0),))
    assert kind.passed()
    assert not compare(T, y, zero, window=(0, 10)).passed()


@mark.parametrize(
    ("mxe", "me", "mae"), [(0.051, 0.0, 0.0), (0.0, -0.021, 0.0), (0.0, 0.0, 0.031)]
)
def test_each_limit_counts(mxe: float, me: float, mae: float):
    limits = (0.05, 0.02, 0.03)
    assert Errors(0.05, -0.02, 0.03).within(limits)
    assert not Errors(mxe, me, mae).within(limits)


@mark.parametrize("column", [0, 1, 2])
def test_the_limits_are_those_of_the_standard(column: int):
    steady, fault = [0.05, 0.02, 0.03], [0.08, 0.05, 0.07]
    assert Comparison(Errors(*steady), Errors(*fault)).passed()
    for row in (steady, fault):
        row[column] += 0.001
        assert not Comparison(Errors(*steady), Errors(*fault)).passed()
        row[column] -= 0.0011


def test_what_was_not_seen_keeps_no_limit():
    y = np.zeros_like(T)
    y[5] = np.nan
    assert not compare(T, y, np.zeros_like(T), window=(0, 10)).passed()
    assert compare(T, y, np.zeros_like(T), window=(1, 10)).passed()


def test_a_comparison_needs_samples_and_equal_rows():
    with raises(TraceError, match="no samples"):
        compare(T, T, T, window=(20, 30))
    with raises(TraceError, match="same length"):
        compare(T, T[:-1], T[:-1], window=(0, 10))


def test_the_static_error_is_taken_at_the_measured_x():
    """The voltage is not where it was asked to be; the law holds all the same."""
    v_pu = 0.983 + 0.001 * np.sin(5 * T)
    q_pu = DROOP(v_pu) + 0.004
    found = static_error(T, q_pu, DROOP(v_pu), window=(5, 10), base=0.33)
    assert found == approx(0.004 / 0.33)
    wrong_x = static_error(T, q_pu, DROOP(np.full_like(T, 0.98)), window=(5, 10))
    assert wrong_x > 0.02


@mark.parametrize("rate_per_s", [0.05, -0.05])
def test_a_ramp_has_its_slope_in_the_middle_and_at_most(rate_per_s: float):
    y = 0.5 + np.clip(rate_per_s * (T - 2.5), *sorted((0.0, rate_per_s * 4)))
    found = slope(T, y, at_s=0.0, until_s=10.0, over_s=1.0)
    assert found.mean_per_s == approx(rate_per_s, rel=1e-6)
    assert found.largest_per_s == approx(rate_per_s, rel=1e-6)


def test_the_largest_slope_finds_a_steep_second_that_the_mean_hides():
    y = np.interp(T, [2, 4, 5, 8], [0, 0.1, 0.3, 0.5])
    found = slope(T, y, at_s=0.0, until_s=10.0, over_s=1.0)
    assert found.largest_per_s == approx(0.2, rel=1e-6)
    assert found.mean_per_s < 0.11


def test_the_slope_of_a_noisy_ramp_is_its_mean_slope():
    y = np.clip(0.1 * (T - 1), 0, 0.8)
    y += 0.005 * np.random.default_rng(2).standard_normal(len(T))
    found = slope(T, y, at_s=0.0, until_s=10.0, over_s=1.0)
    assert found.mean_per_s == approx(0.1, rel=0.01)
    assert found.largest_per_s == approx(0.1, rel=0.1)


def test_the_slope_is_taken_between_ten_and_ninety_percent():
    """Slow first and last tenths, and a trace that begins elsewhere."""
    t = T + 100
    y = 3 + np.interp(T, [1, 3, 5, 7], [0, 0.099, 0.901, 1])
    found = slope(t, y, at_s=100.0, until_s=110.0, over_s=0.5)
    assert found.mean_per_s == approx(0.401, rel=1e-3)


def test_a_ramp_with_a_bend_has_the_least_squares_slope_of_its_middle():
    """0.2 per s to a half, then 0.1: 10 % is at 1.5 s, 90 % at 7.5 s."""
    y = np.interp(T, [1, 3.5, 8.5], [0, 0.5, 1.0])
    middle = (T >= 1.5) & (T <= 7.5)
    by_hand = np.polyfit(T[middle], y[middle], 1)[0]
    found = slope(T, y, at_s=0.0, until_s=10.0, over_s=1.0)
    assert found.mean_per_s == approx(by_hand, rel=1e-2)
    assert found.mean_per_s != approx(
        np.polyfit(T[T < 8.5], y[T < 8.5], 1)[0], rel=0.02
    )


def test_the_ends_of_a_ramp_are_means_of_the_outer_tenths():
    """Half a second of dip at the start: its mean moves the 10 % by little."""
    y = np.where(T < 0.5, -0.1, 0.0) + np.clip(0.1 * (T - 2), 0, 0.5)
    found = slope(T, y, at_s=0.0, until_s=10.0, over_s=1.0)
    assert found.mean_per_s == approx(0.1, rel=1e-6)


@mark.parametrize(("change", "there"), [(0.0009, 0), (0.0011, 1)])
def test_a_ramp_of_less_than_a_thousandth_is_none(change: float, there: int):
    y = np.clip(T / 10, 0.2, 0.8) / 0.6 * change
    found = slope(T, y, at_s=0.0, until_s=10.0, over_s=1.0)
    assert np.isfinite(found.mean_per_s) == there


def test_no_ramp_has_no_mean_slope_and_a_short_trace_no_largest():
    flat = slope(T, np.ones_like(T), at_s=0.0, until_s=10.0, over_s=1.0)
    assert np.isnan(flat.mean_per_s)
    assert flat.largest_per_s == approx(0)
    assert np.isnan(steepest_per_s(Series(T[:50], T[:50]), 1.0))
