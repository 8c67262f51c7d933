from pytest import mark

from ppc.cli.figures import Bar, duration, percent, scale_for


@mark.parametrize(
    ("value", "mark_at", "bar"),
    [
        (None, None, "▕···┼······▏"),
        (0.0, None, "▕···┼······▏"),
        (4.0, 5.5, "▕···┼━━━·◆·▏"),
        (-3.0, None, "▕━━━┼······▏"),
        (99.0, -99.0, "▕◆··┼━━━━━━▏"),
    ],
)
def test_a_bar_grows_from_zero_to_both_sides_and_stays_within(value, mark_at, bar):
    assert Bar(-3.0, 7.0, 10).draw(value, mark_at).plain == bar


def test_a_bar_that_begins_at_zero_has_no_middle():
    assert Bar(0.0, 1.0, 4).draw(0.5, None).plain == "▕━━··▏"


@mark.parametrize(
    ("p_max_w", "shown"),
    [(10e6, "-10.000"), (250e6, "-250.00"), (2e9, "-2000.0"), (5e5, "-500.00")],
)
def test_a_power_never_needs_more_than_seven_signs(p_max_w, shown):
    assert scale_for(p_max_w).show(-p_max_w) == shown


def test_times_and_parts_are_short():
    assert [duration(s) for s in (None, 4e-5, 0.0123, 0.1, 55.4)] == [
        *("—", "0.0 ms", "12 ms", "100 ms", "55 s")
    ]
    assert percent(0.5) == "50 %"
