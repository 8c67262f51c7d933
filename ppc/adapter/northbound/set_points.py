"""The set-points, and the registers around each: enable, validity, and the echo."""

from typing import NamedTuple

from ppc.keys import Key


class SetPoint(NamedTuple):
    """One quantity that is ordered by value, and the keys it is spoken of by."""

    value: Key
    enable: Key
    validity_s: Key
    received: Key
    """What was written last, taken or not."""
    accepted: Key
    """What counts of this source, before it is weighed against others."""
    in_force: Key
    """What counts of all sources."""
    left_s: Key
    revert: Key
    """What counts of this source in the end."""
    reject: Key
    one_counts: bool = True
    """Whether one source is in charge of it; a limit of every source holds."""


SET_POINTS = (
    SetPoint(
        *(Key.P_SET_W, Key.P_SET_ENABLE_CODE, Key.P_SET_VALIDITY_S),
        *(Key.P_SET_RECEIVED_W, Key.P_ACCEPTED_W, Key.P_IN_FORCE_W),
        *(Key.P_SET_LEFT_S, Key.P_SET_REVERT_W, Key.P_SET_REJECT_CODE),
    ),
    SetPoint(
        *(Key.Q_SET_VAR, Key.Q_SET_ENABLE_CODE, Key.Q_SET_VALIDITY_S),
        *(Key.Q_SET_RECEIVED_VAR, Key.Q_ACCEPTED_VAR, Key.Q_IN_FORCE_VAR),
        *(Key.Q_SET_LEFT_S, Key.Q_SET_REVERT_VAR, Key.Q_SET_REJECT_CODE),
    ),
    SetPoint(
        *(Key.V_SET_PU, Key.V_SET_ENABLE_CODE, Key.V_SET_VALIDITY_S),
        *(Key.V_SET_RECEIVED_PU, Key.V_ACCEPTED_PU, Key.V_IN_FORCE_PU),
        *(Key.V_SET_LEFT_S, Key.V_SET_REVERT_PU, Key.V_SET_REJECT_CODE),
    ),
    SetPoint(
        *(Key.PF_SET_PU, Key.PF_SET_ENABLE_CODE, Key.PF_SET_VALIDITY_S),
        *(Key.PF_SET_RECEIVED_PU, Key.PF_ACCEPTED_PU, Key.PF_IN_FORCE_PU),
        *(Key.PF_SET_LEFT_S, Key.PF_SET_REVERT_PU, Key.PF_SET_REJECT_CODE),
    ),
    SetPoint(
        *(Key.P_LIMIT_MAX_W, Key.P_LIMIT_MAX_ENABLE_CODE, Key.P_LIMIT_MAX_VALIDITY_S),
        *(Key.P_LIMIT_MAX_RECEIVED_W, Key.P_LIMIT_MAX_ACCEPTED_W),
        *(Key.P_LIMIT_MAX_IN_FORCE_W, Key.P_LIMIT_MAX_LEFT_S),
        *(Key.P_LIMIT_MAX_REVERT_W, Key.P_LIMIT_MAX_REJECT_CODE),
        one_counts=False,
    ),
    SetPoint(
        *(Key.P_LIMIT_MIN_W, Key.P_LIMIT_MIN_ENABLE_CODE, Key.P_LIMIT_MIN_VALIDITY_S),
        *(Key.P_LIMIT_MIN_RECEIVED_W, Key.P_LIMIT_MIN_ACCEPTED_W),
        *(Key.P_LIMIT_MIN_IN_FORCE_W, Key.P_LIMIT_MIN_LEFT_S),
        *(Key.P_LIMIT_MIN_REVERT_W, Key.P_LIMIT_MIN_REJECT_CODE),
        one_counts=False,
    ),
)
OF_VALUE = {each.value: each for each in SET_POINTS}
OF_ENABLE = {each.enable: each for each in SET_POINTS}
OF_VALIDITY = {each.validity_s: each for each in SET_POINTS}


def subject(key: Key) -> Key:
    """The order a register is about: the value that it enables, or itself."""
    about = OF_ENABLE.get(key) or OF_VALIDITY.get(key)
    return about.value if about else key


def is_careful(key: Key, value: float) -> bool:
    """Whether it stops, blocks or runs back; to let go again is not careful."""
    if key is Key.ENABLE_CODE:
        return value == 0
    return key in (Key.EMERGENCY_STOP_CODE, Key.RUN_BACK_CODE) and value != 0
