from math import nan

from pydantic import ValidationError
from pytest import approx, mark, raises

from ppc.bench.stand import Stand
from ppc.bench.stimulus import Move, Profile, Sine, play


def moves(*data):
    return tuple(Move.model_validate(item) for item in data)


def run(configuration, *data, until_s):
    stand = Stand(configuration)
    surprises = play(stand, moves(*data))
    stand.run(until_s)
    return stand.traces(), surprises


def test_a_step_a_ramp_and_a_profile(quiet):
    traces, surprises = run(
        quiet,
        {"at_s": 1, "grid.f_hz": 50.2},
        {"at_s": 2, "grid.f_hz": 49.8, "over_s": 2},
        {"at_s": 5, "grid.f_hz": {"profile": [[0, 50.0], [1, 50.0], [2, 51.0]]}},
        until_s=8.0,
    )
    f_hz = dict(zip(traces.time_s.round(2), traces.columns["f_hz"], strict=True))
    assert f_hz[0.5] == 50.0
    assert f_hz[1.1] == 50.2
    assert f_hz[3.0] == approx(50.0, abs=0.005)
    assert f_hz[4.5] == 49.8
    assert f_hz[5.5] == 50.0
    assert f_hz[6.5] == approx(50.5, abs=0.025)
    assert f_hz[7.5] == 51.0
    assert surprises == []


def test_a_sine_has_its_cycles_and_ends_at_its_mean():
    sine = Sine(mean=50.0, amplitude=0.1, period_s=10.0, cycles=2)
    assert sine.lasts_s == 20.0
    assert sine.at(2.5) == approx(50.1)
    assert sine.at(17.5) == approx(49.9)
    assert sine.at(20.0) == 50.0


def test_a_profile_is_flat_before_and_after_and_may_jump():
    profile = Profile(points=((1.0, 2.0), (3.0, 4.0), (3.0, 0.0), (4.0, 0.0)))
    assert [profile.at(t) for t in (0.0, 1.0, 2.0, 3.0, 9.0)] == [2, 2, 3, 0, 0]


def test_an_order_is_withdrawn_with_null(quiet):
    traces, _ = run(
        quiet,
        {"at_s": 0, "order.p_set_pu": 0.1},
        {"at_s": 2, "order.p_set_pu": None},
        until_s=4.0,
    )
    ordered = traces.columns["order.p_set_pu"]
    assert ordered[50] == 0.1
    assert ordered[-1] != ordered[-1]


def test_what_is_refused_or_taken_by_surprise_is_told(quiet):
    _, surprises = run(
        quiet,
        {"at_s": 0, "order.p_set_pu": 2.0, "refused": True},
        {"at_s": 1, "order.p_set_pu": 3.0},
        {"at_s": 2, "order.p_set_pu": 0.1, "refused": True},
        until_s=3.0,
    )
    assert len(surprises) == 2
    assert "order.p_set_pu = 3 at 1 s was refused" in surprises[0]
    assert "order.p_set_pu = 0.1 at 2 s was not refused" in surprises[1]


def test_an_unknown_signal_is_told_before_anything_runs(quiet):
    with raises(KeyError, match=r"no signal grid.v; did you mean grid.v_pu"):
        play(Stand(quiet), moves({"at_s": 0, "grid.v": 1.0}))
    with raises(ValueError, match="from where"):
        play(Stand(quiet), moves({"at_s": 0, "grid.v_pu": 1.0, "over_s": 1.0}))


@mark.parametrize(
    "move",
    [
        {"at_s": 1},
        {"at_s": -1, "grid.v_pu": 1},
        {"at_s": 1, "grid.v_pu": nan},
        {"at_s": 1, "grid.v_pu": {"square": {}}},
        {"at_s": 1, "grid.v_pu": {"profile": [[2, 1], [1, 1]]}},
        {"at_s": 1, "grid.v_pu": {"sine": {"mean": 1, "amplitude": 1}}},
    ],
)
def test_a_move_that_makes_no_sense_is_refused(move):
    with raises(ValidationError):
        Move.model_validate(move)
