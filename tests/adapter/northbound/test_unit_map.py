from pydantic import ValidationError
from pytest import mark, raises

from ppc.adapter.northbound.unit_map import UnitMap

NAME = {"name": "name", "at": 0, "type": "text", "length": 8}
POWER = {"name": "p_w", "at": 8, "type": "f32"}


def slot_of(*registers, size=10):
    data = {"address": 1000, "size": size, "slots": 2, "registers": registers}
    return UnitMap.model_validate(data)


def test_slots_stand_one_behind_the_other():
    units = slot_of(NAME, POWER)
    assert (units.first(1), units.first(2), units.end) == (1000, 1010, 1020)


@mark.parametrize(
    ("registers", "reason"),
    [
        ([NAME, {**POWER, "at": 7}], "overlaps a text"),
        ([NAME, {**POWER, "at": 9}], "overlap another point or leave"),
        ([{**NAME, "at": 3}], "a text leaves the slot"),
        ([POWER, {**POWER, "at": 0}], "a name stands twice"),
        ([{**POWER, "name": "p_kw"}], "p_kw cannot be told"),
        ([{**NAME, "length": 0}], "a text needs a length"),
        ([{**NAME, "name": "p_w"}], "the name is a text"),
    ],
)
def test_what_does_not_fit_is_refused(registers, reason):
    with raises(ValidationError, match=reason):
        slot_of(*registers)
