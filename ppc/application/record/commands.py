"""The life of a command: what a unit was asked for, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf

from ppc.adapter.plant_view import PlantView
from ppc.application.delivery import Outcome
from ppc.application.device import FieldDevice
from ppc.application.record.door import Row, Rows
from ppc.datamodel.command import Command, Decision
from ppc.datamodel.observation import SystemObs, Unit

_STEP_PU = 0.01
"""Of the unit's rating: a change by more is a command of its own."""
_REPEAT_S = 60.0
_TOLERANCE_PU = 0.02
"""Of the unit's rating: so near to the set-point it is achieved, after this time."""
_SETTLED_S = 1.0
_LATE_S = 1.0
"""An acknowledgement may come so long after the command's expiry."""
_MS_PER_S = 1000.0
_FOLLOW = {"set_point_tracking", "bypass"}
"""What chooses the P that was ordered."""


@dataclass(slots=True)
class _Life:
    command: Command
    number: int
    source: str
    expires_s: float
    issued_s: float
    written: bool = False
    confirmed: bool = False
    ended: bool = False
    near_since_s: float = inf


@dataclass(slots=True)
class _Line:
    """What is known of the way to one unit."""

    device: FieldDevice
    read_back: tuple[int, ...]
    """Its groups that are read back."""
    written_s: dict[int, float] = field(default_factory=dict)
    """By group, the expiry of the newest command the device is known to have."""
    confirmed_s: dict[int, float] = field(default_factory=dict)
    reason: str = ""
    life: _Life | None = None
    number: int = 0


class Commands:
    """Follows the commands that are recorded: those that change by a hundredth of the
    unit's rating, and one a minute.
    """

    def __init__(self, units: Iterable[FieldDevice]) -> None:
        self._lines = {unit.name: _line(unit) for unit in units}

    def rows(self, view: PlantView, wall_s: float) -> Rows:
        """What happened since the last cycle, and the new commands.

        `wall_s`: Unix time of the cycle's `time_s`.
        """
        rows: Rows = []
        now_s, expires_s = view.obs.time_s, view.decision.expires_s
        zero_s = wall_s - now_s
        lines = self._lines.values()
        for line in lines:
            if line.device.outcomes:
                _take(line, rows, zero_s, before_s=expires_s)
        rows += self._issued(view, wall_s)
        for line in lines:
            if line.device.outcomes:
                _take(line, rows, zero_s, before_s=inf)
            life = line.life
            if life is not None and not life.ended:
                unit = view.obs.units[life.command.device]
                _judge(line, life, rows, unit=unit, now_s=now_s, wall_s=wall_s)
        return rows

    def _issued(self, view: PlantView, wall_s: float) -> Rows:
        decision, units = view.decision, view.obs.units
        now_s, rows = view.obs.time_s, []
        source: str | None = None
        for command in decision.commands:
            line = self._lines.get(command.device)
            if line is None or not self._is_news(line, command, units, now_s):
                continue
            if source is None:
                source = source_of(view.obs, decision)
            if (before := line.life) is not None and not before.ended:
                rows.append(_row(before, "superseded", wall_s))
            # Its time of issue: so numbers are not given twice by two runs.
            line.number = max(line.number + 1, int(wall_s * _MS_PER_S))
            line.life = _Life(command, line.number, source, decision.expires_s, now_s)
            line.reason = ""
            rows.append(_row(line.life, "issued", wall_s))
        return rows

    def _is_news(
        self, line: _Line, command: Command, units: Mapping[str, Unit], now_s: float
    ) -> bool:
        life = line.life
        if life is None or now_s - life.issued_s >= _REPEAT_S:
            return True
        step, last = _STEP_PU * units[command.device].rating.s_max_va, life.command
        return (
            abs(command.p_set_w - last.p_set_w) > step
            or abs(command.q_set_var - last.q_set_var) > step
        )


def source_of(obs: SystemObs, decision: Decision) -> str:
    """Who wanted this P: the function that chose it; the source of the order, if it is
    one that follows orders; "": nobody did.
    """
    for step in decision.trace:
        if step.envelope.p_wish_w is not None:
            name = step.function
            followed = obs.asked_by.get("p_set_w") if name in _FOLLOW else None
            return followed or name
    return ""


def _line(device: FieldDevice) -> _Line:
    read_back = tuple(i for i, w in enumerate(device.writes) if w.block.read_back)
    return _Line(device, read_back)


def _take(line: _Line, rows: Rows, zero_s: float, *, before_s: float) -> None:
    """What the event loop has told of commands that expire before then."""
    outcomes, life = line.device.outcomes, line.life
    while outcomes and outcomes[0].expires_s < before_s:
        outcome = outcomes.popleft()
        _note(line, outcome)
        if life is None or life.ended or outcome.expires_s < life.expires_s:
            continue
        ts = zero_s + outcome.at_s
        if not life.written and _all_written(line, life.expires_s):
            life.written = True
            rows.append(_row(life, "written", ts))
        if life.written and not life.confirmed and _confirmed(line, life.expires_s):
            life.confirmed = True
            rows.append(_row(life, "confirmed", ts))
        if outcome.fate == "refused" and not life.written:
            life.ended = True
            rows.append(_row(life, "refused", ts, outcome.reason))


def _judge(
    line: _Line, life: _Life, rows: Rows, *, unit: Unit, now_s: float, wall_s: float
) -> None:
    """Whether a life has come to its end by itself."""
    if not life.written:
        if now_s > life.expires_s + _LATE_S:
            life.ended = True
            reason = line.reason or line.device.held or "it was not sent"
            rows.append(_row(life, "expired", wall_s, reason))
    elif (where := _achieved(life, unit, now_s)) is not None:
        life.ended = True
        rows.append(_row(life, "achieved", wall_s, where))


def _note(line: _Line, outcome: Outcome) -> None:
    fate, group, expires_s, _, reason = outcome
    if fate == "written":
        line.written_s[group] = expires_s
    elif fate == "confirmed":
        line.confirmed_s[group] = expires_s
    else:
        line.reason = reason


def _all_written(line: _Line, expires_s: float) -> bool:
    return all(
        line.written_s.get(group, -inf) >= expires_s
        for group, write in enumerate(line.device.writes)
        if not write.absent
    )


def _confirmed(line: _Line, expires_s: float) -> bool:
    return bool(line.read_back) and all(
        line.confirmed_s.get(group, -inf) >= expires_s for group in line.read_back
    )


def _achieved(life: _Life, unit: Unit, now_s: float) -> str | None:
    """Whether P and Q have been near the set-points for long enough: with "", or with
    what is to be said of it; None: not yet.
    """
    p_w, q_var, command = unit.p_w, unit.q_var, life.command
    near = False
    target_w = command.p_set_w
    if p_w is not None and q_var is not None:
        tolerance = _TOLERANCE_PU * unit.rating.s_max_va
        if unit.p_available_w is not None:
            target_w = min(target_w, unit.p_available_w)
        near = (
            abs(p_w - target_w) <= tolerance
            and abs(q_var - command.q_set_var) <= tolerance
        )
    if not near:
        life.near_since_s = inf
        return None
    life.near_since_s = min(life.near_since_s, now_s)
    if now_s - life.near_since_s < _SETTLED_S:
        return None
    return "" if target_w == command.p_set_w else "all there is"


def _row(life: _Life, state: str, ts: float, reason: str = "") -> Row:
    command = life.command
    return {
        "ts": ts,
        "device": command.device,
        "number": life.number,
        "p_set_w": command.p_set_w,
        "q_set_var": command.q_set_var,
        "state": state,
        "source": life.source,
        "reason": reason,
    }
