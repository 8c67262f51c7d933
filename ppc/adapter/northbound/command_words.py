"""Numbers that commands are given and answered by, and where the plant stands."""

from collections.abc import Collection
from enum import IntEnum
from typing import NamedTuple

from ppc.adapter.plant_view import PlantView
from ppc.keys import Key, QMode


class Command(IntEnum):
    """What a source can have done, by arming and operating."""

    START = 1
    STOP = 2
    EMERGENCY_STOP = 3
    RESET = 4
    Q_MODE = 5
    RUN_BACK = 6


class Result(IntEnum):
    """How far the last command has come."""

    IDLE = 0
    ARMED = 1
    ACCEPTED = 2
    EXECUTED = 3
    """Control has taken it up."""
    ACHIEVED = 4
    REFUSED = 5
    EXPIRED = 6
    SUPERSEDED = 7


class Reason(IntEnum):
    """Why the last command was refused, or came to nothing."""

    NONE = 0
    NOT_ARMED = 1
    ARMED_TOO_LONG_AGO = 2
    ANOTHER_ARMED = 3
    UNKNOWN_COMMAND = 4
    ARGUMENT_OUT_OF_RANGE = 5
    NOT_ALLOWED = 6
    ANOTHER_IN_CHARGE = 7
    NO_FUNCTION = 8
    NOT_TAKEN_UP = 9
    NOT_ACHIEVED = 10
    OVERRULED = 11


class Run(IntEnum):
    """What the plant does."""

    STOPPED = 0
    STARTING = 1
    RUNNING = 2
    STOPPING = 3
    EMERGENCY = 4


KEYS: dict[Command, Key] = {
    Command.START: Key.ENABLE_CODE,
    Command.STOP: Key.ENABLE_CODE,
    Command.EMERGENCY_STOP: Key.EMERGENCY_STOP_CODE,
    Command.RESET: Key.RESET_CODE,
    Command.Q_MODE: Key.Q_MODE_CODE,
    Command.RUN_BACK: Key.RUN_BACK_CODE,
}
"""The key a source must be allowed to write for it."""
ONE_IN_CHARGE = (Command.RESET, Command.Q_MODE)
"""Those that count from the plant only, or from remote sources only."""
_RELIED_ON = (Command.EMERGENCY_STOP, Command.RUN_BACK)
_STOPS = frozenset({"plant_sequence", "enter_service", "power_limit"})
_SEQUENCE = frozenset({"plant_sequence"})
_DOES: dict[Command, frozenset[str]] = {
    Command.START: _STOPS,
    Command.STOP: _STOPS,
    Command.EMERGENCY_STOP: _SEQUENCE,
    Command.RESET: _SEQUENCE,
    Command.RUN_BACK: frozenset({"run_back"}),
}
"""Control functions of which one must be listed in plant.yaml."""
LAWS: dict[QMode, str] = {
    QMode.SET_POINT: "set_point_tracking",
    QMode.VOLT_VAR: "volt_var",
    QMode.VOLTAGE: "voltage_support",
    QMode.POWER_FACTOR: "power_factor",
    QMode.WATT_VAR: "watt_var",
    QMode.LIMITED_BY_VOLTAGE: "q_voltage_limit",
}
_MODES = {law: mode for mode, law in LAWS.items()}
_BLOCKS = {("power_limit", "blocked"), ("enter_service", "off")}
"""Modes that outlive the order that brought them."""
_STANDS = 1.0
"""W and var that are aimed at when the plant stands: nearer to 0 than this."""
_RUNS = {run.name.lower(): run for run in Run}


def possible(command: Command, functions: Collection[str]) -> bool:
    """Whether a control function of the plant does it."""
    if command is Command.Q_MODE:
        return bool(q_modes(functions))
    return not _DOES[command].isdisjoint(functions)


def q_modes(functions: Collection[str]) -> list[QMode]:
    """The laws of reactive power the plant has."""
    return [mode for mode, law in LAWS.items() if law in functions]


def idle(key: Key, value: float, functions: Collection[str]) -> bool:
    """Whether no control function would do what is ordered, and who relies on it must
    hear so: to stop, to run back, and modes of reactive power. 0 is always done.
    """
    if not value:
        return False
    if key is Key.Q_MODE_CODE:
        return value not in q_modes(functions)
    return any(KEYS[c] is key and not possible(c, functions) for c in _RELIED_ON)


class Standing(NamedTuple):
    """What is in force, as one control cycle saw it."""

    run: Run
    q_mode: QMode
    """Whose law chose the reactive power; 0: none of them did."""
    run_back_code: float | None
    """0: no level is in force; None: which one is not known any more."""


def standing(view: PlantView) -> Standing:
    """Where the plant stands."""
    modes, orders = view.decision.modes, view.obs.orders
    blocked = orders.enable_code == 0 or bool(_BLOCKS & modes.items())
    free = _blocked(view) if blocked else Run.RUNNING
    run = _RUNS.get(modes.get("plant_sequence", ""), free)
    chose = next(
        (s.function for s in view.decision.trace if s.envelope.q_wish_var is not None),
        "",
    )
    limited = modes.get("run_back") in {"limited", "hold"}
    level = orders.run_back_code if limited else 0.0
    return Standing(run, _MODES.get(chose, QMode.CONFIGURED), level)


def _blocked(view: PlantView) -> Run:
    """How far a plant without a sequence is led to 0."""
    aims = view.decision.p_w, view.decision.q_var
    return Run.STOPPED if max(map(abs, aims)) < _STANDS else Run.STOPPING
