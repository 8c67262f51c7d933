"""Many cases at once, each in a process of its own."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from ppc.bench.card import Card, card
from ppc.bench.library import Entry
from ppc.bench.subject import Controller
from ppc.bench.target import Target
from ppc.bench.trying import Result, Verdict, attempt


def run_all(
    entries: Sequence[Entry],
    folder: Path,
    library: Path,
    *,
    jobs: int | None = None,
    target: Target | None = None,
    long: bool = False,
) -> Iterator[Card]:
    """The cards of all cases, each as soon as it is there; the longest go first.

    `jobs`: how many at once; left out, as many as there are processors. With a
    `target`, one after the other in real time. `long`: with those that take minutes.
    """
    work = partial(_work, folder=folder, library=library, target=target, long=long)
    longest_first = sorted(entries, key=lambda e: -_effort(e))
    jobs = min(jobs or len(os.sched_getaffinity(0)), max(len(entries), 1))
    if jobs == 1 or target is not None:
        yield from map(work, longest_first)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        coming = {pool.submit(work, entry): entry for entry in longest_first}
        for done in as_completed(coming):
            try:
                yield done.result()
            except BrokenProcessPool:
                why = "its process was ended from outside"
                yield card(Result(coming[done], Verdict.ERROR, why))


def _work(
    entry: Entry, folder: Path, library: Path, target: Target | None, *, long: bool
) -> Card:
    return card(attempt(entry, folder, library, target or Controller, long=long))


def _effort(entry: Entry) -> float:
    return 0.0 if entry.missing else entry.case.duration_s
