"""How old and how good rows are, seen on the rows of a battery."""

from math import nan

from pytest import approx, fixture

from ppc.adapter.codec import Row
from ppc.application.record.look import Look, place
from ppc.datamodel.observation import Quality
from ppc.keys import Key
from tests.application.record.recorded import recorded

NOW_S = 100.0
COUNTING = (Key.P_W, Key.Q_VAR, Key.SOC_PU)


@fixture(scope="module")
def slots(tmp_path_factory):
    with recorded(tmp_path_factory.mktemp("plant")) as plant:
        return plant.field.units[0].slots


def rows(slots, *, asked_s=99.0, expires_s=101.0):
    """A good row for every block."""
    blank = [None] * (1 + max(slot for slot, _ in slots))
    for slot, codec in slots:
        blank[slot] = Row(asked_s, expires_s, 0, (1.0,) * len(codec.keys))
    return blank


def spoilt(slots, key, value=1.0, *, missing=False):
    """The value of one key must not be trusted."""
    at, seen = place(slots, key), rows(slots)
    row, bit = seen[at.slot], 1 << at.at
    values = (*row.values[: at.at], value, *row.values[at.at + 1 :])
    missing_bits = bit if missing else 0
    seen[at.slot] = row._replace(bad=bit, values=values, missing=missing_bits)
    return seen


def quality(slots, seen):
    return list(Quality)[Look(slots, COUNTING).quality(seen, NOW_S)]


def test_all_is_good_while_nothing_is_wrong(slots):
    assert quality(slots, rows(slots)) is Quality.GOOD


def test_the_worst_of_what_counts_tells(slots):
    assert quality(slots, rows(slots, expires_s=99.5)) is Quality.OLD_DATA
    assert quality(slots, spoilt(slots, Key.P_W)) is Quality.OUT_OF_RANGE
    assert quality(slots, spoilt(slots, Key.SOC_PU, nan)) is Quality.FAILURE
    assert quality(slots, [None] * len(rows(slots))) is Quality.FAILURE


def test_what_does_not_count_and_what_is_not_there_spoil_nothing(slots):
    assert quality(slots, spoilt(slots, Key.STATE_CODE)) is Quality.GOOD
    seen = spoilt(slots, Key.SOC_PU, nan, missing=True)
    assert quality(slots, seen) is Quality.GOOD


def test_the_age_is_that_of_p_and_q(slots):
    look, seen = Look(slots, COUNTING), rows(slots)
    slow = place(slots, Key.SOC_PU).slot
    seen[slow] = seen[slow]._replace(time_s=10.0)
    assert look.age_s(seen, NOW_S) == approx(1.0)
    assert look.age_s([None] * len(seen), NOW_S) is None


def test_a_value_that_is_not_to_be_trusted_has_no_row(slots):
    at = place(slots, Key.P_W)
    assert at.row(rows(slots), NOW_S) is not None
    assert at.row(spoilt(slots, Key.P_W), NOW_S) is None
    assert at.row(spoilt(slots, Key.Q_VAR), NOW_S) is not None
    assert at.row(rows(slots, expires_s=99.9), NOW_S) is None
    assert place(slots, Key.P_NEXT_W) is None
