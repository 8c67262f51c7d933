"""Go templates, as far as evcc uses them: every branch is shown, none is decided."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_EQUALS = re.compile(r"\(?eq \.(\w+) \"([^\"]*)\"\)?")
_DIRECTIVE = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)


@dataclass(eq=False)
class Output:
    """`{{ .option }}`: shown as `<.option>`."""

    text: str


@dataclass(eq=False)
class Chain:
    """if, else if ..., else; an empty branch at the end where there is no else."""

    conditions: list[str]
    branches: list[list["Node"]] = field(default_factory=lambda: [[]])

    def taken(self, options: dict[str, str]) -> int:
        """The first branch that nothing speaks against."""
        for i, condition in enumerate(self.conditions):
            known = _EQUALS.fullmatch(condition)
            if known is None or options.get(known[1], known[2]) == known[2]:
                return i
        return len(self.branches) - 1


Node = str | Output | Chain


def shown(text: str) -> Iterator[str]:
    """The text some times, so that each branch is there at least once.

    What is not there leaves its line breaks: lines keep their numbers.
    """
    nodes = _parsed(text)
    for path in _paths(nodes):
        told = [_EQUALS.fullmatch(c.conditions[i]) for c, i in path.items()]
        yield _text(nodes, path, {each[1]: each[2] for each in told if each})


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
            chain = Chain([part[3:]])
            now.append(chain)
            within.append((chain, now))
            now = chain.branches[0]
        elif word == "else":
            chain, _ = within[-1]
            chain.conditions.append(part.removeprefix("else").strip()[3:])
            chain.branches.append([])
            now = chain.branches[-1]
        elif word == "end":
            chain, now = within.pop()
            if chain.conditions[-1]:
                chain.conditions.append("")
                chain.branches.append([])
        elif word != "include" and ":=" not in part:
            now.append(Output(part))
        now.append("\n" * part.count("\n"))
    assert not within, "an if without an end"
    return top


def _paths(nodes: list[Node]) -> Iterator[dict[Chain, int]]:
    """For each branch: which branches lead there."""
    yield {}
    for node in nodes:
        if isinstance(node, Chain):
            for i, branch in enumerate(node.branches):
                for path in _paths(branch):
                    yield {node: i} | path


def _text(nodes: list[Node], path: dict[Chain, int], options: dict[str, str]) -> str:
    out = []
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif isinstance(node, Output):
            out.append(f"<{node.text}>")
        else:
            taken = path.get(node, node.taken(options))
            for i, branch in enumerate(node.branches):
                text = _text(branch, path, options)
                out.append(text if i == taken else "\n" * text.count("\n"))
    return "".join(out)
