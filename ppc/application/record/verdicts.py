"""What each control function makes of a cycle, when that changes."""

from math import inf
from typing import NamedTuple

from ppc.application.record.door import Row, Rows
from ppc.application.record.samples import finite
from ppc.datamodel.command import Decision, Step
from ppc.datamodel.rating import ConnectionPoint

_STEP = 0.01
"""A change by more than this part of the plant's range is written down."""
_REPEAT_S = 60.0


class _Verdict(NamedTuple):
    """What a function left of P and Q, bias included, and what it wished itself."""

    mode: str
    p_limits: bool
    q_limits: bool
    p_low_w: float
    p_high_w: float
    q_low_var: float
    q_high_var: float
    p_choice_w: float | None
    q_choice_var: float | None


class Verdicts:
    """A row for a function when its mode changes, or whether it limits; when its bounds
    or its choice move by a hundredth of the plant's range; and once a minute.
    """

    def __init__(self, plant: ConnectionPoint) -> None:
        self._p_step_w = _STEP * (plant.p_max_w - plant.p_min_w)
        self._q_step_var = _STEP * 2.0 * plant.q_max_var
        self._written: dict[str, _Verdict] = {}
        self._due_s = -inf

    def rows(self, decision: Decision, wall_s: float) -> Rows:
        due = decision.time_s >= self._due_s
        if due:
            self._due_s = decision.time_s + _REPEAT_S
        written, rows = self._written, []
        p_chosen = q_chosen = False
        for step in decision.trace:
            seen = _verdict(step, decision, p_chosen=p_chosen, q_chosen=q_chosen)
            p_chosen = step.envelope.p_wish_w is not None
            q_chosen = step.envelope.q_wish_var is not None
            last = written.get(step.function)
            if due or last is None or self._differ(last, seen):
                written[step.function] = seen
                rows.append(_row(step.function, seen, wall_s))
        return rows

    def _differ(self, last: _Verdict, now: _Verdict) -> bool:
        p_step_w, q_step_var = self._p_step_w, self._q_step_var
        return (
            last[:3] != now[:3]
            or abs(now.p_low_w - last.p_low_w) > p_step_w
            or abs(now.p_high_w - last.p_high_w) > p_step_w
            or abs(now.q_low_var - last.q_low_var) > q_step_var
            or abs(now.q_high_var - last.q_high_var) > q_step_var
            or _moved(last.p_choice_w, now.p_choice_w, p_step_w)
            or _moved(last.q_choice_var, now.q_choice_var, q_step_var)
        )


def _verdict(
    step: Step, decision: Decision, *, p_chosen: bool, q_chosen: bool
) -> _Verdict:
    """`p_chosen`, `q_chosen`: a function before it has chosen already."""
    name, mode, envelope = step
    p_w, q_var = envelope.p_left_w, envelope.q_var
    return _Verdict(
        mode,
        name == decision.p_limited_by,
        name == decision.q_limited_by,
        p_w.low,
        p_w.high,
        q_var.low,
        q_var.high,
        None if p_chosen else envelope.p_wish_w,
        None if q_chosen else envelope.q_wish_var,
    )


def _moved(last: float | None, now: float | None, step: float) -> bool:
    if last is None or now is None:
        return last is not now
    return abs(now - last) > step


def _row(function: str, seen: _Verdict, wall_s: float) -> Row:
    return {
        "ts": wall_s,
        "function": function,
        "mode": seen.mode,
        "p_limits": int(seen.p_limits),
        "q_limits": int(seen.q_limits),
        "p_low_w": finite(seen.p_low_w),
        "p_high_w": finite(seen.p_high_w),
        "q_low_var": finite(seen.q_low_var),
        "q_high_var": finite(seen.q_high_var),
        "p_choice_w": seen.p_choice_w,
        "q_choice_var": seen.q_choice_var,
    }
