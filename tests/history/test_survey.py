import sqlite3
from contextlib import closing

from pytest import approx, raises

from ppc.database.retention import Retention
from ppc.database.thinning import put_in_place, thin
from ppc.database.trend import rebuild
from ppc.history.day_file import Unreadable
from ppc.history.survey import (
    after,
    noted_days,
    set_aside,
    size_bytes,
    soundness,
    survey,
)
from tests.database.files import DAY_S, NOON_S, Wall
from tests.history.records import write, write_finished
from tests.history.test_day_file import make_version_2

KEEP = Retention(raw_days=7, trend_days=400, daily_files=400)
FIRST, SECOND = "2026_11_21.db", "2026_11_22.db"


def change(path, *statements):
    path.chmod(0o644)
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
    path.chmod(0o444)


def test_a_day_is_told_as_it_was_recorded(tmp_path):
    write_finished(tmp_path, [NOON_S + n for n in range(30)])
    day = survey(tmp_path / FIRST, {}, check=False)
    assert (day.day, day.file) == ("2026-11-21", FIRST)
    assert (day.first_s, day.last_s) == (NOON_S, NOON_S + 29)
    assert day.rows_count == 30 * 5 + 1
    assert (day.lost_count, day.gaps, day.period_s) == (0, (), 1.0)
    assert (day.is_finished, day.version, day.trouble) == (True, 3, "")
    assert day.integrity == "not checked"
    assert day.size_bytes == size_bytes(tmp_path / FIRST)


def test_a_gap_is_longer_than_three_periods(tmp_path):
    stamps = [NOON_S + 2 * n for n in range(40)]
    write(tmp_path, stamps[:10] + stamps[12:20] + stamps[25:])  # one of 6 s, one of 12
    (gap,) = survey(tmp_path / FIRST, {}, check=False).gaps
    assert (gap.since_s, gap.until_s) == (stamps[19], stamps[25])


def test_numbers_that_are_missing_are_rows_lost(tmp_path):
    write(tmp_path, [NOON_S + n for n in range(30)])
    change(tmp_path / FIRST, "DELETE FROM pv WHERE seq IN (SELECT min(seq) FROM pv)")
    assert survey(tmp_path / FIRST, {}, check=False).lost_count == 1


def test_what_lacks_between_two_days_is_told_of_the_second(tmp_path):
    stamps = [NOON_S + n for n in range(10)]
    write(tmp_path, stamps + [stamp + DAY_S for stamp in stamps])
    one = survey(tmp_path / FIRST, {}, check=False)
    other = survey(tmp_path / SECOND, {}, check=False)
    assert (other.gaps, other.lost_count) == ((), 0)
    joined = after(one, other)
    assert [gap.until_s - gap.since_s for gap in joined.gaps] == [approx(DAY_S - 9)]
    assert joined.lost_count == 0
    change(
        tmp_path / SECOND,
        "DELETE FROM poi WHERE seq IN (SELECT min(seq) FROM poi)",
    )
    other = survey(tmp_path / SECOND, {}, check=False)
    assert after(one, other).lost_count == 1


def test_a_file_of_an_older_version_has_no_numbers_to_miss(tmp_path):
    make_version_2(tmp_path / FIRST)
    day = survey(tmp_path / FIRST, {}, check=False)
    assert (day.version, day.rows_count, day.lost_count) == (2, 1, None)


def test_integrity_is_what_was_noted_or_is_checked_now(tmp_path):
    write(tmp_path, [NOON_S])
    path = tmp_path / FIRST
    assert survey(path, {"integrity": "ok"}, check=False).integrity == "ok"
    assert survey(path, {"integrity": None}, check=True).integrity == "ok"
    assert soundness(path) == "ok"


def test_a_damaged_page_is_found_by_the_check(tmp_path):
    write(tmp_path, [NOON_S + n for n in range(600)])
    path = tmp_path / FIRST
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\x55" * 4096)
    day = survey(path, {}, check=True)
    assert day.integrity not in {"ok", "not checked"} or FIRST in day.trouble


def test_what_cannot_be_read_is_told_and_what_is_gone_is_raised(tmp_path):
    (tmp_path / FIRST).touch()
    assert survey(tmp_path / FIRST, {}, check=False).trouble == f"{FIRST}: is empty"
    with raises(Unreadable, match=f"{SECOND}: No such file"):
        survey(tmp_path / SECOND, {}, check=False)


def test_the_list_of_finished_days_is_read_where_there_is_one(tmp_path):
    assert noted_days(tmp_path) == {}
    write_finished(tmp_path, [NOON_S])
    rebuild(tmp_path, retention=KEEP, wall_s=Wall(NOON_S + DAY_S))
    assert noted_days(tmp_path)[FIRST]["t0"] == NOON_S


def test_files_set_aside_are_named(tmp_path):
    for name in (
        f"{FIRST}.corrupt-1",
        f"{FIRST}.corrupt-1-wal",
        f"{FIRST}.version-9-1",
    ):
        (tmp_path / name).touch()
    assert [path.name for path in set_aside(tmp_path)] == [
        f"{FIRST}.corrupt-1",
        f"{FIRST}.version-9-1",
    ]


def test_a_day_that_was_thinned_has_lost_nothing(tmp_path):
    write_finished(tmp_path, [NOON_S + n for n in range(30)])
    path = tmp_path / FIRST
    assert not survey(path, {}, check=False).is_thinned
    put_in_place(thin(path, 1), path)
    day = survey(path, {}, check=False)
    assert (day.is_thinned, day.lost_count, day.gaps) == (True, None, ())
    assert day.rows_count == 1


def test_rows_that_were_brought_up_from_an_older_version_are_not_missed(tmp_path):
    write(tmp_path, [NOON_S - DAY_S])
    make_version_2(tmp_path / FIRST)
    write(tmp_path, [NOON_S + n for n in range(5)])
    day = survey(tmp_path / FIRST, {}, check=False)
    assert (day.version, day.first_seq, day.lost_count) == (3, 6, 0)
    assert day.rows_count == 1 + 5 * 5 + 1
