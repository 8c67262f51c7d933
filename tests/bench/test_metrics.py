import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx, mark, raises

from ppc.bench.metrics import step_metrics
from ppc.bench.series import TraceError, Values
from tests.bench.signals import LN9, LN10, LN_09, first_order, second_order, times

T = times(20.0)


@mark.parametrize("band_pu", [0.02, 0.025, 0.05, 0.10])
@mark.parametrize("tau_s", [0.2, 0.8])
def test_a_first_order_response_has_its_closed_form(tau_s: float, band_pu: float):
    y = first_order(T, tau_s, 0.1, 0.4)
    m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=band_pu)
    assert (m.y0, m.yss, m.delta) == approx((0.1, 0.4, 0.3), abs=1e-6)
    assert m.reaction_s == approx(tau_s * LN_09, abs=1e-4)
    assert m.rise_s == approx(tau_s * LN9, abs=1e-4)
    assert m.response_s == approx(tau_s * LN10, abs=1e-4)
    assert m.t1_s == approx(m.response_s)
    assert m.settling_s == approx(-tau_s * np.log(band_pu), abs=1e-4)
    assert (m.overshoot_pu, m.undershoot_pu) == approx((0, 0), abs=1e-6)
    assert m.stable
    assert np.isnan(m.damping)


@given(
    tau_s=st.floats(0.1, 1.0), y0=st.floats(-0.5, 0.5), delta=st.floats(0.05, 1.0),
    sign=st.sampled_from([-1, 1]), step_s=st.sampled_from([0.01, 0.02, 0.05]),
)  # fmt: skip
@settings(deadline=None, max_examples=50)
def test_times_do_not_depend_on_place_size_or_direction(
    tau_s: float, y0: float, delta: float, sign: int, step_s: float
):
    t = times(15.0, step_s)
    y = first_order(t, tau_s, y0, y0 + sign * delta)
    m = step_metrics(t, y, at_s=0.0, until_s=15.0, band_pu=0.05)
    assert m.delta == approx(sign * delta, rel=1e-3)
    assert m.reaction_s == approx(tau_s * LN_09, abs=m.resolution_s)
    assert m.response_s == approx(tau_s * LN10, abs=m.resolution_s)
    assert m.settling_s == approx(-tau_s * np.log(0.05), abs=m.resolution_s)
    assert m.resolution_s == approx(step_s)


@mark.parametrize(("zeta", "w_rad_s"), [(0.1, 5.0), (0.3, 3.0), (0.5, 2.0)])
def test_a_second_order_response_shows_its_overshoot_and_damping(
    zeta: float, w_rad_s: float
):
    y = second_order(T, zeta, w_rad_s)
    m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05)
    root = np.sqrt(1 - zeta**2)
    assert m.overshoot_pu == approx(np.exp(-np.pi * zeta / root), rel=2e-3)
    assert m.damping == approx(zeta, rel=0.02)
    assert m.oscillation is not None
    assert m.oscillation.w_rad_s == approx(w_rad_s * root, rel=0.01)
    assert m.oscillation.decay_per_s == approx(zeta * w_rad_s, rel=0.02)
    envelope_s = -np.log(0.05 * root) / (zeta * w_rad_s)
    half_period_s = np.pi / (w_rad_s * root)
    assert envelope_s - half_period_s < m.settling_s <= envelope_s


def test_settling_is_the_last_entry_not_the_first():
    """Up at 1, out again to 1.5 between 5 and 6 s."""
    y = np.where((T >= 5) & (T < 6), 1.5, np.where(T >= 0, 1.0, 0.0))
    m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05)
    assert m.response_s == approx(0, abs=1e-9)
    assert m.settling_s == approx(6.0, abs=0.001)
    assert m.overshoot_pu == approx(0.5)


def test_dead_time_moves_everything_but_the_rise():
    m = step_metrics(T, first_order(T - 0.7, 0.5), at_s=0.0, until_s=20.0, band_pu=0.02)
    assert m.reaction_s == approx(0.7 + 0.5 * LN_09, abs=1e-4)
    assert m.response_s == approx(0.7 + 0.5 * LN10, abs=1e-4)
    assert m.rise_s == approx(0.5 * LN9, abs=1e-4)


def test_the_band_has_no_default_and_is_printed():
    with raises(TypeError, match="band_pu"):
        step_metrics(T, T, at_s=0.0, until_s=20.0)  # type: ignore[call-arg]
    with raises(TraceError, match="band must be positive"):
        step_metrics(T, T, at_s=0.0, until_s=20.0, band_pu=0.0)
    m = step_metrics(T, first_order(T, 0.4), at_s=0.0, until_s=20.0, band_pu=0.025)
    assert "(band 2.5 % of the change)" in str(m)
    assert m.band_half_width == approx(0.025, rel=1e-6)


