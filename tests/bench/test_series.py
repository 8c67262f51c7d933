import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx, raises

from ppc.bench.series import Series, TraceError


def test_a_trace_must_have_two_rows_of_one_length_in_rising_time():
    with raises(TraceError, match="same length"):
        Series.of([0.0, 1.0], [1.0])
    with raises(TraceError, match="rise"):
        Series.of([0.0, 1.0, 1.0], [1.0, 2.0, 3.0])


def test_a_window_includes_its_start_and_not_its_end():
    series = Series.of([0.0, 1.0, 2.0, 3.0], [5.0, 6.0, np.nan, 8.0])
    assert series.cut((1.0, 3.0)).y.tolist() == [6.0]
    assert series.mean((0.0, 3.0)) == 5.5
    assert series.longest_gap_s() == 2.0
    with raises(TraceError, match="no samples from 2 s to 3 s"):
        series.cut((2.0, 3.0))


def test_crossings_lie_on_the_line_between_samples():
    up_down = Series.of([0.0, 1.0, 2.0, 3.0], [0.0, 4.0, 4.0, 0.0])
    assert up_down.first_at_least(1.0) == approx(0.25)
    assert up_down.last_above(1.0) == approx(2.75)
    assert np.isnan(up_down.first_at_least(5.0))
    assert up_down.last_above(4.0) == 0.0
    assert np.isnan(Series.of([0.0, 1.0], [0.0, 4.0]).last_above(1.0))


@given(
    slope=st.floats(-5, 5), offset=st.floats(-5, 5), width_s=st.floats(0, 3),
    step_s=st.sampled_from([0.01, 0.1, 0.37]),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_the_centred_mean_leaves_straight_lines_alone(
    slope: float, offset: float, width_s: float, step_s: float
):
    t = np.arange(0, 5, step_s)
    line = Series.of(t, offset + slope * t)
    assert line.smooth(width_s).y == approx(line.y, abs=1e-9)


def test_the_centred_mean_takes_noise_down():
    noise = Series.of(
        np.arange(2000) * 0.01, np.random.default_rng(0).normal(size=2000)
    )
    smooth = noise.smooth(1.0).cut((1.0, 19.0)).y
    assert np.std(smooth) == approx(1 / np.sqrt(101), rel=0.4)
