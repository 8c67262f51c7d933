"""Whether an entry of a profile is for this variant of the device."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
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


def asked(data: Any) -> set[str]:  # noqa: ANN401
    """The options that any `when` of a profile, as people have written it, names."""
    if isinstance(data, list):
        return set().union(*map(asked, data))
    if not isinstance(data, dict):
        return set()
    when = data.get("when")
    own = {str(name) for name in when} if isinstance(when, dict) else set()
    return own.union(*map(asked, data.values()))


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


def variants(data: Any, most: int = 64) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Options under which every `when` in `data` agrees once: for checks of a file.

    The first are none, those the file itself gives; no more than `most` in all.
    """
    yield {}
    asked: dict[str, list[Any]] = {}
    for when in _whens(data):
        for name, wanted in when.items():
            for each in wanted if isinstance(wanted, list | tuple) else (wanted,):
                value = _agreeing(each)
                if value not in asked.setdefault(str(name), []):
                    asked[str(name)].append(value)
    if asked:
        choices = product(*asked.values())
        for choice in islice(choices, most - 1):
            yield dict(zip(asked, choice, strict=True))


def _whens(data: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    if isinstance(data, dict):
        if isinstance(data.get("when"), dict):
            yield data["when"]
        for value in data.values():
            yield from _whens(value)
    elif isinstance(data, list):
        for value in data:
            yield from _whens(value)


def _agreeing(wanted: Any) -> Any:  # noqa: ANN401
    """A value that agrees with `wanted`."""
    text = str(wanted)
    if text.startswith((">=", "<=")):
        return text[2:].strip()
    if text.startswith(">"):
        return text[1:].strip() + ".1"
    return "0" if text.startswith("<") else wanted
