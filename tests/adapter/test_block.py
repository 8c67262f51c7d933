"""Groups of set-points that no request could carry."""

from pydantic import ValidationError
from pytest import mark, raises

from ppc.adapter.block import CommandBlock

WORD = {"key": "p_set_w", "address": 0}
BIT = {"key": "p_set_w", "address": 0, "type": "bit"}


@mark.parametrize(
    ("entries", "reason"),
    [
        ({"table": "input"}, "input is only read"),
        ({"function": "one", "count": 2}, "function one writes one register"),
        ({"function": "mask", "count": 2}, "function mask writes one register"),
        ({"function": "read_write", "count": 122}, "at most 121"),
        ({"function": "mask", "table": "coil", "points": [BIT]}, "holding registers"),
    ],
)
def test_what_no_request_can_carry_is_a_mistake(entries, reason):
    with raises(ValidationError, match=reason):
        CommandBlock.model_validate({"count": 1, "points": [WORD], **entries})
