"""Steps that no request could carry."""

from pydantic import ValidationError
from pytest import mark, raises

from ppc.adapter.action import Heartbeat, Step


@mark.parametrize(
    ("entries", "reason"),
    [
        ({"table": "discrete"}, "discrete is only read"),
        ({"type": "u32", "single": True}, "more than one register"),
        ({"type": "date_words"}, "only read"),
    ],
)
def test_what_no_request_can_carry_is_a_mistake(entries, reason):
    for kind, data in (
        (Step, {"write": {"address": 0, "value": 1, **entries}}),
        (Heartbeat, {"address": 0, **entries}),
    ):
        with raises(ValidationError, match=reason):
            kind.model_validate(data)
