"""Every module can be the first that is imported: no import leads back to it."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import ppc

ROOT = Path(ppc.__file__).parent.parent


def _modules() -> dict[str, Path]:
    paths = sorted((ROOT / "ppc").rglob("*.py"))
    names = (".".join(p.relative_to(ROOT).with_suffix("").parts) for p in paths)
    return {n.removesuffix(".__init__"): p for n, p in zip(names, paths, strict=True)}


def _imported(tree: ast.Module) -> Iterator[str]:
    """Names of what is imported while the module is being made."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _with_packages(name: str) -> Iterator[str]:
    """The module, and the packages that are imported before it."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _needs(modules: dict[str, Path]) -> dict[str, set[str]]:
    """What each module needs, but for the packages it stands in: those are under way
    whenever it is imported.
    """
    needs: dict[str, set[str]] = {}
    for name, path in modules.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = {part for each in _imported(tree) for part in _with_packages(each)}
        needs[name] = found & set(modules) - set(_with_packages(name))
    return needs


def _circle(needs: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []


def test_no_import_leads_back() -> None:
    assert _circle(_needs(_modules())) == []


def test_a_circle_through_a_package_is_seen(tmp_path: Path) -> None:
    texts = {"a.b": "from a.c.d import x", "a.c": "import a.c.e", "a.c.d": "x = 1"}
    texts |= {"a": "", "a.c.e": "from a.b import y"}
    modules = {name: tmp_path / name for name in texts}
    for name, text in texts.items():
        modules[name].write_text(text, encoding="utf-8")
    assert set(_circle(_needs(modules))) == {"a.b", "a.c", "a.c.e"}
