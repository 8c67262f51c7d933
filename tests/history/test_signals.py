from math import inf

from pytest import fixture, mark

from ppc.database.schema import KINDS
from ppc.history.day_file import DayFile
from ppc.history.signals import Columns, Signal, Source, Wish, signals_of, sources_in
from tests.database.files import NOON_S
from tests.history.records import write


@fixture
def file(tmp_path):
    write(tmp_path, [NOON_S, NOON_S + 1])
    with DayFile(tmp_path / "2026_11_21.db") as file:
        yield file


def names(file, wish):
    return Columns(sources_in(file, wish, -inf, inf), wish).names


def test_devices_are_those_with_rows_in_the_order_of_tables(file):
    sources = set(sources_in(file, Wish(), NOON_S, NOON_S + 2))
    assert sources == {
        *(Source("poi", "poi"), Source("bess", "bess1"), Source("pv", "pv1")),
        *(Source("pv", "pv2"), Source("decisions", "decisions")),
    }
    assert not set(sources_in(file, Wish(), NOON_S + 2, NOON_S + 9))
    places = Columns(sources, Wish()).places
    assert [s.device for s in places] == ["poi", "bess1", "pv1", "pv2", "decisions"]


@mark.parametrize(
    ("wish", "told"),
    [
        (Wish(signals=("soc_pu",)), ["bess1.soc_pu"]),
        (Wish(("pv",), signals=("p_w",)), ["pv1.p_w", "pv2.p_w"]),
        (Wish((), ("pv*",), ("q_var",)), ["pv1.q_var", "pv2.q_var"]),
        (Wish(signals=("pv1.p_w", "poi.f_*")), ["poi.f_hz", "pv1.p_w"]),
        (Wish((), ("bess1",), ("nothing",)), []),
        (Wish((), ("nobody",)), []),
    ],
)
def test_columns_are_those_asked_for(file, wish, told):
    assert names(file, wish) == told


def test_every_column_of_a_table_is_there_when_none_is_named(file):
    told = names(file, Wish(("bess",)))
    assert told == [f"bess1.{name}" for name in KINDS["bess"].numbers]


def test_a_quality_judges_what_was_measured_not_what_was_ordered():
    judged = {signal.name for signal in signals_of(KINDS["bess"]) if signal.is_judged}
    assert {"p_w", "soc_pu", "state_code"} <= judged
    assert judged.isdisjoint({"p_set_w", "q_set_var", "quality", "age_s"})
    assert not any(signal.is_judged for signal in signals_of(KINDS["decisions"]))


@mark.parametrize(
    ("signal", "figure"),
    [
        (Signal("poi", "p_w"), "avg"),
        (Signal("poi", "quality", is_whole=True), "max"),
        (Signal("bess", "state_code"), "last"),
        (Signal("energy", "e_export_wh"), "last"),
        (Signal("decisions", "modes", is_text=True), "last"),
    ],
)
def test_what_stands_for_a_bin(signal, figure):
    assert signal.figure == figure


def test_lists_of_what_happened_are_known():
    assert Wish(("events",)).is_list
    assert not Wish(("poi", "energy")).is_list
    assert not Wish().is_list
