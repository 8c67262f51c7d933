"""Time passes only when somebody waits, and in order."""

from threading import Event

from ppc.bench.simulated_time import SimulatedTime


def test_what_is_due_happens_in_order_at_its_time():
    time, seen = SimulatedTime(), []
    for name, at_s in (("c", 0.3), ("a", 0.1), ("b", 0.1), ("late", 0.5)):
        time.call_at(at_s, lambda name=name: seen.append((name, time.now_s())))
    time.sleep_until(0.4)
    assert seen == [("a", 0.1), ("b", 0.1), ("c", 0.3)]
    assert time.now_s() == 0.4


def test_what_happens_may_ask_for_more():
    time, seen = SimulatedTime(), []

    def first():
        time.call_later(0.1, seen.append, "second")

    time.call_soon(first)
    time.sleep_until(0.05)
    assert seen == []
    time.sleep_until(0.1)
    assert seen == ["second"]


def test_the_past_is_done_now_and_time_never_goes_back():
    time, seen = SimulatedTime(), []
    time.sleep_until(2.0)
    time.call_at(1.0, lambda: seen.append(time.now_s()))
    time.sleep_until(1.5)
    assert seen == [2.0]
    assert time.now_s() == 2.0


def test_a_period_stays_on_its_grid():
    time, seen = SimulatedTime(), []
    time.every(0.02, lambda: seen.append(time.now_s()), first_s=0.02)
    time.sleep_until(100.0)
    assert len(seen) == 5000
    assert abs(seen[-1] - 100.0) < 1e-9


def test_waiting_ends_with_the_event_or_with_the_time():
    time, event = SimulatedTime(), Event()
    time.call_at(0.2, event.set)
    time.call_at(0.3, event.clear)
    assert time.wait(event, 1.0)
    assert time.now_s() == 0.2
    event.clear()
    assert not time.wait(event, 0.5)
    assert time.now_s() == 0.7
