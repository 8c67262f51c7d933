from math import log

from pydantic import ValidationError
from pytest import approx, mark, raises

from ppc.bench.checks.steps import Steps
from tests.bench.synthetic import first_order, step, trial

TAU_S = 0.5


def steps(**limits):
    own = {name: limits.pop(name) for name in ("law", "x", "at") if name in limits}
    return Steps.model_validate(
        {
            "name": "answer",
            "signal": "q_pu",
            "at": own.pop("at", [5.0]),
            "band_pu": 0.05,
            "limits": limits,
            **own,
        }
    )


EXACT_S = {
    "reaction_s": -TAU_S * log(0.9),
    "rise_s": TAU_S * log(9.0),
    "response_s": -TAU_S * log(0.1),
    "settling_s": -TAU_S * log(0.05),
}


@mark.parametrize("name", EXACT_S)
def test_a_first_order_answer_is_measured_as_calculated(name):
    seen = trial(q_pu=first_order(TAU_S))
    (figure,) = steps(**{name: 10.0}).judge(seen).figures
    assert figure.value == approx(EXACT_S[name], abs=2e-3)


@mark.parametrize("name", EXACT_S)
def test_a_limit_just_below_fails_and_just_above_passes(name):
    seen = trial(q_pu=first_order(TAU_S))
    assert steps(**{name: EXACT_S[name] + 0.01}).judge(seen).passed
    outcome = steps(**{name: EXACT_S[name] - 0.01}).judge(seen)
    assert not outcome.passed
    assert "at 5 s" in outcome.why
    assert "at most" in outcome.why


def test_the_settling_band_is_told():
    (figure,) = steps(settling_s=9.0).judge(trial(q_pu=first_order(TAU_S))).figures
    assert "settling to 5 %" in str(figure)


def test_static_error_is_against_the_law_at_the_measured_x():
    law = {"droop": {"reference": 1.0, "gain": 8.0}}
    seen = trial(v_pu=step(-0.01, start=1.0), q_pu=first_order(0.2, size=0.08))
    assert steps(static_pu=0.001, law=law, x="v_pu").judge(seen).passed
    wrong = trial(v_pu=step(-0.02, start=1.0), q_pu=first_order(0.2, size=0.08))
    outcome = steps(static_pu=0.001, law=law, x="v_pu").judge(wrong)
    assert outcome.figures[0].value == approx(0.08, abs=1e-6)
    assert not outcome.passed


def test_an_answer_that_never_comes_fails_where_one_is_due():
    law = {"droop": {"reference": 1.0, "gain": 8.0}}
    seen = trial(v_pu=step(-0.01, start=1.0), q_pu=0.0)
    outcome = steps(rise_s=1.0, law=law, x="v_pu").judge(seen)
    assert "rise at 5 s: none" in outcome.why


def test_no_answer_is_right_where_none_is_due():
    law = {"droop": {"reference": 1.0, "gain": 8.0, "dead_band": 0.02}}
    seen = trial(v_pu=step(-0.01, start=1.0), q_pu=0.0)
    assert steps(rise_s=1.0, static_pu=0.001, law=law, x="v_pu").judge(seen).passed


def test_each_step_is_seen_until_the_next():
    seen = trial(duration_s=30.0, steps_s=(0.0, 5.0, 15.0), q_pu=first_order(TAU_S))
    figures = steps(at="each", rise_s=1.2).judge(seen).figures
    assert [figure.name for figure in figures] == ["rise at 5 s", "rise at 15 s"]


def test_an_oscillation_is_not_damped_enough():
    def swinging(damping):
        def y(time_s):
            import numpy as np  # noqa: PLC0415

            since_s = np.maximum(time_s - 5.0, 0.0)
            omega = 3.0
            wave = np.exp(-damping * omega * since_s) * np.cos(omega * since_s)
            return np.where(time_s < 5.0, 0.0, 1.0 - wave)

        return y

    assert steps(damping=0.05).judge(trial(q_pu=swinging(0.1))).passed
    assert not steps(damping=0.15).judge(trial(q_pu=swinging(0.1))).passed


def test_without_a_settling_band_there_is_no_check():
    with raises(ValidationError, match="band_pu"):
        Steps.model_validate(
            {"name": "x", "signal": "q_pu", "at": "each", "limits": {"settling_s": 1}}
        )
