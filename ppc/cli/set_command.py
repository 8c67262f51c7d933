"""`ppc set`: settings of control functions, changed while the plant runs."""

import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.text import Text

from ppc.application.reception import NotRunning, ask
from ppc.configuration.document import number_of
from ppc.configuration.findings import ConfigurationError, instead
from ppc.configuration.parameters import (
    Parameters,
    Version,
    Writing,
    load_over,
    read,
    shown,
    values,
)

NOT_DONE, REFUSED = 1, 2
_FORM = "write FUNCTION.SETTING=VALUE"


@dataclass(frozen=True, slots=True)
class SetCommand:
    """The command, for the controller with its record in `db_dir`.

    With `asked_file`, only a controller that runs that plant file counts. Each method
    returns the exit code.
    """

    db_dir: Path
    asked_file: Path | None
    plant_file: Path
    """The one of this machine."""
    console: Console
    as_json: bool

    def set(self, what: Sequence[str], why: str) -> int:
        """Change settings now, and for every start to come."""
        changes: dict[str, dict[str, Any]] = {}
        wrong = [] if what else [_FORM]
        for each in what:
            place, sign, value = each.partition("=")
            function, dot, setting = place.partition(".")
            if not (sign and dot and function and setting):
                wrong.append(f"{each}: {_FORM}")
            elif setting in changes.get(function, {}):
                wrong.append(f"{place}: stands twice")
            else:
                try:
                    changes.setdefault(function, {})[setting] = _value(value)
                except yaml.YAMLError:
                    wrong.append(f"{place}: {value} is no YAML")
        if wrong:
            return _refuse(*wrong, code=REFUSED)
        return self._change({"ask": "set", "changes": changes, "why": why})

    def revert(self, number: int, why: str) -> int:
        """Take a version back; where no controller runs, for its next start."""
        try:
            ask(self.db_dir)
        except NotRunning:
            return self._revert_at_rest(number, why)
        return self._change({"ask": "revert", "number": number, "why": why})

    def listing(self, functions: Sequence[str]) -> int:
        """Show settings: now, by default, range, meaning."""
        answer = self._ask({"ask": "settings"})
        if isinstance(answer, int):
            return answer
        rows = answer["settings"]
        known = list(dict.fromkeys(row["function"] for row in rows))
        if strange := [name for name in functions if name not in known]:
            said = (
                f"{n}: is not listed in plant.yaml{instead(n, known)}" for n in strange
            )
            return _refuse(*said, code=REFUSED)
        rows = [r for r in rows if not functions or r["function"] in functions]
        if self.as_json:
            return self._print_json({"settings": rows})
        for name in known:
            of_function = [row for row in rows if row["function"] == name]
            if of_function:
                self._show(name, of_function)
        return 0

    def history(self) -> int:
        """Show all versions there are, from the files."""
        versions = read(self.db_dir).versions
        if self.as_json:
            return self._print_json({"versions": [v.model_dump() for v in versions]})
        for version in versions:
            self.console.print(Text(f"{version.when}  {version}"), soft_wrap=True)
        if not versions:
            self.console.print("nothing was ever changed")
        return 0

    def _show(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.console.print(Text(name, "bold"))
        for row in rows:
            by = f" (set by {row['version']:04d})" if row["version"] else ""
            default = shown(row["default"])
            unset = row["unset"] if row["default"] is None else ""
            if remark := row["default_by"] or unset:
                default += f" ({remark})"
            counts = "while running" if row["while_running"] else "from the next start"
            text = (
                f"  {row['setting']}: {shown(row['value'])}{by}; by default {default}; "
                f"{row['range']}; {counts}"
            )
            self.console.print(Text(text), soft_wrap=True)
            self.console.print(Text(f"      {row['meaning']}", "dim"), soft_wrap=True)

    def _change(self, question: Mapping[str, Any]) -> int:
        answer = self._ask(question)
        if isinstance(answer, int):
            return answer
        return self._print_version(Version(**answer["changed"]))

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any] | int:
        """The answer, or the exit code when there is none."""
        asked = self.asked_file
        which = {"plant_file": str(asked.resolve())} if asked else {}
        try:
            answer = ask(self.db_dir, {**question, **which})
        except NotRunning as error:
            where = f"no controller runs with its record in {self.db_dir}"
            return _refuse(f"{where}: {error}", code=NOT_DONE)
        if reasons := answer.get("error"):
            return _refuse(*reasons, code=REFUSED)
        return answer

    def _revert_at_rest(self, number: int, why: str) -> int:
        """The way out when a version keeps the controller from starting."""
        path, parameters = self.asked_file or self.plant_file, read(self.db_dir)
        of_number = [v for v in parameters.versions if v.number == number]
        plant = of_number[0].plant if of_number else ""
        try:
            gone = parameters.revertible(number, plant)
        except ValueError as error:
            return _refuse(str(error), code=REFUSED)
        version = Version(
            number=parameters.next_number,
            when=datetime.now().astimezone().isoformat(timespec="milliseconds"),
            who=getpass.getuser(),
            why=why,
            plant=plant,
            reverts=number,
            before=gone.after,
            after={},
        )
        version = version.model_copy(
            update={"after": _after(path, parameters.with_(version), gone)}
        )
        try:
            Writing(parameters, version).keep()
        except OSError as error:
            return _refuse(f"cannot be written down: {error}", code=NOT_DONE)
        return self._print_version(version)

    def _print_version(self, version: Version) -> int:
        if self.as_json:
            return self._print_json(version.model_dump())
        self.console.print(Text(str(version)), soft_wrap=True)
        return 0

    def _print_json(self, said: Mapping[str, Any]) -> int:
        sys.stdout.write(json.dumps(said, indent=2) + "\n")
        return 0


def _after(path: Path, parameters: Parameters, gone: Version) -> dict[str, Any]:
    """What comes of it; nothing is known while something else is wrong as well."""
    try:
        functions = load_over(path, parameters).functions
    except ConfigurationError:
        return {}
    listed = dict(functions)
    places = [(f, s) for f, named in gone.after.items() for s in named if f in listed]
    return values(functions, places)


def _value(text: str) -> Any:  # noqa: ANN401
    value = yaml.safe_load(text)
    number = number_of(value) if isinstance(value, str) else None
    return value if number is None else number


def _refuse(*reasons: str, code: int) -> int:
    for reason in reasons:
        sys.stderr.write(f"{reason}\n")
    return code


WhatArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="FUNCTION.SETTING=VALUE ...", help="As in plant.yaml."),
]
SayOption = Annotated[str, typer.Option("--say", metavar="WHY", help="Written down.")]
RevertOption = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Take version N back, instead.")
]
ListOption = Annotated[
    bool, typer.Option("--list", help="Show settings, of FUNCTION or all, instead.")
]
HistoryOption = Annotated[
    bool, typer.Option("--history", help="Show all changes, instead.")
]
