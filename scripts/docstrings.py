"""The text below each field of a class, and tables of Markdown."""

import ast
import inspect
from collections.abc import Iterable


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def explained(kind: type) -> dict[str, str]:
    """The text below each field of a class, or member of an enumeration, by its name.

    "" where there is none.
    """
    (body,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for node, after in zip(body.body, [*body.body[1:], None], strict=True):
        name = _name(node)
        if name is None:
            continue
        is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        text = str(after.value.value) if is_text else ""  # type: ignore[union-attr]
        found[name] = " ".join(text.split())
    return found


def _name(node: ast.stmt) -> str | None:
    """The name a statement of a class body gives a value to."""
    target = None
    if isinstance(node, ast.AnnAssign):
        target = node.target
    elif isinstance(node, ast.Assign):
        target = node.targets[0]
    return target.id if isinstance(target, ast.Name) else None
