"""The month the benchmark makes up, and the pictures drawn of it."""

from importlib import import_module
from pathlib import Path

from pytest import approx, fixture, mark

from benchmarks.grafana.month import NOW_S, make
from benchmarks.grafana.run import statements, times_s
from tests.grafana.asking import answers
from tests.grafana.boards import BOARDS, PANELS, ROOT
from tests.grafana.grafana import Range, ask

LAST = Range(NOW_S - 900, NOW_S)


@fixture(scope="module")
def day(tmp_path_factory) -> Path:
    return make(tmp_path_factory.mktemp("db") / "trend.db", days_count=1, raw_hours=1)


def test_no_number_is_lost_and_the_energy_is_that_of_the_power(day):
    (lost,) = answers(day, PANELS["data_quality: Lost rows"], LAST)
    assert lost.rows == [(0,)]
    of_pv1 = "FROM {} WHERE device = 'pv1'"
    counted_wh = ask(day, f"SELECT sum(e_export_wh) {of_pv1.format('energy_1d')}")
    given_w = ask(day, f"SELECT avg(p_w_avg) {of_pv1.format('pv_15m')}")
    assert counted_wh.rows[0][0] == approx(24 * given_w.rows[0][0], rel=0.02)


def test_every_statement_is_timed(day):
    for sqls in statements().values():
        assert len(times_s(day, sqls, LAST, rounds=1)) == 1


@mark.parametrize("name", BOARDS)
def test_every_dashboard_is_drawn(day, name, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    page = import_module("grafana_pictures").draw(BOARDS[name], day, LAST)
    for panel in BOARDS[name]["panels"]:
        assert panel["title"].replace("'", "&#x27;") in page
    assert "nan" not in page
