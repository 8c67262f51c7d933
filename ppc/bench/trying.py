"""A case tried: set up, run, judged."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from ppc.bench.case import ExpectedFailure
from ppc.bench.checks.base import Outcome, Trial
from ppc.bench.in_process import WireSettings
from ppc.bench.library import Entry, configuration
from ppc.bench.series import TraceError
from ppc.bench.stand import Stand
from ppc.bench.stimulus import play
from ppc.bench.subject import Controller, SubjectFactory
from ppc.bench.target import Target, TargetStand


class Verdict(StrEnum):
    """What came of a case."""

    PASS = "pass"  # noqa: S105 (no secret)
    FAIL = "fail"
    EXPECTED_FAILURE = "expected failure"
    UNEXPECTED_PASS = "unexpected pass"  # noqa: S105
    ERROR = "error"
    NOT_BUILT = "not built"
    SKIPPED = "skipped"

    @property
    def good(self) -> bool:
        """Whether it leaves the bench green."""
        return self not in {Verdict.FAIL, Verdict.UNEXPECTED_PASS, Verdict.ERROR}


@dataclass(frozen=True, slots=True)
class Result:
    """A verdict with its sentence; trial and outcomes where the case was run."""

    entry: Entry
    verdict: Verdict
    why: str = ""
    outcomes: tuple[Outcome, ...] = ()
    trial: Trial | None = None
    took_s: float = 0.0


def attempt(
    entry: Entry,
    folder: Path,
    library: Path,
    subject: SubjectFactory | Target = Controller,
    *,
    long: bool = True,
) -> Result:
    """Run a case, and judge it: in simulated time, or a target in real time. Never
    raises. `long`: whether one that takes minutes is run.
    """
    if entry.missing and not isinstance(subject, Target):
        return Result(entry, Verdict.NOT_BUILT, f"needs {', '.join(entry.missing)}")
    if why := entry.skipped(long=long):
        return Result(entry, Verdict.SKIPPED, why)
    began_s = perf_counter()
    took_s = partial(_since, began_s)
    try:
        with _silence():  # the report says what failed
            trial, surprises = run(entry, folder, library, subject)
        outcomes = tuple(_judge(check, trial) for check in entry.case.expect)
    except Exception as error:  # noqa: BLE001 - the one place: a case that breaks is a result too
        said = error.args[0] if isinstance(error, KeyError) else error
        why = f"{type(error).__name__}: {said}"
        return Result(entry, Verdict.ERROR, why, took_s=took_s())
    failures = [*surprises, *(f"{o.check}: {o.why}" for o in outcomes if o.why)]
    verdict, why = _verdict(entry, failures)
    return Result(entry, verdict, why, outcomes, trial, took_s())


@contextmanager
def _silence() -> Iterator[None]:
    """Within, the program logs nothing but what is critical."""
    ours = logging.getLogger("ppc")
    before = ours.level
    ours.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        ours.setLevel(before)


def run(
    entry: Entry,
    folder: Path,
    library: Path,
    subject: SubjectFactory | Target = Controller,
) -> tuple[Trial, list[str]]:
    """What happened, and orders that were surprisingly taken or refused."""
    case = entry.case
    plant = configuration(entry, folder, library)
    stand: Stand | TargetStand
    if isinstance(subject, Target):
        stand = TargetStand(plant, subject)
    else:
        stand = Stand(
            plant,
            subject=subject,
            sample_every=case.sample_every,
            wire=WireSettings(delay_s=case.delay_s),
        )
    surprises = play(stand, case.stimulus)
    stand.run(case.duration_s)
    if isinstance(stand, TargetStand):
        surprises += stand.subject.silences[:1]
    return Trial(stand.traces(), case.steps_s, case.duration_s), surprises


def _judge(check: Any, trial: Trial) -> Outcome:  # noqa: ANN401 (any kind of check)
    try:
        outcome: Outcome = check.judge(trial)
    except (KeyError, TraceError) as error:
        return Outcome(check.name, (), f"cannot be judged: {error.args[0]}")
    return outcome


def _verdict(entry: Entry, failures: list[str]) -> tuple[Verdict, str]:
    expected = entry.case.expected
    if isinstance(expected, ExpectedFailure):
        if failures:
            return Verdict.EXPECTED_FAILURE, f"{expected.fail} ({failures[0]})"
        why = f"it was expected to fail: {expected.fail}"
        return Verdict.UNEXPECTED_PASS, why
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        return Verdict.FAIL, failures[0] + more
    return Verdict.PASS, ""


def _since(began_s: float) -> float:
    return perf_counter() - began_s
