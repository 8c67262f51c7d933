import numpy as np
from pydantic import ValidationError
from pytest import approx, mark, raises

from ppc.bench.checks.shapes import Against, Sine, Slope, Tolerance
from tests.bench.synthetic import first_order, step, trial


def ramp(rate_per_s):
    return lambda t: np.clip((t - 5.0) * rate_per_s, 0.0, 1.0)


def slope(**fields):
    return Slope.model_validate({"name": "ramp", "signal": "p_pu", **fields})


@mark.parametrize(("rate", "passed"), [(0.1, True), (0.108, True), (0.12, False)])
def test_the_mean_slope_is_held_within_its_tolerance(rate, passed):
    check = slope(mean_pu_per_s=0.1, tolerance=0.1, from_s=4)
    assert check.judge(trial(p_pu=ramp(rate))).passed is passed


def test_the_steepest_second_counts():
    seen = trial(p_pu=ramp(0.1))
    assert slope(steepest_pu_per_s=0.101).judge(seen).passed
    assert not slope(steepest_pu_per_s=0.09).judge(seen).passed
    assert not slope(steepest_pu_per_s=0.101).judge(trial(p_pu=step())).passed


def sine(**fields):
    return Sine.model_validate(
        {
            "name": "sine",
            "signal": "p_pu",
            "x": "f_hz",
            "period_s": 10.0,
            "gain": -10.0,
            "gain_low": 0.95,
            "gain_high": 1.05,
            "lag_deg": 20.0,
            **fields,
        }
    )


@mark.parametrize(
    ("size", "lag_deg", "passed"),
    [(1.0, 10.0, True), (0.9, 10.0, False), (1.1, 10.0, False), (1.0, 30.0, False)],
)
def test_a_sine_is_answered_with_amplitude_and_phase(size, lag_deg, passed):
    turn = 2.0 * np.pi / 10.0
    lag = np.radians(lag_deg)
    seen = trial(
        f_hz=lambda t: 50.0 + 0.1 * np.sin(turn * t),
        p_pu=lambda t: 0.2 - size * np.sin(turn * t - lag),
    )
    outcome = sine().judge(seen)
    assert outcome.passed is passed
    assert outcome.figures[0].value == approx(size, abs=1e-3)
    assert outcome.figures[1].value == approx(lag_deg, abs=0.1)


def tolerance(**fields):
    return Tolerance.model_validate(
        {
            "name": "4.2",
            "signal": "q_pu",
            "x": "v_pu",
            "law": {"curve": {"points": [[0.9, 0.44], [1.1, -0.44]]}},
            "at": [5.0],
            "tr_s": 2.0,
            **fields,
        }
    )


def test_the_two_sided_tolerance_wants_the_right_level_in_the_right_time():
    v, tau_s = step(-0.095, start=1.0), 2.0 / np.log(10.0)

    def judged(tau_s, size):
        seen = trial(duration_s=30, v_pu=v, q_pu=first_order(tau_s, size=size))
        return tolerance().judge(seen).passed

    assert judged(tau_s, 0.418)
    assert not judged(tau_s, -0.418)
    assert not judged(tau_s, 0.2)
    assert not judged(10 * tau_s, 0.418)


def test_an_early_answer_is_right_unless_it_must_not_be():
    seen = trial(
        duration_s=30, v_pu=step(-0.095, start=1.0), q_pu=step(0.418, start=0.0)
    )
    assert tolerance().judge(seen).passed
    exact = tolerance(faster=False, mra_y=0.01)
    assert not exact.judge(seen).passed


def test_an_unknown_accuracy_must_be_given():
    with raises(ValidationError, match="no accuracy is known of soc_pu"):
        tolerance(x="soc_pu")


def test_a_course_is_held_against_a_law_in_time():
    ramp_law = {"ramp": {"start": 0.0, "end": 1.0, "rate_per_s": 0.1, "start_s": 5.0}}
    check = Against.model_validate({"name": "ramp", "signal": "p_pu", "law": ramp_law})
    assert check.judge(trial(p_pu=ramp(0.1))).passed
    outcome = check.judge(trial(p_pu=ramp(0.2)))
    assert "largest error" in outcome.why
