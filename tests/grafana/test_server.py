"""The same statements through a Grafana that is given; see `server`.

Without one this file is not collected: conftest.py.
"""

import shutil

from pytest import fixture, mark

from tests.grafana.asking import RANGES, answers, sql_of
from tests.grafana.boards import BOARDS, PANELS, is_long
from tests.grafana.grafana import series
from tests.grafana.server import DIRECTORY, call, query


@fixture(scope="module")
def seen(trend):
    """The recorded month where Grafana reads it."""
    shutil.copy(trend, DIRECTORY / "trend.db")
    return trend


def test_the_plugin_and_the_sources_are_there():
    sources = {source["uid"]: source for source in call("/api/datasources")}
    assert {"ppc-trend", "ppc-today", "ppc-inspect"} <= set(sources)
    assert sources["ppc-trend"]["type"] == "frser-sqlite-datasource"


@mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_every_dashboard_is_there_as_it_is_committed(board):
    there = call(f"/api/dashboards/uid/{board['uid']}")["dashboard"]
    titles = [panel["title"] for panel in there["panels"]]
    assert titles == [panel["title"] for panel in board["panels"]]


@mark.parametrize("shown", RANGES.values(), ids=RANGES)
@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_panel_has_the_answer_of_our_own_port(seen, panel, shown):
    ours = answers(seen, panel, shown)
    for target, answer in zip(panel["targets"], ours, strict=True):
        from_ms, to_ms = int(shown.from_s * 1000), int(shown.to_s * 1000)
        interval_ms = shown.interval_ms(panel["maxDataPoints"])
        sql = sql_of(panel, target, shown)
        frames = query(target, sql, from_ms, to_ms, interval_ms)
        if is_long(target):
            assert len(frames) == len(series(answer))
            continue
        (frame,) = frames
        names = [field["name"] for field in frame["schema"]["fields"]]
        values = frame["data"]["values"]
        assert names == answer.columns
        assert len(values[0] if values else []) == len(answer.rows)