def test_no_step_has_levels_but_no_times():
    m = step_metrics(T, np.full_like(T, 0.3), at_s=0.0, until_s=20.0, band_pu=0.05)
    assert (m.y0, m.yss) == approx((0.3, 0.3))
    undefined = (m.reaction_s, m.rise_s, m.response_s, m.settling_s)
    assert np.isnan([*undefined, m.overshoot_pu, m.undershoot_pu, m.damping]).all()
    assert m.stable


def test_what_never_settles_has_no_settling_time_and_is_not_stable():
    y = np.where(T >= 0, 1 + 0.2 * np.sin(6 * T), 0.0)
    m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05)
    assert np.isnan(m.settling_s)
    assert not m.stable
    assert m.ripple == approx(0.4, rel=0.01)
    assert m.damping == approx(0, abs=1e-3)
    assert m.overshoot_pu == approx(0.2, abs=0.02)


def test_a_swing_that_grows_has_negative_damping():
    y = np.where(T >= 0, 1 - np.exp(0.1 * T) * np.cos(4 * T), 0.0)
    m = step_metrics(
        T, y, at_s=0.0, until_s=20.0, band_pu=0.05, steady=(0.0, 5 * np.pi)
    )
    assert m.damping < -0.02
    assert np.isnan(m.settling_s)


def test_a_response_that_first_goes_the_wrong_way_says_how_far():
    y = first_order(T, 0.5) - 0.3 * ((T >= 0) & (T < 0.2))
    m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05)
    assert m.undershoot_pu == approx(0.3, abs=1e-3)
    assert m.reaction_s == approx(0, abs=1e-9)


def test_noise_does_not_move_the_levels_and_a_mean_brings_the_times_back():
    """0.02 of noise hides a band of 2 % from the raw signal."""
    y = first_order(T, 0.5) + 0.02 * np.random.default_rng(1).standard_normal(len(T))
    raw = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.02)
    assert (raw.y0, raw.yss) == approx((0, 1), abs=0.003)
    assert np.isnan(raw.settling_s)
    m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.02, smooth_s=0.2)
    assert m.resolution_s == approx(0.1)
    assert m.reaction_s == approx(0.5 * LN_09, abs=m.resolution_s)
    assert m.response_s == approx(0.5 * LN10, abs=m.resolution_s)
    assert m.settling_s == approx(-0.5 * np.log(0.02), abs=3 * m.resolution_s)


def test_coarse_samples_are_read_between_the_lines():
    t = times(20.0, 0.25)
    m = step_metrics(t, first_order(t, 1.0), at_s=0.0, until_s=20.0, band_pu=0.05)
    assert m.resolution_s == approx(0.25)
    assert m.response_s == approx(LN10, abs=0.03)
    assert m.settling_s == approx(-np.log(0.05), abs=0.03)


def test_samples_that_are_not_known_are_left_out_and_widen_the_resolution():
    y = first_order(T, 0.5)
    y[(T > 1.0) & (T < 1.5)] = np.nan
    m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05)
    assert m.resolution_s == approx(0.5, abs=0.002)
    assert m.response_s == approx(0.5 * LN10, abs=m.resolution_s)
    with raises(TraceError, match="no samples from 18 s to 20 s"):
        step_metrics(
            T, np.where(T >= 15, np.nan, y), at_s=0.0, until_s=20.0, band_pu=0.05
        )


def test_the_windows_are_named_and_may_be_chosen():
    """A drift makes the window of the final value matter: [2 Tr, 4 Tr]."""
    y = np.where(T >= 0, 1 + 0.01 * T, 0.0)
    m = step_metrics(
        T, y, at_s=0.0, until_s=20.0, band_pu=0.1, steady=(4.0, 8.0), before_s=0.5
    )
    assert (m.before, m.steady) == ((-0.5, 0.0), (4.0, 8.0))
    assert m.yss == approx(1.06, abs=1e-4)
    last = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.1)
    assert last.steady == (18.0, 20.0)
    assert last.yss == approx(1.19, abs=1e-4)


