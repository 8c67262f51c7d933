"""The registers by which a source commands, and those that say what came of it."""

import struct
from collections.abc import Callable, Sequence
from math import isfinite

from ppc.adapter.northbound.command_desk import CommandDesk
from ppc.adapter.northbound.command_words import (
    KEYS,
    Command,
    Reason,
    Result,
    Run,
    standing,
)
from ppc.adapter.northbound.published import Published
from ppc.adapter.plant_view import PlantView
from ppc.adapter.register_type import RegisterType
from ppc.communication.errors import ExceptionCode, Refused
from ppc.keys import Key, QMode

COUNT = 40
_SELECT, _ARGUMENT, _OPERATE, _ONE_SHOT = range(4)
_TRIPLETS = 20
_NOT_AVAILABLE = 0xFFFF


def _listed(words: Sequence[Command | Result | Reason | Run]) -> str:
    return ", ".join(f"{w.value} {w.name.lower().replace('_', ' ')}" for w in words)


_LEVELS = "levels, 1, 2, 4 ... or a sum"
_Q_MODES = ", ".join(f"{m.value} {m.name.lower().replace('_', ' ')}" for m in QMode)
_ITEMS = (
    (0, "select_code", "rw", "arms a command: " + _listed(list(Command)) + "; 0 none"),
    (1, "argument_code", "rw", ("of 5 the mode, of 6 the levels; written before or with"
     " select_code")),
    (2, "operate_code", "rw", ("the command that is armed, once more: does it; 3 needs"
     " no arming; reads 0")),
    (3, "one_shot_code", "rw", "0xA500 + a command: does it without arming; reads 0"),
    (4, "result_code", "r", "of the last: " + _listed(list(Result))),
    (5, "reason_code", "r", "why not: " + _listed(list(Reason))),
    (6, "armed_left_s", "r", "how long it stays armed"),
    (7, "commands_count", "r", "commands operated since start, wraps"),
    (8, "last_code", "r", "the last command operated"),
    (9, "permitted_code", "r", ("commands this source may give: 1 start, 2 stop, 4"
     " emergency stop ... 2 to the power of the command less 1")),
    (20, "run_requested_code", "r", "start or stop ordered by this source: 1, 0"),
    (21, "run_active_code", "r", _listed(list(Run))),
    (22, "run_permitted_code", "r", "1 start and 2 stop, or their sum"),
    (23, "q_mode_requested_code", "r", _Q_MODES),
    (24, "q_mode_active_code", "r", ("whose law chose Q in the last cycle: as above;"
     " 0 none of them")),
    (25, "q_mode_permitted_code", "r", "2 to the power of each mode the plant has"),
    (26, "run_back_requested_code", "r", _LEVELS),
    (27, "run_back_active_code", "r", _LEVELS),
    (28, "run_back_permitted_code", "r", "levels this source may order"),
    (29, "emergency_requested_code", "r", "1: this source orders an emergency stop"),
    (30, "emergency_active_code", "r", "1: an emergency stop holds until it is reset"),
    (31, "reset_permitted_code", "r", "1: this source may reset"),
)  # fmt: skip
_SCALES = {"armed_left_s": 0.1}
_AT = {name: at for at, name, _, _ in _ITEMS}


def command_registers(address: int) -> list[Published]:
    """What stands in the block of commands."""
    return [
        Published(
            *(f"command.{name}", address + at, RegisterType.U16, 1),
            *(name.rpartition("_")[2], meaning, _SCALES.get(name, 1.0), access),
            block="commands",
        )
        for at, name, access, meaning in _ITEMS
    ]


class CommandSegment:
    """Commands of one source, and of each mode what it requested, is active, may be.

    A command that is refused is answered with exception 3, or 2 where the source has
    not the right; `reason_code` says why.
    """

    def __init__(
        self,
        address: int,
        desk: CommandDesk,
        received: Callable[[float], dict[Key, float]],
        *,
        follow: Callable[[], None] = lambda: None,
    ) -> None:
        """`received`: the source's orders in force at a time; `follow` is called when
        there is something under way that must be looked at from time to time.
        """
        self.address, self.count = address, COUNT
        self._desk, self._received, self._follow = desk, received, follow
        self._argument = 0

    def render(self, view: PlantView | None, now_s: float) -> bytes:
        """Everything as it stands after a look at the newest cycle."""
        self._desk.look(now_s)
        registers = [0] * COUNT
        for name, value in (*self._own(now_s), *self._stands(view, now_s)):
            known = value is not None and isfinite(value)
            registers[_AT[name]] = int(value or 0) % 65536 if known else _NOT_AVAILABLE
        return struct.pack(f">{COUNT}H", *registers)

    def write(self, address: int, payload: bytes, now_s: float) -> None:
        """Arm, operate, or both in one; never select and operate in one request."""
        first = address - self.address
        values = struct.unpack(f">{len(payload) // 2}H", payload)
        told = dict(enumerate(values, first))
        if max(told) > _ONE_SHOT:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        doing = told.keys() & {_SELECT, _OPERATE, _ONE_SHOT}
        if len(doing) > 1:
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
        self._argument = told.get(_ARGUMENT, self._argument)
        reason = Reason.NONE
        if _SELECT in told:
            reason = self._desk.select(told[_SELECT], self._argument, now_s)
        elif _OPERATE in told:
            reason = self._desk.operate(told[_OPERATE], self._argument, now_s)
        elif _ONE_SHOT in told:
            reason = self._desk.one_shot(told[_ONE_SHOT], self._argument, now_s)
        self._follow()
        if reason is Reason.NOT_ALLOWED:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        if reason:
            raise Refused(ExceptionCode.ILLEGAL_VALUE)

    def _own(self, now_s: float) -> list[tuple[str, float | None]]:
        desk = self._desk
        armed, argument, left_s = desk.armed(now_s)
        permitted = desk.permitted
        return [
            ("select_code", armed),
            ("argument_code", argument if armed else self._argument),
            ("result_code", desk.result),
            ("reason_code", desk.reason),
            ("armed_left_s", left_s / _SCALES["armed_left_s"]),
            ("commands_count", desk.count),
            ("last_code", desk.last),
            ("permitted_code", sum(1 << (c - 1) for c in permitted)),
            (
                "run_permitted_code",
                sum(c for c in (Command.START, Command.STOP) if c in permitted),
            ),
            (
                "q_mode_permitted_code",
                1 + sum(1 << m for m in desk.q_modes)
                if Command.Q_MODE in permitted
                else 0,
            ),
            ("run_back_permitted_code", 255 if Command.RUN_BACK in permitted else 0),
            ("reset_permitted_code", Command.RESET in permitted),
        ]

    def _stands(
        self, view: PlantView | None, now_s: float
    ) -> list[tuple[str, float | None]]:
        ordered = self._received(now_s)
        now = standing(view) if view else None
        return [
            ("run_requested_code", ordered.get(KEYS[Command.START], 1.0)),
            ("run_active_code", now and now.run),
            ("q_mode_requested_code", ordered.get(Key.Q_MODE_CODE, 0.0)),
            ("q_mode_active_code", now and now.q_mode),
            ("run_back_requested_code", ordered.get(Key.RUN_BACK_CODE, 0.0)),
            ("run_back_active_code", now and now.run_back_code),
            ("emergency_requested_code", ordered.get(Key.EMERGENCY_STOP_CODE, 0.0)),
            ("emergency_active_code", now and now.run is Run.EMERGENCY),
        ]
