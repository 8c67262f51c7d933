from pytest import fixture

from ppc.database.waiting import CAPACITY, SPARE, Waiting
from ppc.database.writer import Entry

SAMPLE = Entry("poi", [{}, {}], 1, None)
EVENT = Entry("events", [{}], 1, None)


@fixture
def waiting():
    return Waiting()


def test_what_is_handed_in_first_is_taken_first(waiting):
    assert waiting.put(SAMPLE)
    assert waiting.put(EVENT)
    assert waiting.take() == ([SAMPLE, EVENT], 0)
    assert waiting.take() == ([], 0)


def test_when_it_is_full_rows_are_counted_and_their_numbers_used_up(waiting):
    while waiting.put(SAMPLE):
        pass
    assert waiting.is_full
    assert waiting.dropped == 2
    assert not waiting.put(SAMPLE)
    entries, passed_over_count = waiting.take()
    assert (len(entries), passed_over_count) == (CAPACITY, 2)
    assert waiting.dropped == 4
    assert waiting.put(SAMPLE)
    assert waiting.take() == ([SAMPLE], 0)


def test_events_have_room_when_samples_have_none(waiting):
    while waiting.put(SAMPLE):
        pass
    while waiting.put(EVENT):
        pass
    assert len(waiting.take()[0]) == CAPACITY + SPARE