def test_a_step_may_be_at_any_time_and_from_any_level():
    """Nothing of the result but its windows and levels moves."""
    y = second_order(T, 0.2, 3.0) - 0.4 * ((T >= 0) & (T < 0.1))
    here = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05)
    there = step_metrics(T + 30, 0.3 * y - 7, at_s=30.0, until_s=50.0, band_pu=0.05)
    assert there.steady == (48.0, 50.0)
    assert there.y0 == approx(0.3 * here.y0 - 7)
    assert there.delta == approx(0.3 * here.delta)
    for name in ("reaction_s", "rise_s", "settling_s", "overshoot_pu"):
        assert getattr(there, name) == approx(getattr(here, name), abs=1e-6)
    assert there.undershoot_pu == approx(here.undershoot_pu)
    assert there.damping == approx(here.damping, abs=1e-4)


def test_the_ner_profile_works_from_any_level():
    at_0 = step_metrics(T, pulse(0.2), at_s=0, until_s=20, band_pu=0.1, profile="ner")
    at_5 = step_metrics(
        T, 5 - pulse(0.2), at_s=0, until_s=20, band_pu=0.1, profile="ner"
    )
    assert at_5.band_half_width == approx(at_0.band_half_width)
    assert (at_5.rise_s, at_5.settling_s) == approx((at_0.rise_s, at_0.settling_s))


@mark.parametrize(("delta", "there"), [(0.0009, 0), (0.0011, 1)])
def test_a_thousandth_is_the_least_step(delta: float, there: int):
    y = first_order(T, 0.5, 0.0, delta)
    m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05)
    assert np.isfinite(m.rise_s) == there


@mark.parametrize(("half_ripple", "stable"), [(0.0049, 1), (0.0051, 0)])
def test_stable_is_a_ripple_of_less_than_twice_five_thousandths(
    half_ripple: float, stable: int
):
    y = first_order(T, 0.2) + half_ripple * np.sin(20 * T)
    m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05)
    assert m.stable == stable


def test_a_swing_below_a_hundredth_of_the_change_is_none():
    for size, swings in ((0.008, 0), (0.012, 1)):
        y = first_order(T, 0.2) + (T > 3) * size * np.sin(4 * T)
        m = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05)
        assert np.isfinite(m.damping) == swings


def test_the_value_before_is_the_mean_of_one_second():
    y = np.where(T < -1, 9.0, first_order(T, 0.5))
    assert step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05).y0 == approx(0)


def test_the_result_reads_as_a_line():
    y = np.where(T >= 0, 1.0, 0.0) + 0.25 * ((T >= 0) & (T < 1))
    text = str(step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.05))
    assert text.startswith("0 -> 1: reaction 0 s, rise 0 s, response 0 s, settling 1 s")
    assert "overshoot 25 %" in text


def pulse(sustained: float) -> Values:
    """To 1 with 0.1 s, from 5 s to what stays with 1 s."""
    fall = (1 - sustained) * first_order(T - 5.0, 1.0)
    return np.asarray(first_order(T, 0.1) - fall)


def test_the_ner_takes_the_largest_change_where_less_than_half_stays():
    y = pulse(0.2)
    iec = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.1)
    ner = step_metrics(T, y, at_s=0.0, until_s=20.0, band_pu=0.1, profile="ner")
    assert iec.band_half_width == approx(0.02, rel=1e-3)
    assert ner.band_half_width == approx(0.1, rel=1e-3)
    assert iec.settling_s == approx(5 - np.log(0.02 / 0.8), abs=0.01)
    assert ner.settling_s == approx(5 - np.log(0.1 / 0.8), abs=0.01)
    assert iec.rise_s == approx(0.1 * np.log(0.98 / 0.82), abs=1e-3)
    assert ner.rise_s == approx(0.1 * LN9, abs=1e-3)
    assert "as in the NER" in str(ner)


@mark.parametrize(("stays", "half_width"), [(0.45, 0.1), (0.55, 0.055)])
def test_the_ner_changes_over_at_a_half(stays: float, half_width: float):
    m = step_metrics(T, pulse(stays), at_s=0, until_s=20, band_pu=0.1, profile="ner")
    assert m.band_half_width == approx(half_width, rel=1e-3)


def test_the_ner_takes_the_sustained_change_where_half_or_more_stays():
    ner = step_metrics(
        T, pulse(0.6), at_s=0.0, until_s=20.0, band_pu=0.1, profile="ner"
    )
    assert ner.band_half_width == approx(0.06, rel=1e-3)


def test_the_band_may_have_a_least_width():
    m = step_metrics(
        T, first_order(T, 0.5), at_s=0.0, until_s=20.0, band_pu=0.025,
        least_half_width=0.1,
    )  # fmt: skip
    assert m.settling_s == approx(0.5 * LN10, abs=1e-3)
