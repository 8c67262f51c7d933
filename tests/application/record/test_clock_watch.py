"""Steps of the clock, and whether it may be trusted."""

import ctypes
import sys

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.application.record.clock_watch import ClockWatch, kernel_synchronised

BEGIN_S = 1.8e9


def played(watch, offsets_s):
    """A look every 0.1 s at a clock that is off by so much."""
    return [
        watch.look(0.1 * i, BEGIN_S + 0.1 * i + offset_s)
        for i, offset_s in enumerate(offsets_s)
    ]


def ntp(follows):
    return ClockWatch("ntp", lambda: follows)


@mark.parametrize("step_s", [-3600.0, -0.3, 0.3, 7200.0])
def test_a_step_is_told_once_it_is_sure(step_s):
    watch = ClockWatch("trusted", lambda: None)
    news = played(watch, [0.0] * 5 + [step_s] * 5)
    assert [len(each) for each in news] == [0] * 6 + [1] + [0] * 3
    assert news[6] == [f"clock stepped by {step_s:+.3f} s"]


@given(st.lists(st.floats(-5e-5, 5e-5), max_size=300))
def test_slewing_is_no_step(slews_s):
    offsets_s, offset_s = [], 0.0
    for slew_s in slews_s:
        offset_s += slew_s
        offsets_s.append(offset_s)
    watch = ClockWatch("trusted", lambda: None)
    assert not any(played(watch, offsets_s))
    assert watch.trusted


def test_a_thread_that_was_held_up_once_has_seen_no_step():
    watch = ClockWatch("trusted", lambda: None)
    assert not any(played(watch, [0.0, 0.0, 0.5, 0.0, 0.0]))
    assert watch.trusted


def test_after_a_step_it_is_not_trusted_for_a_minute():
    watch = ClockWatch("trusted", lambda: None)
    trusted = []
    for i in range(1200):
        watch.look(0.1 * i, BEGIN_S + 0.1 * i + (5.0 if i >= 100 else 0.0))
        trusted.append(watch.trusted)
    assert all(trusted[:100])
    assert not any(trusted[100:700])
    assert all(trusted[702:])


def test_it_is_trusted_while_the_kernel_is_synchronised():
    state = [False]
    watch = ClockWatch("ntp", lambda: state[0])
    assert not watch.trusted
    news = []
    for second in range(30):
        state[0] = second >= 10
        news += watch.look(float(second), BEGIN_S + second)
        assert watch.trusted == (second >= 10)
    assert news == [
        "clock is not synchronised: times are not trusted",
        "clock follows a source of time",
    ]


def test_what_is_not_known_is_not_trusted():
    watch = ntp(None)
    assert "not known" in watch.look(0.0, BEGIN_S)[0]
    assert not watch.trusted


@mark.skipif(sys.platform != "linux", reason="adjtimex is of Linux")
def test_the_kernel_is_asked_as_the_c_library_asks_it():
    """ntp_gettime tells the same state, in another way."""

    class Ntp(ctypes.Structure):
        _fields_ = (("fields", ctypes.c_long * 32),)

    state = ctypes.CDLL(None).ntp_gettime(ctypes.byref(Ntp()))
    told = kernel_synchronised()
    assert told is not None
    if state == approx(5):
        assert not told
