from pytest import raises

from ppc.bench.checks.states import Mode
from tests.bench.synthetic import trial

LOG = {"watchdog": [(-4.9, "ok"), (5.0, "lost"), (8.0, "ok")]}


def mode(**fields):
    return Mode.model_validate(
        {"name": "mode", "function": "watchdog", "mode": "ok", **fields}
    )


def test_a_mode_must_hold_during_its_window():
    seen = trial(modes=LOG)
    assert mode(to_s=5.0).judge(seen).passed
    assert mode(from_s=8.0).judge(seen).passed
    outcome = mode().judge(seen)
    assert outcome.why == "watchdog is in lost instead of ok"


def test_it_may_take_its_time_to_get_there():
    seen = trial(modes=LOG)
    assert not mode(from_s=6.0).judge(seen).passed
    assert mode(from_s=6.0, within_s=2.0).judge(seen).passed


def test_a_mode_that_must_never_be():
    seen = trial(modes=LOG)
    assert not mode(mode="lost", never=True).judge(seen).passed
    assert mode(mode="lost", never=True, from_s=8.0).judge(seen).passed
    assert mode(mode="gone", never=True).judge(seen).passed


def test_a_function_that_did_not_take_part_is_told():
    with raises(KeyError, match="no function tea"):
        mode(function="tea").judge(trial(modes=LOG))
