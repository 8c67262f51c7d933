from hypothesis import given
from hypothesis import strategies as st

from ppc.core.dispatch.running import Candidate, RunningUnits

UNITS = [Candidate(name, 1e6, 0.0, 0.0) for name in "abcd"]


def made(**changes):
    settings = {"minimum": 1, "hysteresis_pu": 0.1, "rest_after_s": 10.0}
    return RunningUnits(**(settings | changes))


def names(running):
    return "".join(sorted(running))


def test_the_next_is_started_at_once_when_those_that_run_are_full():
    running = made()
    assert names(running.step(0.0, UNITS, time_s=0)) == "a"
    assert names(running.step(1.0e6, UNITS, time_s=1)) == "a"
    assert names(running.step(1.01e6, UNITS, time_s=2)) == "ab"
    assert names(running.step(3.5e6, UNITS, time_s=3)) == "abcd"


def test_the_last_rests_after_a_time_with_something_to_spare():
    running = made()
    running.step(1.5e6, UNITS, time_s=0)
    assert names(running.step(0.95e6, UNITS, time_s=100)) == "ab"
    assert names(running.step(0.85e6, UNITS, time_s=101)) == "ab"
    assert names(running.step(0.95e6, UNITS, time_s=105)) == "ab"
    assert names(running.step(0.85e6, UNITS, time_s=110)) == "ab"
    assert names(running.step(0.85e6, UNITS, time_s=119)) == "ab"
    assert names(running.step(0.85e6, UNITS, time_s=120)) == "a"


def test_the_next_is_started_when_all_would_work_well():
    units = [unit._replace(efficient_w=0.4e6) for unit in UNITS]
    running = made(rest_after_s=0.0)
    assert names(running.step(0.79e6, units, time_s=0)) == "a"
    assert names(running.step(0.8e6, units, time_s=0)) == "ab"
    assert names(running.step(1.2e6, units, time_s=0)) == "abc"
    assert names(running.step(1.09e6, units, time_s=0)) == "abc"
    assert names(running.step(1.07e6, units, time_s=0)) == "ab"


def test_a_least_number_runs_but_where_one_is_enough():
    units = [unit._replace(alone_w=0.3e6) for unit in UNITS]
    running = made(minimum=3, rest_after_s=0.0)
    assert names(running.step(0.2e6, units, time_s=0)) == "a"
    assert names(running.step(0.31e6, units, time_s=0)) == "abc"
    assert names(running.step(0.28e6, units, time_s=0)) == "abc"
    assert names(running.step(0.26e6, units, time_s=0)) == "a"
    assert names(made(minimum=9).step(0.2e6, UNITS, time_s=0)) == "abcd"


def test_whoever_fails_is_replaced_at_once():
    running = made()
    running.step(0.9e6, UNITS, time_s=0)
    assert names(running.step(0.9e6, UNITS[1:], time_s=1)) == "b"
    assert names(running.step(0.9e6, [], time_s=2)) == ""


lots = st.lists(st.tuples(st.floats(1.0, 2e6), st.floats(0.0, 1.0)), max_size=6)


@given(
    lots,
    st.lists(st.tuples(st.floats(0.0, 1e7), st.floats(0.0, 60.0)), max_size=12),
    st.integers(1, 7),
)
def test_enough_of_the_first_run_whatever_is_asked(sizes, asked, minimum):
    units = [Candidate(f"u{i}", p, part * p, 0.0) for i, (p, part) in enumerate(sizes)]
    running, time_s = made(minimum=minimum), 0.0
    for asked_w, dt_s in asked:
        time_s += dt_s
        run = running.step(asked_w, units, time_s=time_s)
        assert run == {unit.name for unit in units[: len(run)]}
        assert len(run) >= min(minimum, len(units))
        can_w = sum(unit.most_w for unit in units if unit.name in run)
        assert can_w >= asked_w or len(run) == len(units)
