"""Weeks of a plant on record in accelerated time, counted to the row.

    python benchmarks/month.py [--days 30] [--units 8] [--parts 2] [--keep FOLDER]

The whole controller and a simulated plant in simulated time, control and samples at 1 Hz,
the real recorder on real files, in the zone Europe/Vienna: half of the days around the
change to summer time, half around the change back, each in so many parts of a process and
a record of their own. Every row that was handed in is counted by table and local date;
then the files, trend.db, its minutes and quarters, and the numbers of the rows must tell
the same, the days of 23 and 25 hours included, and the energy of the days what the
samples add up to. Ends with 1 where anything differs.
"""

import argparse
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.record import plant
from ppc.adapter.plant_view import PlantView
from ppc.application.cycle import Cycle
from ppc.application.record.clock_watch import ClockWatch
from ppc.application.record.recording import Recording
from ppc.application.record.subjects import subjects
from ppc.bench.simulated_time import SimulatedTime
from ppc.bench.stand import Stand
from ppc.bench.subject import Controller
from ppc.configuration.changes import Changes
from ppc.configuration.loading import load
from ppc.database.recorder import Recorder
from ppc.database.schema import DAY, SAMPLED, TREND

ZONE = ZoneInfo("Europe/Vienna")
CHANGES = (datetime(2026, 3, 29, tzinfo=ZONE), datetime(2026, 10, 25, tzinfo=ZONE))
_QUICK = {"control": {"period_s": 1.0}, "simulation": {"step_s": 0.1}}
_AT_ONCE_S = 600.0
"""Simulated seconds that may wait to be written."""
_ORDERS_W = (3e6, -2e6, 1e6, 6e6)
_HAIR_WH, _HAIR_PU = 1.0, 1e-4
"""Energy of a day, by counters and by samples, whose watts are whole and whose times are
those of the cycles: so far apart they may be.
"""


class Clock:
    """Simulated time, with a wall clock of its own."""

    def __init__(self, simulated: SimulatedTime, begin_s: float) -> None:
        self._simulated, self._begin_s = simulated, begin_s

    def now_s(self) -> float:
        return self._simulated.now_s()

    def wall_s(self) -> float:
        return self._begin_s + self._simulated.now_s()

    def sleep_until(self, deadline_s: float) -> None:
        self._simulated.sleep_until(deadline_s)


