"""One profile file, held against the format and against what is usual."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ppc.adapter.expansion import expanded, origin
from ppc.adapter.lint import remarks
from ppc.adapter.profile import DeviceProfile
from ppc.adapter.variants import variants
from ppc.configuration.checking import check
from ppc.configuration.document import Document
from ppc.configuration.findings import Fault, Finding


class ProfileCheck:
    """What is wrong with a profile, and what is doubtful, in every variant of it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.profile: DeviceProfile | None = None
        """With the options the file itself gives; None where it is wrong."""
        document = Document(file)
        doubts = Document(file) if document.readable else None
        wrong: dict[Fault, str] = {}
        doubtful: dict[Fault, str] = {}
        if document.readable:
            for options in variants(document.data):
                self._look(document.data, options, wrong, doubtful)
        document.report(_told(wrong))
        self.errors: tuple[Finding, ...] = _sorted(document.findings)
        """What makes it unusable."""
        self.warnings: tuple[Finding, ...] = ()
        """What is doubtful, and may yet be meant."""
        if doubts is not None:
            doubts.findings.clear()
            doubts.report(_told(doubtful))
            self.warnings = _sorted(doubts.findings)

    def _look(
        self,
        data: Any,  # noqa: ANN401
        options: dict[str, Any],
        wrong: dict[Fault, str],
        doubtful: dict[Fault, str],
    ) -> None:
        """One variant; what holds for several is told once, for the first."""
        whole = expanded(data, options)
        said = ", ".join(f"{name} {value}" for name, value in options.items())
        profile, faults = check(DeviceProfile, whole)
        for place, reason in faults:
            wrong.setdefault((origin(whole, place), reason), said)
        if profile is None:
            return
        if not options:
            self.profile = profile
        for place, reason, error in remarks(profile):
            found = wrong if error else doubtful
            found.setdefault((origin(whole, place), reason), said)


def _told(found: dict[Fault, str]) -> Iterator[Fault]:
    """With the variant, where it is not the one the file itself gives."""
    for (place, reason), said in found.items():
        yield place, f"{reason} ({said})" if said else reason


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.line or 0))
