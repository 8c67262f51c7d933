import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pytest import fixture, mark

from ppc.export.cursor import Cursor, Ranges
from ppc.export.cursor import mark as mark_of

numbers = st.lists(st.integers(1, 60))


@given(st.lists(numbers))
def test_ranges_are_a_set(additions):
    ranges, known = Ranges(), set()
    for added in additions:
        ranges.add(added)
        known.update(added)
    assert {number for number in range(70) if number in ranges} == known
    assert ranges.last == max(known, default=0)
    stretches = ranges.stretches
    assert all(b[0] > a[1] + 1 for a, b in pairwise(stretches))


def test_zero_is_no_number():
    ranges = Ranges()
    ranges.add([0, 1])
    assert 0 not in ranges
    assert ranges.stretches == [(1, 1)]


@fixture
def path(tmp_path):
    return tmp_path / "forward" / "cloud.json"


def test_what_was_acknowledged_is_known_again(path, tmp_path):
    day = tmp_path / "2026_11_21.db"
    day.write_text("a day")
    cursor = Cursor(path)
    cursor.acknowledge([1, 2, 3, 9])
    cursor.finish_file(day, mark_of(day))
    cursor.save()
    again = Cursor(path)
    assert again.ranges.stretches == [(1, 3), (9, 9)]
    assert again.is_done(day)
    day.write_text("another day")
    assert not again.is_done(day)
    day.unlink()
    again.acknowledge([10])
    again.save()
    assert json.loads(path.read_text())["files"] == {}


def test_it_is_written_only_when_there_is_news(path):
    cursor = Cursor(path)
    cursor.save()
    assert not path.exists()
    cursor.acknowledge([1])
    cursor.save()
    path.unlink()
    cursor.save()
    assert not path.exists()


@mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 1, "numbers": [[1]], "files": {}}', "\0"]
)
def test_a_damaged_cursor_is_an_empty_one(path, text):
    path.parent.mkdir()
    path.write_text(text)
    assert Cursor(path).ranges.stretches == []
