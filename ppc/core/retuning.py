"""A control function with other settings that remembers what the one at work does."""

from collections import deque
from enum import Enum
from typing import Any, NamedTuple

from ppc.metier.function import ControlFunction

_OURS = "ppc."


class Retuning(NamedTuple):
    """Two functions as they are at a start: with the settings until now, and the new.

    To make them takes its time and may be done in any thread.
    """

    before: ControlFunction
    after: ControlFunction

    def take_over(self, at_work: ControlFunction) -> ControlFunction:
        """`after`, with the memory of the one at work, which is not to be used again.

        What the one at work has changed since its start is memory and is kept; what it
        has not changed follows from the settings, and is as the new ones make it. Part
        by part: counters, timers, filters, the mode. A list of parts goes over only
        when the new settings make as many of them as the old ones.
        """
        after: ControlFunction = _kept(self.after, at_work, self.before)
        return after


def _kept(new: Any, at_work: Any, old: Any) -> Any:  # noqa: ANN401
    """What the attribute is to be, of which these are three versions."""
    kind = type(new)
    if callable(new):  # guards and the like: bound to their own machine
        kept = new
    elif kind is not type(old) or kind is not type(at_work):
        kept = _whole(new, at_work, old)
    elif isinstance(new, deque):
        kept = deque(at_work, new.maxlen)
    elif isinstance(new, dict) and new.keys() == at_work.keys() == old.keys():
        kept = {key: _kept(new[key], at_work[key], old[key]) for key in new}
    elif kind in {list, tuple} and len(new) != len(old):
        kept = new
    elif kind in {list, tuple} and len(new) == len(at_work):
        kept = kind(map(_kept, new, at_work, old))
    elif _has_parts(new):
        kept = _part_by_part(new, at_work, old)
    else:
        kept = _whole(new, at_work, old)
    return kept


def _whole(new: Any, at_work: Any, old: Any) -> Any:  # noqa: ANN401
    unchanged = type(at_work) is type(old) and at_work == old
    return new if unchanged else at_work


def _has_parts(part: Any) -> bool:  # noqa: ANN401
    """Whether it is an object of ours that may change: no value, no figure."""
    kind = type(part)
    frozen = isinstance(part, tuple | Enum) or (
        hasattr(kind, "__dataclass_fields__") and kind.__dataclass_params__.frozen
    )
    return kind.__module__.startswith(_OURS) and not frozen


def _part_by_part(new: Any, at_work: Any, old: Any) -> Any:  # noqa: ANN401
    for name in _names(at_work):
        if not hasattr(new, name):
            setattr(new, name, getattr(at_work, name))
        else:
            parts = (getattr(each, name, None) for each in (new, at_work, old))
            setattr(new, name, _kept(*parts))
    return new


def _names(part: Any) -> list[str]:  # noqa: ANN401
    """Of all its attributes, slots and others."""
    slots = [
        name for kind in type(part).__mro__ for name in vars(kind).get("__slots__", ())
    ]
    return [
        *(name for name in slots if hasattr(part, name)),
        *getattr(part, "__dict__", ()),
    ]
