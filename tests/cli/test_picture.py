from pytest import mark

from ppc.cli.picture import draw

LOG = [("INFO", f"12:00:0{i} line {i} of the log " * 9) for i in range(10)]
SIZES = [(80, 24), (140, 50), (200, 24)]


def lines(status, *, width, height, log=LOG):
    return draw(status, log, width=width, height=height).plain.split("\n")


@mark.parametrize(("width", "height"), [*SIZES, (40, 10), (1, 1)])
def test_it_never_runs_over_the_screen(plant_of, width, height):
    for count in (1, 7, 100):
        shown = lines(plant_of(count).as_dict(), width=width, height=height)
        assert len(shown) <= height
        assert max(map(len, shown)) <= width


@mark.parametrize(("width", "height"), SIZES)
def test_everything_is_on_it(status, width, height):
    shown = lines(status.as_dict(), width=width, height=height)
    text = "\n".join(shown)
    for word in (
        *("demonstration plant", "LIMITED", "3.000 MW", "-1.000 Mvar", "20.100 kV"),
        *("50.010 Hz", "5.000", "8.000", "1.0050 pu", "1.0100 pu", "meter 10 ms"),
        *("P: power_limit, short of 2.000 MW", "Q: nothing"),
        *("unit0", "unit6", "-2.00..2.00", "50 %", "silent", "12 s"),
        *("degraded", "voltage_support auto", "set_point_tracking idle"),
        *("late 0.0 ms (max 0.2 ms)", "acknowledged 0.9 ms", "missed 0"),
        *("in time 100 %", "incomplete 1", "rows lost 0", "SCADA 1, orders 55 s"),
    ):
        assert word in text
    assert [f"line {i}" for i in range(5, 10)] == [row[10:16] for row in shown[-5:]]


@mark.parametrize("width", range(60, 130))
def test_no_mode_is_cut_off_at_the_edge(status, width):
    shown = lines(status.as_dict(), width=width, height=40)
    modes = " ".join(shown[7:10])
    assert all(f"{name} {mode}" in modes for name, mode in status.functions)
    assert "…" not in modes


def test_what_each_function_did_is_told_where_there_is_room(status):
    reason = " why       power_limit: P at most 5.000 MW (was 10.00 MW)"
    shown = lines(status.as_dict(), width=100, height=40)
    assert shown.count(reason) == 1
    assert shown.index(reason) == 9
    low = lines(status.as_dict(), width=100, height=24)  # units and log come first
    assert reason not in low
    assert any(line.startswith(" unit6") for line in low)


def test_what_is_not_known_is_shown_as_a_dash(status):
    blank = status.as_dict() | dict.fromkeys(
        ("p_w", "q_var", "v_v", "f_hz", "poi_age_s", "v_order_pu")
    )
    shown = lines(blank, width=80, height=24)
    assert [row[:12].split() for row in shown[2:6]] == [
        ["P", "—"],
        ["Q", "—"],
        ["U", "—"],
        ["f", "—"],
    ]
    assert "meter —" in shown[5]


def test_of_many_units_those_with_trouble_are_shown_first(plant_of):
    shown = lines(plant_of(100).as_dict(), width=80, height=24)
    names = [row.split()[0] for row in shown if row.startswith(" unit")]
    assert names[:3] == ["unit", "unit2", "unit0"]
    hidden = 100 - (len(names) - 1)
    assert any(f"and {hidden} more; out of service: 1" in row for row in shown)
    assert "line 9" in shown[-1]


def test_without_real_time_priority_it_says_so(status):
    plain = status.as_dict()
    plain["cycle"]["realtime"] = False
    (head, *_) = lines(plain, width=80, height=24)
    assert "no real-time priority" in head
    assert len(head) == 80
