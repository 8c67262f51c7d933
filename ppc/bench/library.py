"""The cases there are: a folder of YAML files, and the plants they are tried on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from ppc.bench.case import Case, variants
from ppc.bench.recording import data_folder
from ppc.configuration.changes import Changes
from ppc.configuration.checking import check
from ppc.configuration.document import Document
from ppc.configuration.findings import ConfigurationError, Finding
from ppc.configuration.loading import Configuration, load
from ppc.metier import FUNCTIONS

PLANTS = "plants"


@dataclass(frozen=True, slots=True)
class Entry:
    """A case with its name, "energinet/u_control-bess-scr10", and where it stands."""

    name: str
    path: Path
    case: Case

    @property
    def missing(self) -> tuple[str, ...]:
        """Control functions it needs that are not built."""
        return tuple(name for name in self.case.needs if name not in FUNCTIONS)

    @property
    def absent(self) -> tuple[str, ...]:
        """Files of data it needs that are not there."""
        files = dict.fromkeys(r.file for r in self.case.recordings if not r.there)
        return tuple(files)

    def skipped(self, *, long: bool) -> str:
        """Why it is not run, "" if it is; `long`: whether long ones are."""
        if self.case.long and not long:
            return "takes minutes: --long runs it"
        if self.absent:
            return f"no {', '.join(self.absent)} in {data_folder()}"
        return ""


def entries(
    folder: Path, patterns: Sequence[str] = ("*",), *, library: Path
) -> tuple[Entry, ...]:
    """All cases of a folder whose name matches one of the patterns, in order of name.

    Those that can be run have a sound plant: `library` holds the profiles. Raises
    ConfigurationError with every finding of all files.
    """
    findings: list[Finding] = []
    found = []
    for path in sorted(folder.rglob("*.yaml")):
        if path.relative_to(folder).parts[0] != PLANTS:
            found += list(_cases(folder, path, findings))
    chosen = [e for e in found if any(fnmatch(e.name, p) for p in patterns)]
    for entry in chosen:
        if not entry.missing:
            try:
                configuration(entry, folder, library)
            except ConfigurationError as error:
                findings += [
                    f._replace(file=f"{entry.path}, on {f.file}")
                    for f in error.findings
                ]
    if findings:
        raise ConfigurationError(dict.fromkeys(findings))
    return tuple(chosen)


def configuration(entry: Entry, folder: Path, library: Path) -> Configuration:
    """The plant of a case. Raises ConfigurationError."""
    case = entry.case
    changes = Changes(case.changes, case.settings, library)
    return load(folder / PLANTS / f"{case.plant}.yaml", changes)


def _cases(folder: Path, path: Path, findings: list[Finding]) -> Iterator[Entry]:
    document = Document(path)
    stem = str(path.relative_to(folder).with_suffix(""))
    if document.readable:
        try:
            for suffix, data in variants(_mapping(document.data)):
                case, wrong = check(Case, data)
                document.report(wrong)
                if case is not None:
                    name = f"{stem}-{suffix}" if suffix else stem
                    yield Entry(name, path, case)
        except ValueError as error:
            document.report([((), str(error))])
    findings += document.findings


def _mapping(data: Any) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(data, dict):
        raise ValueError("should be `name: value` pairs")  # noqa: TRY004
    return data
