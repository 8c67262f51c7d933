import sqlite3
from contextlib import closing

from pytest import mark

from ppc.database.day_as_trend import fault_of_rolling_up
from ppc.history.copies import load
from tests.grafana.asking import answers
from tests.grafana.boards import PANELS
from tests.grafana.grafana import Range
from tests.grafana.plant import NOW_S, Plant

HOUR = Range(NOW_S - 3600, NOW_S)


def loaded(tmp_path):
    """A quarter of an hour of a day, loaded for a look."""
    plant = Plant(tmp_path)
    plant.record(list(range(NOW_S - 900, NOW_S)))
    plant.recorder.stop()
    (day,) = tmp_path.glob("20*.db")
    return load(day)


def test_every_dashboard_shows_a_day_that_is_loaded(tmp_path):
    path = loaded(tmp_path)
    for name, panel in PANELS.items():
        for answer in answers(path, panel, HOUR):
            assert answer.rows or name.endswith(("Gaps", "Finished days")), name


@mark.parametrize("table", ["poi", "bess"])
def test_minutes_and_quarters_are_those_of_the_trend(tmp_path, table):
    path = loaded(tmp_path)
    for ending in ("_1m", "_15m"):
        with (
            closing(sqlite3.connect(path)) as ours,
            closing(sqlite3.connect(tmp_path / "trend.db")) as theirs,
        ):
            sql = f"SELECT ts, p_w_avg, samples_count FROM {table}{ending}"  # noqa: S608
            rows = [file.execute(sql).fetchall() for file in (ours, theirs)]
        assert rows[0] == rows[1] != []


def test_a_file_that_is_no_database_is_told(tmp_path):
    path = tmp_path / "day.db"
    path.write_bytes(b"no database at all" * 100)
    assert "not a database" in fault_of_rolling_up(path)
