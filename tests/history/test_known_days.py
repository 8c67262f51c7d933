import json

from pytest import mark

from ppc.history.known_days import NAME, KnownDays
from ppc.history.survey import survey
from tests.database.files import NOON_S
from tests.history.records import write, write_finished

FIRST = "2026_11_21.db"


def known(tmp_path, noted=None):
    days = KnownDays(tmp_path)
    day = days.day(tmp_path / FIRST, noted or {}, check=False)
    days.keep()
    return day


def test_a_finished_file_is_looked_through_once(tmp_path):
    write_finished(tmp_path, [NOON_S + n for n in (0, 1, 2, 3, 4, 30)])
    found = known(tmp_path)
    assert found == survey(tmp_path / FIRST, {}, check=False)
    assert len(found.gaps) == 1
    told = json.loads((tmp_path / NAME).read_text())
    told["days"][FIRST]["day"]["rows_count"] = -5
    (tmp_path / NAME).write_text(json.dumps(told))
    assert known(tmp_path).rows_count == -5
    assert known(tmp_path, {"integrity": "ok"}).integrity == "ok"


def test_a_file_that_changed_is_looked_through_again(tmp_path):
    write_finished(tmp_path, [NOON_S])
    known(tmp_path)
    write(tmp_path, [NOON_S + 1])
    assert known(tmp_path).rows_count == 2 * 6


@mark.parametrize(
    "text", ["", "[]", "{", '{"version": 1, "days": {"2026_11_21.db": 7}}']
)
def test_what_was_noted_may_be_lost_or_damaged(tmp_path, text):
    write_finished(tmp_path, [NOON_S])
    (tmp_path / NAME).write_text(text)
    assert known(tmp_path).rows_count == 6
    (tmp_path / NAME).unlink()
    assert known(tmp_path).rows_count == 6
