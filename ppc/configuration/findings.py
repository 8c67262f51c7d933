"""What is wrong with a configuration: all of it at once, each with its place."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

Place = tuple[str, ...]
"""Where an entry stands in its file: the names and numbers that lead to it."""

Fault = tuple[Place, str]
"""Where in some data, and why."""


class Finding(NamedTuple):
    """One thing that is wrong: in which file, at which entry, and why."""

    file: str
    path: str
    """Dotted place within the file, list items counted from 0; "" for all of it."""
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (where, self.path, self.reason) if part)


class ConfigurationError(Exception):
    """The configuration cannot be used; `findings` says all that is wrong with it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def instead(name: object, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the one meant, or all there are."""
    names = list(known)
    if near := get_close_matches(str(name), names, n=1):
        return f"; did you mean {near[0]}?"
    return f"; there is {', '.join(names) or 'none'}"
