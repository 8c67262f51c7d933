import math

from pytest import mark

from ppc.export.line_protocol import lines
from tests.database.files import NOON_S

AT_NS = int(NOON_S) * 10**9


def told(table, *rows, plant="demo"):
    return [line.text.decode() for line in lines(table, rows, plant)]


def test_a_row_is_a_point():
    row = {"ts": NOON_S + 0.25, "seq": 7, "device": "bess1", "clock": 1, "p_w": 1 / 3}
    (line,) = lines("bess", [{**row, "quality": 0, "q_var": None}], "my plant, 1")
    assert (line.ts, line.seq) == (NOON_S + 0.25, 7)
    assert line.text.decode() == (
        "bess,plant=my\\ plant\\,\\ 1,device=bess1 "
        "seq=7i,clock=1i,p_w=0.3333333333333333,quality=0i "
        f"{AT_NS + 250_000_070}\n"
    )


def test_texts_are_fields_and_what_tells_apart_is_a_tag():
    row = {"ts": NOON_S, "seq": 100, "source": "a=b c", "severity": "info"}
    (line,) = told("events", {**row, "text": 'a "word"\\'})
    assert line == (
        "events,plant=demo,source=a\\=b\\ c,severity=info "
        f'seq=100i,text="a \\"word\\"\\\\" {AT_NS}\n'
    )


def test_the_same_row_is_the_same_point_and_another_is_another():
    rows = [
        {"ts": NOON_S, "seq": seq, "source": "x", "severity": "info", "text": text}
        for seq, text in ((1, "a"), (1, "b"), (2, "a"))
    ]
    times = [line.rsplit(" ", 1)[1] for line in told("events", *rows)]
    assert [int(time) - AT_NS for time in times] == [10, 11, 20]
    assert told("events", *rows) == told("events", *rows)


def test_devices_of_one_sample_have_one_time():
    rows = [{"ts": NOON_S, "seq": 5, "device": f"pv{n}", "p_w": 1.0} for n in range(20)]
    assert {line.rsplit(" ", 1)[1] for line in told("pv", *rows)} == {f"{AT_NS + 50}\n"}


@mark.parametrize(
    ("value", "field"),
    [
        (math.inf, ""),
        (1e300, ",p_w=1e+300"),
        (-0.0, ",p_w=-0.0"),
        (2.0, ",p_w=2.0"),
        (None, ""),
    ],
)
def test_numbers_are_exact_and_what_is_none_is_left_out(value, field):
    (line,) = told("poi", {"ts": NOON_S, "seq": 0, "device": "poi", "p_w": value})
    assert line == f"poi,plant=demo,device=poi seq=0i{field} {AT_NS}\n"


def test_a_row_of_an_older_version_has_no_number_and_what_is_empty_is_no_tag():
    (line,) = lines("poi", [{"ts": NOON_S, "device": "", "p_w": 1.0}], "demo")
    assert (line.seq, line.text.decode()) == (0, f"poi,plant=demo p_w=1.0 {AT_NS}\n")
    assert not told("poi", {"ts": NOON_S, "device": "poi"})


def test_a_new_line_or_a_backslash_cannot_break_a_tag():
    (line,) = told("events", {"ts": NOON_S, "seq": 0, "source": "a\\\nb"})
    assert line.startswith("events,plant=demo,source=a/\\ b seq=0i ")
