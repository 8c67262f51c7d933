from math import inf

from pytest import approx, fixture, mark

from ppc.database.schema import KINDS
from ppc.history.day_file import DayFile
from ppc.history.frames import Span, as_listed, long, wide
from ppc.history.moments import iso, moment
from ppc.history.signals import Columns, Wish, sources_in
from tests.database.files import NOON_S, ask
from tests.history.records import write, zone
from tests.history.test_day_file import make_version_2

ALL = Span(-inf, inf)
SECONDS = [NOON_S + n for n in range(150)]
BAD = SECONDS[70]


@fixture(name="path", scope="module")
def _path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("record")
    write(folder, SECONDS, bad={BAD})
    return folder / "2026_11_21.db"


def frame(path, wish, form=wide, span=ALL, every_s=None):
    """Names of columns, and rows with their time."""
    with DayFile(path) as file:
        columns = Columns(sources_in(file, wish, *span), wish)
        return columns.names, list(form(file, columns, span, every_s))


def test_a_row_has_all_that_was_recorded_at_a_time(path):
    names, rows = frame(path, Wish())
    assert [ts for ts, _ in rows] == SECONDS
    recorded = ask(path, "SELECT v_v, p_w FROM poi ORDER BY ts")
    found = [
        (row[names.index("poi.v_v")], row[names.index("poi.p_w")])
        for ts, row in rows
        if ts != BAD
    ]
    assert found == [v for v, ts in zip(recorded, SECONDS, strict=True) if ts != BAD]
    assert {row[names.index("decisions.p_limited_by")] for _, row in rows} == {
        "power_limit"
    }
    assert rows[9][1][names.index("bess1.soc_pu")] == 0.1 + 9 * 1e-4


def test_a_value_of_bad_quality_is_empty_but_not_the_set_point(path):
    names, rows = frame(path, Wish())
    row = dict(zip(names, rows[70][1], strict=True))
    assert row["poi.p_w"] is row["bess1.soc_pu"] is row["bess1.state_code"] is None
    assert row["poi.quality"] == row["bess1.quality"] == 2
    assert row["bess1.p_set_w"] == 1.0e5
    assert row["pv1.p_w"] == 2e5 + 70


def test_only_what_is_asked_for_of_the_time_that_is_asked_for(path):
    wish = Wish((), ("pv2",), ("p_w",))
    names, rows = frame(path, wish, span=Span(SECONDS[3], SECONDS[5]))
    assert names == ["pv2.p_w"]
    assert rows == [(SECONDS[3], [200_003.0]), (SECONDS[4], [200_004.0])]


def test_bins_have_averages_of_good_values_and_the_last_of_states(path):
    names, rows = frame(path, Wish(), every_s=60)
    assert [ts - NOON_S for ts, _ in rows] == [0, 60, 120]
    p_w = [row[names.index("poi.p_w")] - 333_333 for _, row in rows]
    good = [n for n in range(60, 120) if n != 70]
    assert p_w == [approx(29.5), approx(sum(good) / 59), approx(134.5)]
    assert [row[names.index("poi.quality")] for _, row in rows] == [0, 2, 0]
    assert [row[names.index("bess1.state_code")] for _, row in rows] == [3.0] * 3


@mark.parametrize("every_s", [60, 900, 3600])
def test_bins_are_whole_in_local_time_even_on_the_half_hour(path, every_s):
    with zone("Asia/Kathmandu"):  # 5:45 ahead
        _, rows = frame(path, Wish(), every_s=every_s)
        assert iso(rows[0][0])[14:19] in {"00:00", "45:00"}
        assert (every_s < 3600) or iso(rows[0][0])[11:19] == "17:00:00"


def test_every_value_has_a_row_in_the_long_form(path):
    wish = Wish(signals=("p_w", "modes"))
    _, rows = frame(path, wish, long, Span(BAD, BAD + 1))
    assert [row for _, row in rows] == [
        ["pv1", "p_w", 200_070.0, None],
        ["pv2", "p_w", 200_070.0, None],
        ["decisions", "p_w", 1e6, None],
        ["decisions", "modes", None, "{}"],
    ]


def test_a_time_that_comes_twice_has_two_rows(tmp_path):
    write(tmp_path, [NOON_S, NOON_S + 1, NOON_S, NOON_S + 1])
    names, rows = frame(tmp_path / "2026_11_21.db", Wish(signals=("poi.v_v",)))
    assert names == ["poi.v_v"]
    assert [(ts - NOON_S, v) for ts, (v,) in rows] == [
        *((0, 20e3), (0, 20e3 + 0.2), (1, 20e3 + 0.1), (1, 20e3 + 0.1 * 3)),
    ]


def test_the_hour_that_comes_twice_is_two_hours(tmp_path):
    with zone("Europe/Paris"):
        began_s = moment("2026-10-25", NOON_S)
        write(tmp_path, [began_s + 600.0 * n for n in range(6 * 25)])
        _, rows = frame(tmp_path / "2026_10_25.db", Wish(), every_s=3600)
        hours = [iso(ts)[11:13] + iso(ts)[-6:] for ts, _ in rows]
        assert len(rows) == 25
        assert hours[1:5] == ["01+02:00", "02+02:00", "02+01:00", "03+01:00"]


def test_what_an_older_version_did_not_have_is_empty(tmp_path):
    make_version_2(tmp_path / "2026_11_21.db")
    names, rows = frame(tmp_path / "2026_11_21.db", Wish())
    ((ts, row),) = rows
    told = dict(zip(names, row, strict=True))
    assert ts == NOON_S
    assert (told["poi.v_v"], told["poi.v_l1_v"], told["poi.age_s"]) == (2e4, None, None)
    _, binned = frame(tmp_path / "2026_11_21.db", Wish(), every_s=60)
    assert binned[0][1][0] == 2e4


def test_a_list_is_given_as_it_is(path, tmp_path):
    names = ["seq", "source", "text", "severity"]
    with DayFile(path) as file:
        ((ts, row),) = as_listed(file, KINDS["events"], names, ALL, ("any",))
        assert ts == NOON_S
        assert row[1:] == ["test", f"begun at {NOON_S}", "warning"]
        assert not list(as_listed(file, KINDS["commands"], ["device"], ALL, ("pv*",)))
    make_version_2(tmp_path / "old.db")
    with DayFile(tmp_path / "old.db") as file:
        assert not list(as_listed(file, KINDS["events"], names, ALL, ()))
