import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx, mark, raises

from ppc.bench.laws import build
from ppc.bench.series import TraceError
from ppc.bench.tolerance import MRA, Band, band, dynamic_band, judge_step
from tests.bench.signals import LN10, first_order, times

CAT_B = build(
    "curve", {"points": [[0.92, 0.44], [0.98, 0.0], [1.02, 0.0], [1.08, -0.44]]}
)
CURVE_3 = build(
    "curve", {"points": [[0.90, 1.0], [0.93, -0.5], [0.96, -0.5], [1.10, -1.0]]}
)
ACCURACY = {"mra_x": MRA["v_pu"], "mra_y": MRA["q_pu"]}


def test_category_b_at_1_05_is_minus_0_22_with_both_accuracies():
    """0.44/0.06 per pu times 0.015 is 0.11; 1.5 times 5 % is 0.075."""
    around = band(CAT_B, 1.05, **ACCURACY)
    assert (around.low, around.high) == approx((-0.22 - 0.11 - 0.075, -0.22 + 0.185))


def test_at_the_edge_of_the_dead_band_one_side_is_flat():
    around = band(CAT_B, 1.02, **ACCURACY)
    assert (around.low, around.high) == approx((-0.11 - 0.075, 0.075))


def test_a_law_that_turns_inside_the_band_is_seen_at_its_break_points():
    """A hat of height 1 at x = 0: both ends give 0.5, the middle 1."""
    hat = build("curve", {"points": [[-1, 0], [0, 1], [1, 0]]})
    around = band(hat, 0.2, mra_x=0.4 / 1.5, mra_y=0.0)
    assert (around.low, around.high) == approx((0.4, 1.0))
    v_shape = band(CURVE_3, 0.9, mra_x=0.1, mra_y=0.0)
    assert v_shape.high == approx(1.0)


@given(x=st.floats(0.85, 1.15), mra_x=st.floats(0.001, 0.1))
@settings(max_examples=200)
def test_no_x_within_the_accuracy_gives_a_y_outside_the_band(x: float, mra_x: float):
    around = band(CURVE_3, x, mra_x=mra_x, mra_y=0.0)
    grid = CURVE_3(np.linspace(x - 1.5 * mra_x, x + 1.5 * mra_x, 301))
    assert around.low - 1e-9 <= grid.min()
    assert around.high + 1e-9 >= grid.max()
    assert (around.low, around.high) == approx((grid.min(), grid.max()), abs=0.1)


def test_the_frequency_droop_of_ieee_1547_at_60_33_hz():
    """0.015 Hz over 60 Hz and 5 % is 0.005."""
    droop = {"droop_pu": 0.05, "dead_band_hz": 0.036, "f_nominal_hz": 60.0}
    around = band(build("fsm", droop), 60.33, mra_x=MRA["f_hz"], mra_y=MRA["p_pu"])
    assert (around.low, around.high) == approx((-0.178, -0.018))


def test_the_accuracy_of_other_columns_widens_the_band():
    fsm = {"fsm": {"droop_pu": 0.05, "baseline_pu": 0.95}}
    curve = {"curve": {"points": [[1.06, 1.0], [1.1, 0.2]]}}
    by_voltage = {"of": {"column": "v_pu", "law": curve}}
    law = build("min", {"laws": [fsm, by_voltage]})
    context = {"v_pu": 1.08}
    narrow = band(law, 50.0, mra_x=0.01, mra_y=0.0, context=context)
    assert (narrow.low, narrow.high) == approx((0.6, 0.6))
    wide = band(law, 50.0, mra_x=0.01, mra_y=0.0, context=context, also={"v_pu": 0.01})
    assert (wide.low, wide.high) == approx((0.3, 0.9))
    assert context == {"v_pu": 1.08}


def test_a_trace_gives_a_band_for_each_sample():
    around = band(CAT_B, [1.0, 1.05], **ACCURACY)
    assert around.low == approx([-0.075, -0.405])
    assert around.holds([0.0, -0.22])
    assert not around.holds([0.0, -0.41])
    assert not around.holds([np.nan, -0.22])
    assert Band(np.array(1.0), np.array(2.0)).holds(2.0)


def test_the_dynamic_band_is_around_ninety_percent_at_tr():
    at = 0.1 ** np.array([0.985, 1.015])
    tight = dynamic_band(y0=0.0, yss=-0.22, tr_s=5.0, mra_y=0.0)
    assert (tight.low, tight.high) == approx((-0.22 * (1 - at[1]), -0.22 * (1 - at[0])))
    wide = dynamic_band(y0=0.0, yss=-0.22, tr_s=5.0, mra_y=0.05)
    assert (tight.low - wide.low, wide.high - tight.high) == approx((0.075, 0.075))


def test_a_faster_response_fails_or_passes_as_asked():
    two_sided = dynamic_band(y0=0.0, yss=1.0, tr_s=5.0, mra_y=0.05)
    one_sided = dynamic_band(y0=0.0, yss=1.0, tr_s=5.0, mra_y=0.05, faster=True)
    assert not two_sided.holds(1.0)
    assert one_sided.holds([1.0, 0.9])
    assert not one_sided.holds(0.8)


T = times(25.0, 0.02)
V_PU = np.where(T >= 0, 1.05, 1.0)


@mark.parametrize(
    ("tau_s", "final", "verdict"),
    [
        (5 / LN10, -0.22, "pass"),
        (5 / LN10, -0.40, "pass"),
        (5 / LN10, -0.41, "fail"),
        (5 / LN10, -0.03, "fail"),
        (9.0, -0.40, "fail"),
    ],
)
def test_a_step_passes_only_with_its_dynamic_and_its_steady_point(
    tau_s: float, final: float, verdict: str
):
    y = first_order(T, tau_s, 0.0, final)
    found = judge_step(T, V_PU, y, CAT_B, at_s=0.0, tr_s=5.0, **ACCURACY)
    assert found.passed == (verdict == "pass")
    assert found.window == (10.0, 20.0)
    assert found.y_at_tr == approx(final * (1 - np.exp(-5 / tau_s)), rel=1e-3)
    assert (found.steady.low, found.steady.high) == approx((-0.405, -0.035))


def test_the_slow_response_fails_on_its_dynamic_point_alone():
    y = first_order(T, 9.0, 0.0, -0.40)
    verdict = judge_step(T, V_PU, y, CAT_B, at_s=0.0, tr_s=5.0, **ACCURACY)
    assert verdict.steady.holds(verdict.y_steady)
    assert not verdict.dynamic.holds(verdict.y_at_tr)


def test_the_value_before_is_the_mean_of_the_last_second():
    y = np.where(T < -1, 9.0, first_order(T, 5 / LN10, 0.0, -0.22))
    assert judge_step(T, V_PU, y, CAT_B, at_s=0.0, tr_s=5.0, **ACCURACY).passed


def test_a_step_may_be_at_any_time():
    y = first_order(T, 5 / LN10, 0.0, -0.22)
    found = judge_step(T + 50, V_PU, y, CAT_B, at_s=50.0, tr_s=5.0, **ACCURACY)
    assert found.passed
    assert found.window == (60.0, 70.0)
    assert found.y_at_tr == approx(-0.198, abs=1e-4)


def test_a_step_needs_four_response_times_of_trace():
    with raises(TraceError, match="no samples from 30 s to 60 s"):
        judge_step(T, V_PU, V_PU, CAT_B, at_s=0.0, tr_s=15.0, **ACCURACY)
