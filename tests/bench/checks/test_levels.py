from pydantic import ValidationError
from pytest import approx, mark, raises

from ppc.bench.checks.levels import Static, Within
from tests.bench.synthetic import step, trial


def static(**fields):
    return Static.model_validate(
        {
            "name": "level",
            "signal": "p_pu",
            "law": {"constant": {"value": 0.5}},
            "tolerance_pu": 0.01,
            **fields,
        }
    )


def within(**fields):
    return Within.model_validate({"name": "band", "signal": "p_pu", **fields})


@mark.parametrize(("level", "passed"), [(0.505, True), (0.495, True), (0.515, False)])
def test_static_holds_the_mean_against_the_law(level, passed):
    assert static().judge(trial(p_pu=level)).passed is passed


def test_static_sees_only_its_window():
    seen = trial(p_pu=step(0.5))  # 0 until 5 s, 0.5 after
    assert static(from_s=5.0).judge(seen).passed
    assert not static(to_s=5.0).judge(seen).passed


def test_static_takes_a_law_of_a_column():
    law = {"constant": {"value": "order.p_set_pu"}}
    seen = trial(p_pu=0.3, **{"order.p_set_pu": 0.3})
    assert static(law=law).judge(seen).passed


def test_within_tells_when_and_how_far():
    outcome = within(high=0.3).judge(trial(p_pu=step(0.5)))
    farthest, time_outside = outcome.figures
    assert farthest.value == approx(0.2)
    assert time_outside.value == approx(15.02, abs=0.03)
    assert "first at 5 s" in outcome.why


def test_within_takes_a_law_for_a_bound():
    high = {"law": {"constant": {"value": "order.p_limit_max_pu"}}}
    seen = trial(p_pu=step(0.5), **{"order.p_limit_max_pu": step(0.1, start=0.45)})
    assert within(high=high).judge(seen).passed
    assert (
        not within(high=high, from_s=0)
        .judge(trial(p_pu=0.5, **{"order.p_limit_max_pu": 0.4}))
        .passed
    )


def test_within_allows_a_time_outside():
    pulse = trial(p_pu=lambda t: 1.0 * ((t > 5.0) & (t < 6.0)))
    assert not within(high=0.5).judge(pulse).passed
    assert within(high=0.5, allowed_s=1.1).judge(pulse).passed


def test_a_value_that_is_not_known_is_outside():
    assert not within(low=-1, high=1).judge(trial(p_pu=float("nan"))).passed


def test_a_window_must_have_a_length_and_a_band_a_side():
    with raises(ValidationError, match="before to_s"):
        within(low=0, from_s=5, to_s=5)
    with raises(ValidationError, match="low or high"):
        within()
