import numpy as np
from pytest import approx, mark, raises

from ppc.bench.checks.days import Energy, Ramp, Tracking
from ppc.bench.series import TraceError
from tests.bench.synthetic import step, trial

FCR = {"fcr": {"reserve_pu": 0.25}}


def tracking(**limits):
    return Tracking.model_validate(
        {"name": "fcr", "signal": "p_pu", "law": FCR, "corridor_pu": 0.01}
        | {"limits": limits}
    )


def seen(**columns):
    """50 mHz are missing: 0.0625 pu are wanted on top of a baseline of 0.3."""
    told = {"f_meter_hz": 49.95, "p_baseline_pu": 0.3, "p_pu": 0.3625}
    return trial(**told | columns)


def figures(outcome):
    return {figure.name: figure.value for figure in outcome.figures}


def test_an_answer_on_its_baseline_has_no_error():
    outcome = tracking(mean_pu=1e-9, max_pu=1e-9, outside=0.0).judge(seen())
    assert outcome.passed
    assert figures(outcome)["answer, rms"] == approx(0.0625)


@mark.parametrize("p_pu", [0.3525, 0.3725])
def test_an_error_is_found_either_way(p_pu):
    told = figures(tracking().judge(seen(p_pu=p_pu)))
    assert told["mean error"] == told["bias"] == approx(0.01)
    assert not tracking(bias_pu=0.009).judge(seen(p_pu=p_pu)).passed


def test_errors_that_cancel_out_are_no_bias():
    swings = seen(p_pu=lambda t: 0.3625 + 0.02 * np.sign(t - 10.0))
    told = figures(tracking().judge(swings))
    assert told["bias"] == approx(0.0, abs=1e-4)
    assert told["p95"] == told["largest"] == approx(0.02)
    assert told["outside the corridor"] == approx(1.0, abs=0.01)


def test_the_time_outside_the_corridor_is_a_share():
    late = seen(p_pu=step(0.02, at_s=15.0, start=0.3625))
    told = figures(tracking(outside=0.2).judge(late))
    assert told["outside the corridor"] == approx(0.25, abs=0.01)
    assert not tracking(outside=0.2).judge(late).passed
    assert tracking(outside=0.3).judge(late).passed


def test_without_a_baseline_nothing_is_kept():
    assert not tracking(outside=0.05).judge(seen(p_baseline_pu=np.nan)).passed
    window = tracking().model_copy(update={"from_s": 30.0})
    with raises(TraceError):
        window.judge(seen())


def ramp(**fields):
    return Ramp.model_validate({"name": "ramp", "signal": "p_pu", **fields})


def rising(t):
    return 0.01 * t


def test_a_ramp_is_what_is_left_without_the_answer():
    told = ramp(over_s=10.0, mean_s=0.0, most_pu=0.101).judge(trial(p_pu=rising))
    assert told.passed
    assert figures(told)["most"] == approx(0.1)
    assert (
        not ramp(over_s=10.0, mean_s=0.0, most_pu=0.09).judge(trial(p_pu=rising)).passed
    )

    def f_hz(t):
        return 50.0 - t * 0.01 * 0.2 / 0.25

    follows = trial(p_pu=rising, f_meter_hz=f_hz)
    assert figures(
        ramp(law=FCR, over_s=10.0, mean_s=0.0, most_pu=0.0).judge(follows)
    ) == {"most": approx(0.0, abs=1e-9), "p99": approx(0.0, abs=1e-9)}


def test_a_window_that_is_too_short_for_a_ramp_is_told():
    with raises(TraceError):
        ramp(over_s=60.0, most_pu=1.0).judge(trial(p_pu=rising))


def test_energy_is_counted_either_way_and_the_charge_kept():
    def p_pu(t):
        return np.where(t < 10.0, 0.36, -0.18)

    def soc_pu(t):
        return 0.5 - 0.01 * np.where(t < 10.0, t, 15.0 - t / 2.0)

    there = trial(p_bess_pu=p_pu, soc_pu=soc_pu)
    outcome = Energy(name="store", low_pu=0.4, high_pu=0.5).judge(there)
    told = figures(outcome)
    assert outcome.passed
    assert told["given"] == approx(0.001, rel=0.01)
    assert told["taken"] == approx(0.0005, rel=0.01)
    assert told["lowest charge"] == approx(0.4)
    assert told["charge at the end"] == approx(0.45)
    assert told["full cycles"] == approx(0.075)
    assert not Energy(name="store", low_pu=0.41).judge(there).passed
    assert not Energy(name="store", cycles=0.07).judge(there).passed
