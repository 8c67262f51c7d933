"""How a control function changes its mode: a table, scanned once per cycle."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from transitions import Machine

ModeT = TypeVar("ModeT", bound=StrEnum)
InputsT = TypeVar("InputsT")

Guard = Callable[[InputsT], bool]
Transition = tuple[ModeT, ModeT, Guard[InputsT]]
"""From, to, and when. The first line of the guard's docstring says when in words."""
_Fire = Callable[["ModeMachine[ModeT, InputsT]", InputsT], bool]

_EVENT = "evaluate"


def whatever_before(
    when: Mapping[ModeT, Guard[InputsT]],
) -> Sequence[Transition[ModeT, InputsT]]:
    """Table of modes that follow from the inputs alone, whatever the mode was.

    Args:
        when: Of every mode, when it holds: of all guards exactly one at any time.
    """
    modes = type(next(iter(when)))
    return tuple(
        (source, dest, guard)
        for source in modes
        for dest, guard in when.items()
        if source is not dest
    )


class ModeMachine(Generic[ModeT, InputsT]):
    """A mode, moved by `scan`. From a mode, the first line whose guard holds wins."""

    def __init__(
        self, initial: ModeT, table: Sequence[Transition[ModeT, InputsT]]
    ) -> None:
        self.state = initial
        self._guards: dict[ModeT, list[Guard[InputsT]]] = {m: [] for m in type(initial)}
        self._entered_s: float | None = None
        machine = Machine(
            model=None, states=type(initial), initial=initial, auto_transitions=False
        )
        for source, dest, guard in table:
            self._guards[source].append(guard)
            machine.add_transition(_EVENT, source, dest, conditions=guard)
        self._fire: _Fire[ModeT, InputsT] = machine.events[_EVENT].trigger

    def scan(self, inputs: InputsT, time_s: float) -> ModeT:
        """Take at most one transition; return the mode.

        Most cycles change nothing, and firing the trigger costs some ten times what
        asking the guards does: so they are asked first.
        """
        if self._entered_s is None:
            self._entered_s = time_s
        for guard in self._guards[self.state]:
            if guard(inputs):
                self._fire(self, inputs)
                self._entered_s = time_s
                break
        return self.state

    def in_mode_s(self, time_s: float) -> float:
        """How long the present mode has lasted at `time_s`."""
        return 0.0 if self._entered_s is None else time_s - self._entered_s
