"""Whether an entry of a profile is for this variant of the device."""

from collections.abc import Mapping
from typing import Any


def agrees(when: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    """Whether all that `when` asks for holds; an option nobody told does not.

    A list: any of its values. Text beginning with >=, >, <=, <: compared number by
    number, as versions are ("1.20" is more than "1.9"). Anything else: the same text.
    """
    return all(
        name in options and _holds(wanted, options[name])
        for name, wanted in when.items()
    )


def _holds(wanted: Any, given: Any) -> bool:  # noqa: ANN401
    if isinstance(wanted, list | tuple):
        return any(_holds(each, given) for each in wanted)
    text = str(wanted)
    for sign, allowed in _SIGNS:
        if text.startswith(sign):
            return _order(given, text.removeprefix(sign)) in allowed
    return text == str(given)


_SIGNS = ((">=", (0, 1)), ("<=", (0, -1)), (">", (1,)), ("<", (-1,)))


def _order(left: Any, right: Any) -> int:  # noqa: ANN401
    a, b = _numbers(left), _numbers(right)
    size = max(len(a), len(b))
    a, b = a + (0,) * (size - len(a)), b + (0,) * (size - len(b))
    return (a > b) - (a < b)


def _numbers(version: Any) -> tuple[int, ...]:  # noqa: ANN401
    digits = "".join(c if c.isdigit() else " " for c in str(version))
    return tuple(int(part) for part in digits.split())
