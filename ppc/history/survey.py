"""What there is of each day: size, rows, gaps, rows that were lost, soundness."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from ppc.database.daily import is_finished
from ppc.database.schema import SAMPLED
from ppc.database.trend import NAME as TREND_NAME
from ppc.history.day_file import DayFile, Unreadable, connect, telling

NOT_CHECKED = "not checked"
GAP_PERIODS = 3
"""A stretch without samples is a gap when it is longer than so many periods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Between two samples."""

    since_s: float
    until_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was found in one daily file. Times are Unix seconds."""

    day: str
    file: str
    size_bytes: int
    is_finished: bool
    integrity: str = NOT_CHECKED
    version: int | None = None
    rows_count: int = 0
    first_s: float | None = None
    last_s: float | None = None
    gaps: tuple[Gap, ...] = ()
    lost_count: int | None = None
    """Hand-ins whose number is missing; None where rows have none, or where samples
    were taken out on purpose."""
    is_thinned: bool = False
    """Whether only what is durable is left."""
    trouble: str = ""
    """Why it cannot be read."""
    first_seq: int | None = None
    last_seq: int | None = None
    first_sample_s: float | None = None
    last_sample_s: float | None = None
    period_s: float | None = None
    """From sample to sample, as a rule."""


def survey(path: Path, noted: Mapping[str, Any], *, check: bool) -> Day:
    """Look through one file. `noted` is its row in the list of finished days; with
    `check` its integrity is looked at now. Raises Unreadable when it is gone.
    """
    integrity = noted.get("integrity") or NOT_CHECKED
    with telling(path):
        told: dict[str, Any] = {
            "day": path.stem.replace("_", "-"),
            "file": path.name,
            "size_bytes": size_bytes(path),
            "is_finished": is_finished(path),
        }
    try:
        if check:
            integrity = soundness(path)
        with DayFile(path) as file:
            found = _look_through(file)
        return Day(**told, integrity=integrity, **found)
    except Unreadable as error:
        return Day(**told, integrity=integrity, trouble=f"{error}")


def after(before: Day, day: Day) -> Day:
    """A day with what is lacking between the day before and it."""
    gaps, lost_count = day.gaps, day.lost_count
    since_s, until_s = before.last_sample_s, day.first_sample_s
    longest_s = GAP_PERIODS * (day.period_s or 0.0)
    if since_s and until_s and longest_s and until_s - since_s > longest_s:
        gaps = (Gap(since_s=since_s, until_s=until_s), *gaps)
    if before.last_seq is not None and day.first_seq is not None:
        between = max(0, day.first_seq - before.last_seq - 1)
        lost_count = None if lost_count is None else lost_count + between
    return replace(day, gaps=gaps, lost_count=lost_count)


def soundness(path: Path) -> str:
    """`ok`, or what SQLite's own check finds wrong first. Raises Unreadable."""
    with DayFile(path) as file:
        return str(file.value("PRAGMA integrity_check(1)"))


def noted_days(directory: Path) -> dict[str, Mapping[str, Any]]:
    """Rows of the list of finished days in trend.db, by file; none without it."""
    with suppress(sqlite3.Error), closing(connect(directory / TREND_NAME)) as trend:
        trend.row_factory = sqlite3.Row
        return {row["file"]: dict(row) for row in trend.execute("SELECT * FROM days")}
    return {}


def set_aside(directory: Path) -> list[Path]:
    """Daily files that could not be used, under their new names."""
    return sorted(
        path
        for why in ("corrupt", "version")
        for path in directory.glob(f"????_??_??.db.{why}-*")
        if not path.name.endswith(("-wal", "-shm"))
    )


def size_bytes(path: Path) -> int:
    """With what is not in the file itself yet."""
    beside = path.with_name(f"{path.name}-wal")
    return path.stat().st_size + (beside.stat().st_size if beside.exists() else 0)


def _look_through(file: DayFile) -> dict[str, Any]:
    rows_count = 0
    numbers: list[int] = []
    spans: list[float] = []
    stamps: dict[str, list[float]] = {}
    for table in file.tables:
        times = stamps[table] = []
        for ts, seq, count in _hand_ins(file, table):
            rows_count += count
            times.append(ts)
            if seq:  # 0 is what rows of an older version have been given
                numbers.append(seq)
        spans += times[:1] + times[-1:]
    samples = next(filter(None, (stamps.get(name) for name in _SAMPLES)), [])
    period_s = median(b - a for a, b in pairwise(samples)) if samples[1:] else None
    numbers.sort()
    is_thinned = bool(rows_count) and not samples
    return {
        "is_thinned": is_thinned,
        "version": file.version,
        "rows_count": rows_count,
        "first_s": min(spans, default=None),
        "last_s": max(spans, default=None),
        "gaps": tuple(_gaps(samples, period_s)),
        "lost_count": None if is_thinned else _lost_count(numbers),
        "first_seq": numbers[0] if numbers else None,
        "last_seq": numbers[-1] if numbers else None,
        "first_sample_s": samples[0] if samples else None,
        "last_sample_s": samples[-1] if samples else None,
        "period_s": period_s,
    }


_SAMPLES = tuple(kind.name for kind in SAMPLED)


def _hand_ins(file: DayFile, table: str) -> Iterator[tuple[float, int | None, int]]:
    """Time, number and rows of each hand-in, in the order of time: that of the key."""
    if "seq" in file.columns(table):
        sql = f"SELECT ts, seq, count(*) FROM {table} GROUP BY ts, seq"  # noqa: S608
    else:
        sql = f"SELECT ts, NULL, count(*) FROM {table} GROUP BY ts"  # noqa: S608
    return file.rows(sql)


def _gaps(samples: Sequence[float], period_s: float | None) -> Iterator[Gap]:
    """No few samples say how often there should be one."""
    if period_s and len(samples) > GAP_PERIODS:
        for since_s, until_s in pairwise(samples):
            if until_s - since_s > GAP_PERIODS * period_s:
                yield Gap(since_s=since_s, until_s=until_s)


def _lost_count(numbers: Sequence[int]) -> int | None:
    """Numbers that are missing; None where no row has one."""
    if not numbers:
        return None
    return sum(max(0, b - a - 1) for a, b in pairwise(numbers))
