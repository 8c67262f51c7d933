"""The life of one command: what is ordered for it, and when it is done."""

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

from ppc.adapter.northbound.command_words import Command, Run, Standing
from ppc.adapter.plant_view import PlantView
from ppc.keys import Key

Values = Mapping[Key, float]


class Life(NamedTuple):
    """A command under way."""

    command: Command
    argument: int
    number: int
    taken_s: float
    """When `ordered` was ordered."""
    left: deque[Values]
    """What is still to be ordered, each when control has seen the one before."""
    ordered: Values


def steps(command: Command, argument: int, run: Run) -> list[Values]:
    """What is ordered, one after the other: what counts as an edge needs a 0 before."""
    match command:
        case Command.START:
            start = {Key.ENABLE_CODE: 1.0}
            stands = run in {Run.STOPPED, Run.EMERGENCY}
            return [{Key.ENABLE_CODE: 0.0}, start] if stands else [start]
        case Command.STOP:
            return [{Key.ENABLE_CODE: 0.0}]
        case Command.EMERGENCY_STOP:
            return [{Key.EMERGENCY_STOP_CODE: 1.0}]
        case Command.RESET:
            before = {Key.EMERGENCY_STOP_CODE: 0.0, Key.RESET_CODE: 0.0}
            return [before, {Key.RESET_CODE: 1.0}]
        case Command.Q_MODE:
            return [{Key.Q_MODE_CODE: float(argument)}]
        case Command.RUN_BACK:
            return [{Key.RUN_BACK_CODE: float(argument)}]


def achieved(life: Life, now: Standing) -> bool:
    """Whether the plant is where the command wants it."""
    match life.command:
        case Command.START:
            return now.run is Run.RUNNING
        case Command.STOP:
            return now.run is Run.STOPPED
        case Command.EMERGENCY_STOP:
            return now.run is Run.EMERGENCY
        case Command.RESET:
            return now.run is not Run.EMERGENCY
        case Command.Q_MODE:
            return life.argument in (0, now.q_mode)
        case Command.RUN_BACK:
            return _holds(now.run_back_code, life.argument)


def overruled(view: PlantView, life: Life, source: str) -> bool:
    """Whether what control saw instead is another source's order."""
    by = (view.obs.asked_by.get(key.value) for key in life.ordered)
    return any(who not in (None, source) for who in by)


def seen(view: PlantView, life: Life) -> bool:
    """Whether control has taken up what was ordered last."""
    orders = view.obs.orders
    return all(
        _holds(getattr(orders, key), int(value))
        if key is Key.RUN_BACK_CODE
        else getattr(orders, key) == value
        for key, value in life.ordered.items()
    )


def _holds(code: float | None, levels: int) -> bool:
    """Whether these levels of a run-back are among `code`; 0: it has none."""
    if code is None:
        return False
    return int(code) & levels == levels if levels else code == 0
