"""Who goes next: urgency, fairness among stations, and nobody starves."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark

from ppc.communication.driver.base import Exchange, Function, Priority
from ppc.communication.driver.queue import STARVED_S, Queue


def exchange(priority=Priority.FAST, station=1, address=0):
    return Exchange(station, Function.READ_HOLDING, address, 1, priority)


def drained(queue, now_s=0.0, held=()):
    order = []
    while (chosen := queue.next(now_s, held)) is not None:
        queue.take(chosen)
        order.append(chosen)
    return order


def test_commands_go_before_fast_and_fast_before_slow():
    queue = Queue()
    waiting = [exchange(priority) for priority in reversed(Priority)]
    for one in waiting:
        assert queue.add(one, 0.0)
    assert drained(queue) == waiting[::-1]


def test_who_waits_already_is_not_taken_up_again():
    queue, one = Queue(), exchange()
    assert queue.add(one, 0.0)
    assert not queue.add(one, 0.1)
    assert drained(queue) == [one]
    assert queue.add(one, 0.2)


def test_stations_take_turns():
    queue = Queue()
    for station in (1, 1, 1, 2, 2, 3):
        queue.add(exchange(station=station), 0.0)
    assert [one.station for one in drained(queue)] == [1, 2, 3, 1, 2, 1]


def test_a_station_that_is_held_waits_and_the_others_do_not():
    queue = Queue()
    one, two = exchange(Priority.COMMAND, 1), exchange(Priority.SLOW, 2)
    queue.add(one, 0.0)
    queue.add(two, 0.0)
    assert drained(queue, held={1}) == [two]
    assert drained(queue) == [one]


def test_who_waited_too_long_goes_first():
    queue = Queue()
    slow, command = exchange(Priority.SLOW), exchange(Priority.COMMAND)
    queue.add(slow, 0.0)
    queue.add(command, STARVED_S)
    assert queue.next(STARVED_S) is command
    assert queue.next(STARVED_S + 0.01) is slow


def test_what_waits_for_one_station_can_be_taken_away():
    queue = Queue()
    ones = [exchange(priority, 1) for priority in Priority]
    other = exchange(station=2)
    for waiting in (*ones, other):
        queue.add(waiting, 0.0)
    assert queue.take_station(1) == ones
    assert drained(queue) == [other]


class Bus:
    """A line on which every exchange takes `each_s` and is wanted again at once."""

    def __init__(self, exchanges, each_s):
        self.queue, self.each_s, self.now_s = Queue(), each_s, 0.0
        self.longest_s = Counter()
        self.served = Counter()
        for one in exchanges:
            self.queue.add(one, 0.0)

    def run(self, for_s):
        until_s = self.now_s + for_s
        while self.now_s < until_s:
            one = self.queue.next(self.now_s)
            waited_s = self.now_s - self.queue.waiting[one]
            self.longest_s[one] = max(self.longest_s[one], waited_s)
            self.served[one] += 1
            self.queue.take(one)
            self.now_s += self.each_s
            self.queue.add(one, self.now_s)


@mark.parametrize("each_s", [0.005, 0.05])
def test_on_a_saturated_bus_nothing_starves_and_commands_wait_least(each_s):
    fast = [exchange(Priority.FAST, station) for station in range(1, 33)]
    slow = [exchange(Priority.SLOW, station) for station in range(1, 33)]
    commands = [exchange(Priority.COMMAND, station) for station in (1, 2)]
    bus = Bus(commands + fast + slow, each_s)
    bus.run(60.0)
    everybody = len(fast) + len(slow)
    for one in fast + slow:
        assert bus.longest_s[one] <= STARVED_S + 2.0 * everybody * each_s
    for one in commands:
        assert bus.longest_s[one] <= 2.0 * len(commands) * each_s + 1e-9
    shares = [bus.served[one] for one in fast]
    assert max(shares) - min(shares) <= 2


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(Priority), st.integers(1, 4)), min_size=1, max_size=12
    ),
    st.floats(0.001, 0.2),
)
def test_whatever_waits_is_served(kinds, each_s):
    waiting = [exchange(priority, station) for priority, station in kinds]
    bus = Bus(waiting, each_s)
    bus.run(STARVED_S + (2 * len(waiting) + 2) * each_s)
    assert set(bus.served) == set(waiting)
