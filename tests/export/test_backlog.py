import sqlite3
from contextlib import closing

from pytest import fixture

from ppc.export.backlog import LIVE_S, Backlog
from ppc.export.cursor import Cursor
from tests.database.files import DAY_S, NOON_S, value
from tests.history.records import write, write_finished
from tests.history.test_day_file import make_version_2

FIRST, SECOND = "2026_11_21.db", "2026_11_22.db"
SECONDS = [NOON_S + n for n in range(700)]


@fixture
def cursor(tmp_path):
    return Cursor(tmp_path / "forward" / "x.json")


troubles = []


@fixture
def backlog(tmp_path, cursor):
    return Backlog(tmp_path, cursor, "demo", troubles.append)


def swept(backlog, cursor):
    """All batches, each acknowledged before the next is asked for."""
    found = []
    for batch in backlog.sweep():
        found.append(batch)
        cursor.acknowledge({line.seq for line in batch})
    return found


def test_all_rows_come_once_the_oldest_first(tmp_path, backlog, cursor):
    write_finished(tmp_path, SECONDS)
    batches = swept(backlog, cursor)
    lines = [line for batch in batches for line in batch]
    assert len(lines) == len({line.text for line in lines}) == 700 * 5 + 1 + 6
    ends = [(min(b).ts, max(b).ts) for b in batches]
    assert ends == sorted(ends)
    assert len(batches) == 4
    assert cursor.ranges.stretches == [(1, 700 * 4 + 1 + 5)]
    assert swept(backlog, cursor) == []
    assert cursor.is_done(tmp_path / FIRST)
    assert not cursor.is_done(tmp_path / SECOND)


def test_a_finished_file_is_not_opened_again_until_it_changes(
    tmp_path, backlog, cursor
):
    write_finished(tmp_path, SECONDS[:10])
    swept(backlog, cursor)
    (tmp_path / FIRST).chmod(0o644)
    with closing(sqlite3.connect(tmp_path / FIRST)) as db:
        row = "(?, 9999, 'late', 'it was late', 1, 'info')"
        db.execute(f"INSERT INTO events VALUES {row}", (NOON_S + 3,))  # noqa: S608
        db.commit()
    (tmp_path / FIRST).chmod(0o444)
    ((line,),) = swept(backlog, cursor)
    assert b"it was late" in line.text
    assert 9999 in cursor.ranges


def test_a_hand_in_that_reaches_over_two_slices_is_sent_whole(
    tmp_path, backlog, cursor
):
    write(tmp_path, SECONDS[:2])
    seq = value(tmp_path / FIRST, "SELECT max(seq) FROM poi")
    with closing(sqlite3.connect(tmp_path / FIRST)) as db:
        db.execute(
            "INSERT INTO poi (ts, seq, device) VALUES (?, ?, 'poi')",
            (NOON_S + 400, seq),
        )
        db.commit()
    lines = [line for batch in swept(backlog, cursor) for line in batch]
    assert [line.ts for line in lines if line.seq == seq] == [NOON_S + 1, NOON_S + 400]


def test_what_is_new_is_the_last_minute(tmp_path, backlog, cursor):
    write(tmp_path, SECONDS)
    batch, numbers = backlog.live(SECONDS[-1])
    assert min(line.ts for line in batch) == SECONDS[-1] - LIVE_S
    assert len(batch) == 61 * 5
    cursor.acknowledge(numbers)
    batch, numbers = backlog.live(SECONDS[-1])
    assert {line.ts for line in batch} == set(SECONDS[-61:-56])  # not settled
    assert not numbers
    lines = [line for batch in swept(backlog, cursor) for line in batch]
    assert len(lines) == (700 - 56) * 5 + 1
    assert cursor.ranges.stretches == [(1, 700 * 4 + 1)]


def test_the_last_minute_reaches_over_midnight(tmp_path, backlog):
    midnight_s = NOON_S + 12 * 3600 - 3600  # in Paris, where the file's days end
    write(tmp_path, [midnight_s - 1 + n for n in range(3)])
    assert (tmp_path / SECOND).exists()
    batch, _ = backlog.live(midnight_s + 2)
    assert len({line.ts for line in batch}) == 3


def test_what_an_older_version_wrote_is_sent_too(tmp_path, backlog, cursor):
    make_version_2(tmp_path / FIRST)
    (tmp_path / FIRST).chmod(0o444)
    assert len(swept(backlog, cursor)) == 1
    assert swept(backlog, cursor) == []


def test_a_file_that_cannot_be_read_is_told_and_left_out(tmp_path, backlog, cursor):
    troubles.clear()
    (tmp_path / FIRST).write_text("no database" * 1000)
    write(tmp_path, [NOON_S + DAY_S])
    assert len(swept(backlog, cursor)) == 1
    assert [str(trouble) for trouble in troubles] == [
        f"{FIRST}: file is not a database"
    ]
