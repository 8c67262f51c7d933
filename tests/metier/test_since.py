from pytest import mark

from ppc.metier.since import Since, Steady


@mark.parametrize("began_s", [0.0, 100.0])
def test_it_counts_from_the_first_cycle_in_which_it_holds(began_s: float):
    since = Since()
    assert since.for_s(began_s, holds=True) == 0.0
    assert since.for_s(began_s + 1.0, holds=True) == 1.0
    assert since.for_s(began_s + 5.0, holds=True) == 5.0


def test_a_break_begins_anew():
    since = Since()
    since.for_s(100.0, holds=True)
    assert since.for_s(101.0, holds=False) is None
    assert since.for_s(102.0, holds=True) == 0.0


@mark.parametrize("began_s", [0.0, 100.0])
def test_as_a_number_the_first_cycle_is_more_than_nothing(began_s: float):
    since = Since()
    assert since.some_s(began_s, holds=False) == 0.0
    assert 0.0 < since.some_s(began_s, holds=True) < 1e-3
    assert since.some_s(began_s + 2.0, holds=True) == 2.0
    assert since.some_s(began_s + 3.0, holds=False) == 0.0


def test_what_was_seen_once_stays_seen_and_a_gap_begins_anew():
    steady = Steady()
    assert steady.for_s(100.0, measured=False) == 0.0
    assert not steady.seen
    assert steady.for_s(101.0, measured=True) == 0.0
    assert steady.for_s(103.0, measured=True) == 2.0
    assert steady.for_s(104.0, measured=False) == 0.0
    assert steady.seen
    assert steady.for_s(105.0, measured=True) == 0.0
    assert steady.for_s(106.0, measured=True) == 1.0
