"""Go templates, as far as evcc uses them: every branch is shown, none is decided."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_DIRECTIVE = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)


@dataclass(eq=False)
class Output:
    """`{{ .option }}`: shown as `<.option>`."""

    text: str


@dataclass(eq=False)
class Chain:
    """if, else if ..., else; an empty branch at the end where there is no else."""

    branches: list[list["Node"]] = field(default_factory=lambda: [[]])
    has_else: bool = False


Node = str | Output | Chain


def shown(text: str) -> Iterator[str]:
    """The text some times, so that each branch is there at least once.

    What is not there leaves its line breaks: lines keep their numbers.
    """
    nodes = _parsed(text)
    yield _text(nodes, {})
    for path in _paths(nodes):
        yield _text(nodes, path)


def _parsed(text: str) -> list[Node]:
    top: list[Node] = []
    within: list[tuple[Chain, list[Node]]] = []
    now = top
    for i, part in enumerate(_DIRECTIVE.split(text)):
        if i % 2 == 0:
            now.append(part)
            continue
        word = part.split(maxsplit=1)[0]
        if word == "if":
            chain = Chain()
            now.append(chain)
            within.append((chain, now))
            now = chain.branches[0]
        elif word == "else":
            chain, _ = within[-1]
            chain.has_else = part == "else"
            chain.branches.append([])
            now = chain.branches[-1]
        elif word == "end":
            chain, now = within.pop()
            if not chain.has_else:
                chain.branches.append([])
        elif word != "include" and ":=" not in part:
            now.append(Output(part))
        now.append("\n" * part.count("\n"))
    assert not within, "an if without an end"
    return top


def _paths(nodes: list[Node]) -> Iterator[dict[Chain, int]]:
    """For each branch that is not a first one: which branches lead there."""
    for node in nodes:
        if isinstance(node, Chain):
            for i, branch in enumerate(node.branches):
                if i:
                    yield {node: i}
                for path in _paths(branch):
                    yield {node: i} | path


def _text(nodes: list[Node], path: dict[Chain, int]) -> str:
    out = []
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif isinstance(node, Output):
            out.append(f"<{node.text}>")
        else:
            taken = path.get(node, 0)
            for i, branch in enumerate(node.branches):
                text = _text(branch, path)
                out.append(text if i == taken else "\n" * text.count("\n"))
    return "".join(out)
