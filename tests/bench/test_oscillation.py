import numpy as np
from pytest import approx, mark

from ppc.bench.oscillation import (
    Oscillation,
    adequately_damped,
    damping_from_overshoot,
    half_swings,
    least_decay_per_s,
    oscillation,
    summit,
)
from ppc.bench.series import Series
from tests.bench.signals import first_order, second_order, times

T = times(30.0, 0.01, from_s=0.0)


def ringing(decay_per_s: float, w_rad_s: float) -> np.ndarray:
    return np.exp(-decay_per_s * T) * np.cos(w_rad_s * T)


@mark.parametrize("decay_per_s", [-0.05, 0.0, 0.2, 0.5])
@mark.parametrize("w_rad_s", [1.0, 4.0])
def test_decay_and_frequency_come_back(decay_per_s: float, w_rad_s: float):
    swing = oscillation(T, 3 + ringing(decay_per_s, w_rad_s), about=3.0, least=1e-3)
    assert swing is not None
    assert swing.decay_per_s == approx(decay_per_s, abs=2e-3)
    assert swing.w_rad_s == approx(w_rad_s, rel=2e-3)
    assert swing.frequency_hz == approx(w_rad_s / 2 / np.pi, rel=2e-3)


def test_coarse_samples_give_the_same_peaks():
    """Seven samples a period."""
    swing = oscillation(T[::90], ringing(0.1, 1.0)[::90], about=0.0, least=1e-3)
    assert swing is not None
    assert swing.damping == approx(0.1 / np.hypot(0.1, 1.0), rel=0.03)


def test_noise_adds_no_peaks_to_a_smoothed_signal():
    noise = 0.02 * np.random.default_rng(3).standard_normal(len(T))
    noisy = Series(T, ringing(0.1, 1.0) + noise).smooth(0.5)
    swing = oscillation(noisy.time_s, noisy.y, about=0.0, least=0.1)
    assert swing is not None
    assert swing.peaks == 7
    assert swing.decay_per_s == approx(0.1, abs=0.01)


def test_a_peak_between_samples_is_the_top_of_its_parabola():
    t = np.arange(5.0, 8.0, 0.5)
    off = Series(t, 3 - 2 * (t - 6.13) ** 2)
    assert summit(off, 2) == approx((6.13, 3.0))
    flat = Series(t, np.ones(6))
    assert summit(flat, 2) == (6.0, 1.0)


def test_noise_that_parts_a_half_swing_does_not_make_two_of_it():
    """Up to 1, a touch of zero, up to 0.8; then down, up and down."""
    off = Series.of(
        np.arange(17.0),
        np.array([-90, 5, 10, 5, -0.1, 5, 8, 5, -3, -6, -3, 2, 4, 2, -1, -2, -1]) / 10,
    )
    when, height = half_swings(off, 0.05)
    assert when == approx([2, 9, 12, 15])
    assert height == approx([1, -0.6, 0.4, -0.2])
    later = Series(off.time_s, np.where(off.time_s == 6, 1.3, off.y))
    assert half_swings(later, 0.05)[0] == approx([6, 9, 12, 15], abs=0.1)


def test_what_does_not_swing_has_no_oscillation():
    assert oscillation(T, first_order(T, 1.0), about=1.0, least=0.01) is None
    assert oscillation(T, np.ones_like(T), about=1.0, least=0.01) is None
    once = second_order(T, 0.7, 2.0)
    assert oscillation(T, once, about=1.0, least=0.01) is None


@mark.parametrize("zeta", [0.05, 0.2, 0.45, 0.7])
def test_the_damping_of_an_overshoot_comes_back(zeta: float):
    overshoot_pu = np.exp(-np.pi * zeta / np.sqrt(1 - zeta**2))
    assert damping_from_overshoot(overshoot_pu) == approx(zeta)


def test_twenty_percent_is_0_456_and_no_overshoot_is_no_damping_ratio():
    assert damping_from_overshoot(0.2) == approx(0.4559, abs=1e-4)
    assert np.isnan(damping_from_overshoot(0.0))
    assert np.isnan(damping_from_overshoot(np.nan))


@mark.parametrize(
    ("frequency_hz", "decay_per_s"),
    [
        (0.02, 0.4364 * 2 * np.pi * 0.02),
        (0.05, 0.14),
        (0.6, 0.14),
        (1.0, 0.1005 * 2 * np.pi),
        (2.0, 0.1005 * 4 * np.pi),
    ],
)
def test_the_decay_that_aemo_asks_for(frequency_hz: float, decay_per_s: float):
    least = least_decay_per_s(2 * np.pi * frequency_hz)
    assert least == approx(decay_per_s, rel=1e-3)
    just = Oscillation(least * 1.001, 2 * np.pi * frequency_hz, 9)
    short = Oscillation(least * 0.999, 2 * np.pi * frequency_hz, 9)
    assert adequately_damped(just)
    assert not adequately_damped(short)


def test_the_minimum_standard_asks_for_half_of_the_damping_of_fast_swings():
    swing = Oscillation(0.06 * 2 * np.pi, 2 * np.pi, 9)
    assert not adequately_damped(swing)
    assert adequately_damped(swing, fast_damping=0.05)
    assert adequately_damped(None)