class Counted:
    """The recorder, and how many rows of each table and local date it was handed."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.rows: Counter[tuple[str, str]] = Counter()
        self.hand_ins = 0

    @property
    def dropped(self) -> int:
        return self._recorder.dropped

    @property
    def counted(self) -> Mapping[str, Mapping[str, float | None]]:
        return self._recorder.counted

    def record(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.hand_ins += 1
        for row in rows:
            day = datetime.fromtimestamp(row["ts"], ZONE).strftime("%Y_%m_%d")
            self.rows[table, day] += 1
        self._recorder.record(table, rows)

    def count(self, counters: Sequence[Mapping[str, Any]]) -> None:
        self._recorder.count(counters)


def run(folder: Path, begin: datetime, days: int, units: int) -> tuple[Counted, float]:
    """Record so many days from local midnight on; how long it took."""
    began_s = time.perf_counter()
    with TemporaryDirectory() as made:
        path = plant(Path(made), units).path
        configuration = load(path, changes=Changes(_QUICK))
    stand = Stand(configuration, sample_every=100_000)
    controller, clock = stand.subject, Clock(stand.time, begin.timestamp())
    assert isinstance(controller, Controller)
    recorder = Recorder(
        folder, raw_days=31, trend_days=400, daily_files=40, zone=ZONE,
        wall_s=clock.wall_s,
    )  # fmt: skip
    door = Counted(recorder)
    recording = Recording(
        door,
        subjects(controller.field, configuration.connection_point, door),
        every_s=1.0,
        clock=clock,
        watch=ClockWatch("trusted", lambda: None),
    )

    def take(view: PlantView, _: Cycle) -> None:
        recording.take(view, controller.processing.log.status)

    controller.on_cycle = take
    recorder.start()
    end_s = (begin + timedelta(days=days)).timestamp() - begin.timestamp()
    for i in range(int(end_s // _AT_ONCE_S)):
        stand.set("order.p_set_w", _ORDERS_W[i // 3 % len(_ORDERS_W)])
        stand.run((i + 1) * _AT_ONCE_S)
        written = Event()
        recorder.run(recorder.roll_up)
        recorder.run(written.set)
        assert written.wait(120.0), "the recorder does not keep up"
    recording.finish()
    recorder.stop()
    return door, time.perf_counter() - began_s


def differences(folder: Path, door: Counted) -> Iterator[str]:
    """Where the files do not say what was handed in."""
    if door.dropped:
        yield f"{door.dropped} rows dropped"
    found: Counter[tuple[str, str]] = Counter()
    numbers: set[int] = set()
    for path in sorted(folder.glob("20*_*_*.db")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as day:
            for table in DAY.sorted_tables:
                if "seq" in table.c and "ts" in table.c and table.name != "counters":
                    rows = day.execute(f"SELECT seq FROM {table.name}").fetchall()  # noqa: S608
                    found[table.name, path.stem] += len(rows)
                    numbers.update(seq for (seq,) in rows)
    for key in sorted({*found, *door.rows}):
        if found[key] != door.rows[key]:
            yield f"{key}: {door.rows[key]} handed in, {found[key]} in the file"
    if len(numbers) != door.hand_ins:
        yield f"{door.hand_ins} hand-ins, {len(numbers)} numbers"
    with closing(sqlite3.connect(f"file:{folder}/trend.db?mode=ro", uri=True)) as trend:
        yield from _trend_differences(trend, door)
        yield from _energy_differences(trend)


def _trend_differences(trend: sqlite3.Connection, door: Counted) -> Iterator[str]:
    totals: Counter[str] = Counter()
    for (table, _), count in door.rows.items():
        totals[table] += count
    for name, count in totals.items():
        if name not in TREND.tables:
            continue
        (rows,) = trend.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608
        if rows != count:
            yield f"{name}: {count} handed in, {rows} in trend.db"
    for kind in SAMPLED:
        for tier in ("_1m", "_15m"):
            (rows,) = trend.execute(
                f"SELECT sum(samples_count) FROM {kind.name}{tier}"  # noqa: S608
            ).fetchone()
            if rows != totals[kind.name]:
                yield f"{kind.name}{tier}: {totals[kind.name]} handed in, {rows} in it"


def _energy_differences(trend: sqlite3.Connection) -> Iterator[str]:
    """Of the POI, day by day: the counters' word against trapezoids of the samples."""
    shown = trend.execute(
        "SELECT day, e_export_wh, e_import_wh FROM energy_1d WHERE device = 'poi'"
    ).fetchall()
    added: dict[str, list[float]] = {}
    before: tuple[float, float] | None = None
    for ts, p_w in trend.execute("SELECT ts, p_w FROM poi ORDER BY ts"):
        if before is not None and p_w is not None:
            day = datetime.fromtimestamp(before[0], ZONE).strftime("%Y_%m_%d")
            both = added.setdefault(day, [0.0, 0.0])
            mean_w = (p_w + before[1]) / 2.0
            both[mean_w < 0.0] += abs(mean_w) * (ts - before[0]) / 3600.0
        before = None if p_w is None else (ts, p_w)
    whole = set(list(added)[:-1])  # of the last there are seconds, not on the grid
    if {day.replace("-", "_") for day, *_ in shown} != set(added):
        yield f"energy of {len(shown)} days, samples of {len(added)}"
    for day, export_wh, import_wh in shown:
        if day.replace("-", "_") not in whole:
            continue
        wanted = added[day.replace("-", "_")]
        for name, told, summed in zip(
            ("export", "import"), (export_wh, import_wh), wanted, strict=True
        ):
            if abs(told - summed) > _HAIR_WH + _HAIR_PU * summed:
                yield f"{day}: {name} {told:.1f} Wh counted, {summed:.1f} Wh of samples"


def weeks(
    folder: Path, begin: datetime, days: int, units: int
) -> tuple[list[str], str]:
    """Record, compare; what differs, and a line about it."""
    folder.mkdir(parents=True, exist_ok=True)
    door, took_s = run(folder, begin, days, units)
    found = list(differences(folder, door))
    size = sum(path.stat().st_size for path in folder.glob("20*.db")) / 1e6
    line = (
        f"{begin:%Y-%m-%d} and {days} days: {sum(door.rows.values())} rows, "
        f"{len({day for _, day in door.rows})} files, {size:.0f} MB, "
        f"trend.db {(folder / 'trend.db').stat().st_size / 1e6:.0f} MB, "
        f"{took_s:.0f} s, {len(found)} differences"
    )
    return found, line


def _parts(days: int, count: int) -> Iterator[tuple[int, int]]:
    """The first day and the number of days of each part."""
    for i in range(count):
        first = i * days // count
        yield first, (i + 1) * days // count - first


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--days", type=int, default=30)
    arguments.add_argument("--units", type=int, default=8)
    arguments.add_argument("--parts", type=int, default=2)
    arguments.add_argument("--keep", type=Path, default=None)
    asked = arguments.parse_args()
    stretches = [
        (change + timedelta(days=first - asked.days // 4), days)
        for change in CHANGES
        for first, days in _parts(asked.days // 2, asked.parts)
    ]
    with TemporaryDirectory() as made, ProcessPoolExecutor(len(stretches)) as pool:
        folder = asked.keep or Path(made)
        jobs = [
            pool.submit(weeks, folder / f"{begin:%Y_%m_%d}", begin, days, asked.units)
            for begin, days in stretches
        ]
        results = [job.result() for job in jobs]
    for found, line in results:
        print(line)
        for difference in found[:50]:
            print(f"  {difference}")
    return int(any(found for found, _ in results))


if __name__ == "__main__":
    sys.exit(main())
