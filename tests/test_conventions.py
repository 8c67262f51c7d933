"""The house rules that a machine can check."""

import ast
import importlib
import pkgutil
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from pytest import mark

import ppc.datamodel
from ppc.keys import Key
from ppc.metier import FUNCTIONS

ROOT = Path(__file__).parent.parent
FILE_LINES, FUNCTION_LINES = 300, 40

UNITS = (
    *("_s", "_v", "_hz", "_w", "_var", "_va", "_wh", "_pu", "_code", "_count"),
    *("_w_per_s", "_var_per_s"),
)
UNIT_IS_ELSEWHERE = {"value", "low", "high"}
"""Said by the key, or by the name of what holds them."""
COUNTERS = {Key.HEARTBEAT_IN, Key.HEARTBEAT_OUT}
"""Their name is a term of the trade."""

CROSS_CUTTING = {
    "profiles/test_sunspec_profiles.py": "profiles of SunSpec, on whole devices",
    "adapter/sunspec/test_pysunspec2.py": "real devices, read by a second reader",
    "benchmarks/test_abuse.py": "attacks on a server, in little",
    "application/test_any_sources.py": "five sources, whatever they do",
    "application/test_handover.py": "the whole controller, changing hands",
    "benchmarks/test_grafana.py": "a month made up, and its pictures",
    "benchmarks/test_modbus.py": "a benchmark, for a second",
    "benchmarks/test_server.py": "a benchmark, for a moment",
    "communication/server/test_clients.py": "our servers, asked by clients of others",
    "communication/server/test_conformance.py": "a server at the edges, by raw sockets",
    "communication/server/test_server_fuzz.py": "any bytes at the server's door",
    "core/test_any_plant.py": "the whole brain, whatever it sees",
    "core/test_broken.py": "the whole brain, one function broken",
    "core/test_first_cycles.py": "the whole brain, just started",
    "core/test_together.py": "the whole brain, functions among each other",
    "metier/test_every_function.py": "what holds for all control functions",
    "metier/test_function_pages.py": "docs/functions",
    "database/test_any_clock.py": "the whole record, its clock stepping",
    "database/test_full_disk.py": "the whole record, its disk full",
    "database/test_kills.py": "the whole record, killed",
    "database/test_power_cuts.py": "the whole record, its power cut",
    "database/test_reconciliation.py": "the whole record, counted",
    "database/test_read_only.py": "the whole record, not allowed to write",
    "end_to_end/test_commissioning.py": "the page of commissioning, done",
    "end_to_end/test_faults.py": "the whole plant, cables pulled",
    "end_to_end/test_parameters.py": "the whole plant, its settings changed",
    "end_to_end/test_process.py": "the whole program as a process",
    "end_to_end/test_proxy.py": "the whole plant, read by another master",
    "end_to_end/test_scada_map.py": "the whole plant, by what docs/scada.md says",
    "end_to_end/test_scada.py": "the whole plant, seen by its operator",
    "end_to_end/test_sources.py": "the whole plant, ordered about by three",
    "end_to_end/test_soak.py": "the whole plant, faults of chance",
    "simulation/test_libmodbus.py": "the field, read by a second implementation",
    "end_to_end/test_voltage_step.py": "the whole plant, its grid stepping",
    "expressiveness/test_decoding.py": "foreign maps, read by our format",
    "expressiveness/test_expressiveness.py": "foreign maps, written in our format",
    "grafana/test_dashboards.py": "every statement, on files of the recorder",
    "grafana/test_deployment.py": "compose file, sources, alerts",
    "grafana/test_figures.py": "panels show what was recorded",
    "grafana/test_form.py": "form of the dashboards: units, places, colours",
    "grafana/test_server.py": "the same through a Grafana that is given",
    "profiles/test_golden.py": "the shipped register maps",
    "scenarios/test_scenarios.py": "YAML scenarios of the control functions",
}
"""Suites that belong to no single module, besides those directly in tests/."""


def sources() -> list[Path]:
    folders = ("ppc", "scripts", "tests", "benchmarks")
    return sorted(path for name in folders for path in (ROOT / name).rglob("*.py"))


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def records() -> Iterator[type]:
    """Dataclasses and named tuples of the datamodel, and the settings."""
    package = ppc.datamodel
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for thing in vars(importlib.import_module(info.name)).values():
            if isinstance(thing, type) and thing.__module__ == info.name:
                yield thing
    yield from (control.Settings for control in FUNCTIONS.values())


def annotations(record: type) -> dict[str, object]:
    if is_dataclass(record):
        return {field.name: field.type for field in fields(record)}
    return record.__annotations__ if issubclass(record, tuple) else {}


NUMBERS = [
    (record.__name__, name)
    for record in records()
    for name, kind in annotations(record).items()
    if kind in {float, float | None}
]


def test_the_numbers_are_found():
    assert {("Poi", "v_v"), ("Interval", "low"), ("Decision", "p_w")} <= set(NUMBERS)
    assert ("VoltageSupportSettings", "slope_pu") in NUMBERS


@mark.parametrize(("owner", "name"), NUMBERS, ids=".".join)
def test_every_number_names_its_unit(owner: str, name: str):  # noqa: ARG001
    assert name in UNIT_IS_ELSEWHERE or name.endswith(UNITS)


@mark.parametrize("key", sorted(set(Key) - COUNTERS))
def test_every_key_ends_with_its_unit(key: Key):
    assert key.endswith(f"_{key.unit.lower()}")


def test_every_control_function_is_kept_apart_from_the_others():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    apart = next(
        contract["modules"]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["type"] == "independence"
    )
    assert sorted(apart) == sorted(f"ppc.metier.{name}" for name in FUNCTIONS)


SUITES = sorted((ROOT / "tests").glob("*/**/test_*.py"))


@mark.parametrize("path", SUITES, ids=names(SUITES))
def test_every_suite_stands_where_its_module_stands(path: Path):
    suite = path.relative_to(ROOT / "tests")
    module = ROOT / "ppc" / suite.with_name(suite.name.removeprefix("test_"))
    assert module.exists() or suite.as_posix() in CROSS_CUTTING


@mark.parametrize("suite", CROSS_CUTTING)
def test_every_cross_cutting_suite_is_there(suite: str):
    assert (ROOT / "tests" / suite).exists()


@mark.parametrize("path", sources(), ids=names(sources()))
def test_every_file_is_short_and_every_function_fits_on_a_screen(path: Path):
    text = path.read_text(encoding="utf-8")
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= FUNCTION_LINES
    ]
    assert text.count("\n") <= FILE_LINES
    assert not long
