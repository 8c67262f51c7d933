"""A YAML file, read strictly, with the line of every entry."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from ppc.configuration.findings import Fault, Finding, Place

_MERGE = "tag:yaml.org,2002:merge"
_TEXT = "tag:yaml.org,2002:str"
_EXPONENT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+")
"""A number to people. YAML 1.1 wants a dot and a signed exponent, or it is text."""


class Document:
    """The data of one file, and what is wrong with its YAML.

    A name that stands twice, of which YAML silently takes the last, is a finding; so is
    a number that YAML takes for text. `data` is None where the file is no YAML at all;
    `readable` says whether it is.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.data: Any = None
        self.readable = False
        self.findings: list[Finding] = []
        self._lines: dict[Place, int] = {}
        try:
            self._read(file.read_text(encoding="utf-8"))
        except OSError as error:
            self.report([((), f"cannot be read: {error.strerror}")])
        except UnicodeDecodeError:
            self.report([((), "is not UTF-8 text")])
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._lines[()] = mark.line + 1 if mark else 1
            said = " ".join(filter(None, (error.context, error.problem)))
            self.report([((), f"is not YAML: {said}")])
        except (yaml.YAMLError, ValueError) as error:
            self.report([((), f"is not YAML: {error}")])
        else:
            self.readable = True

    def report(self, faults: Iterable[Fault]) -> None:
        """Take up findings; the line of each is that of the nearest entry there is."""
        for place, reason in faults:
            known = (self._lines.get(place[:n]) for n in range(len(place), -1, -1))
            line = next((line for line in known if line), None)
            path = ".".join(place)
            self.findings.append(Finding(str(self.file), path, reason, line))

    def _read(self, text: str) -> None:
        loader = yaml.SafeLoader(text)
        try:
            if root := loader.get_single_node():
                for place, node in _entries((), root, ()):
                    self._look_at(place, node)
                self.data = loader.construct_document(root)
        finally:
            loader.dispose()

    def _look_at(self, place: Place, node: yaml.Node) -> None:
        line = node.start_mark.line + 1
        if place in self._lines:
            self.report([(place, f"stands twice, again in line {line}")])
        self._lines.setdefault(place, line)
        if not isinstance(node, yaml.ScalarNode) or node.tag != _TEXT or node.style:
            return  # no text, or text on purpose: in quotes
        number = number_of(node.value)
        if number is not None:
            right = _number(number)
            self.report([(place, f"{node.value} is text to YAML: write {right}")])


def _entries(
    place: Place, node: yaml.Node, above: tuple[yaml.Node, ...]
) -> Iterator[tuple[Place, yaml.Node]]:
    """Every entry below `node`, with the node of its value."""
    if node in above:
        raise yaml.MarkedYAMLError(
            problem="contains itself", problem_mark=node.start_mark
        )
    if place:
        yield place, node
    if isinstance(node, yaml.MappingNode):
        pairs = [(k.value, v) for k, v in node.value if k.tag != _MERGE]
    elif isinstance(node, yaml.SequenceNode):
        pairs = list(enumerate(node.value))
    else:
        return
    for name, child in pairs:
        yield from _entries((*place, str(name)), child, (*above, node))


def number_of(text: str) -> float | None:
    """The number that people read where YAML 1.1 reads text, as in 1e6."""
    return float(text) if _EXPONENT.fullmatch(text) else None


def _number(number: float) -> str:
    """`number` as YAML 1.1 wants it: 3.0e+6."""
    mantissa, exponent = f"{number:e}".split("e")
    return f"{float(mantissa)}e{int(exponent):+d}"
