"""Energy: exact for power that runs in straight lines."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.application.record.energy import Energy, Reading

LIFE_S = 1.0
powers_w = st.floats(-1e7, 1e7).filter(lambda p_w: p_w == 0.0 or abs(p_w) > 1e-3)
courses = st.lists(st.tuples(st.floats(0.01, 0.9), powers_w), min_size=2, max_size=40)


def readings(course, begin_s=100.0, life_s=LIFE_S):
    """At the end of each step."""
    time_s = begin_s
    for step_s, p_w in course:
        time_s += step_s
        yield Reading(time_s, time_s + life_s, p_w)


def counted(all_readings, **settings):
    energy = Energy(**settings)
    for reading in all_readings:
        energy.take(reading)
    return energy


def exact_wh(all_readings, sign):
    """Of what is on one side of 0, in rational numbers: cut where it crosses."""
    total = Fraction(0)
    for a, b in pairwise(all_readings):
        span_s = Fraction(b.time_s) - Fraction(a.time_s)
        p, q = sign * Fraction(a.p_w), sign * Fraction(b.p_w)
        if p > 0 and q > 0:
            total += (p + q) / 2 * span_s
        elif p > 0 or q > 0:
            high, low = max(p, q), min(p, q)
            total += high / 2 * span_s * high / (high - low)
    return float(total / 3600)


@given(courses)
def test_it_is_the_integral_on_both_sides_of_0(course):
    told = list(readings(course))
    energy = counted(told)
    assert energy.export_wh == approx(exact_wh(told, +1), rel=1e-12, abs=1e-12)
    assert energy.import_wh == approx(exact_wh(told, -1), rel=1e-12, abs=1e-12)


@given(courses, st.integers(0, 40))
def test_more_readings_of_the_same_lines_change_nothing(course, at):
    told = list(readings(course))
    at = min(at, len(told) - 2)
    a, b = told[at], told[at + 1]
    middle_s = (a.time_s + b.time_s) / 2
    between = Reading(middle_s, middle_s + LIFE_S, (a.p_w + b.p_w) / 2)
    energy, finer = counted(told), counted([*told[: at + 1], between, *told[at + 1 :]])
    assert finer.export_wh == approx(energy.export_wh, rel=1e-9, abs=1e-6)
    assert finer.import_wh == approx(energy.import_wh, rel=1e-9, abs=1e-6)


@given(courses, st.integers(1, 39))
def test_a_restart_at_any_moment_costs_the_line_it_cuts_and_no_more(course, at):
    told = list(readings(course))
    at = min(at, len(told) - 1)
    before = counted(told[:at])
    after = counted(told[at:], export_wh=before.export_wh, import_wh=before.import_wh)
    whole = counted(told)
    lost = counted(told[at - 1 : at + 1])
    exported_wh = after.export_wh + lost.export_wh
    assert exported_wh == approx(whole.export_wh, rel=1e-9, abs=1e-9)
    imported_wh = after.import_wh + lost.import_wh
    assert imported_wh == approx(whole.import_wh, rel=1e-9, abs=1e-9)


@given(courses)
def test_counters_only_grow_and_an_old_reading_is_nothing(course):
    energy = Energy()
    for reading in readings(course):
        before = energy.export_wh, energy.import_wh
        energy.take(reading)
        grown = energy.export_wh, energy.import_wh
        assert all(a <= b for a, b in zip(before, grown, strict=True))
        assert energy.take(reading) == 0.0
        assert energy.take(reading._replace(time_s=reading.time_s - 5.0)) == 0.0
        assert (energy.export_wh, energy.import_wh) == grown


def test_what_nobody_knows_is_not_counted_and_the_gap_is():
    energy = Energy()
    for time_s in (0.0, 1.0, 5.0, 6.0):
        gap_s = energy.take(Reading(time_s, time_s + 1.0, 3600.0))
        assert gap_s == (4.0 if time_s == 5.0 else 0.0)
    assert energy.export_wh == approx(2.0)
    assert energy.gap_s == 4.0


def test_what_could_have_been_given_is_counted_beside_it():
    energy = Energy(possible_wh=0.0)
    for time_s, p_w, possible_w in (
        (0.0, 1800.0, 3600.0),
        (1.0, 1800.0, 7200.0),
        (2.0, 1800.0, None),
        (3.0, 1800.0, 3600.0),
    ):  # fmt: skip
        energy.take(Reading(time_s, time_s + 1.0, p_w, possible_w))
    assert energy.export_wh == approx(1.5)
    assert energy.possible_wh == approx(1.5 + 1.25 + 0.75)


def test_who_never_tells_what_could_be_given_has_no_such_counter():
    assert counted(readings([(0.5, 1.0), (0.5, 1.0)])).possible_wh is None
