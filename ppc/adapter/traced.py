"""Lists that remember where in the file their entries stand."""

from collections.abc import Sequence
from typing import Any


class Traced(list[Any]):
    """A list that knows which entry of the file each of its entries comes from."""

    def __init__(self, entries: Sequence[tuple[int, Any]]) -> None:
        super().__init__(entry for _, entry in entries)
        self.origins = [origin for origin, _ in entries]


def same(before: list[Any], after: list[Any]) -> Traced:
    """`after`, whose entries come from where those of `before` do."""
    return Traced(list(zip(_origins(before), after, strict=True)))


def longer(entries: list[Any], more: Sequence[tuple[int, Any]]) -> Traced:
    """`entries`, then `more`: each told with the place in `entries` it is due to."""
    origins = _origins(entries)
    old = list(zip(origins, entries, strict=True))
    new = [(origins[at] if at < len(origins) else 0, entry) for at, entry in more]
    return Traced(old + new)


def _origins(entries: list[Any]) -> Sequence[int]:
    return entries.origins if isinstance(entries, Traced) else range(len(entries))
