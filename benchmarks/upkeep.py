"""What it costs to keep the record: roll-ups, taking over, pruning, looking through.

    python benchmarks/upkeep.py [--signals 200 1000 5000] [--hours 2]

Of each: processor time, and the longest step, since a step of the writer keeps new rows
waiting (goal: under 1 s). What the keeper does in its own thread has no such goal.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.history.plant import NOON_S, Plant
from ppc.database.daily import Daily
from ppc.database.integrity import open_finished, survey
from ppc.database.retention import DAY_S, Retention
from ppc.database.rows import fit
from ppc.database.thinning import put_in_place, thin
from ppc.database.trend import NAME, Trend

KEEP = Retention(raw_days=7, trend_days=400, daily_files=400)
MINUTE_S = 60


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--signals", type=int, nargs="+", default=[200, 1000, 5000])
    arguments.add_argument("--hours", type=float, default=2.0)
    asked = arguments.parse_args()
    print(f"{asked.hours:g} h at 1 Hz")
    for signals in asked.signals:
        with TemporaryDirectory() as folder:
            for what, text in kept(Path(folder), signals, int(asked.hours * 3600)):
                print(f"{signals:5} signals, {what:22}{text}")


def kept(folder: Path, signals: int, seconds: int) -> Iterator[tuple[str, str]]:
    """What was done, and its cost."""
    now = [NOON_S + seconds]
    plant, day = Plant(signals), folder / "2026_11_21.db"
    daily = Daily(folder, lambda _: None)
    live, rolled = trend_in(folder, now), []
    for second in range(seconds):
        rows = plant.rows(second, NOON_S)
        batch = {"bess": [fit("bess", row, second, 1) for row in rows]}
        daily.write("2026_11_21", batch)
        live.write(batch)
        if second % MINUTE_S == MINUTE_S - 1:
            rolled.append(cost(live.roll_up))
    daily.write("2026_11_22", {})
    daily.close()
    live.close()
    yield "a roll-up a minute", f"{1e3 * mean(rolled):8.1f} ms CPU"
    for path in folder.glob(f"{NAME}*"):
        path.unlink()
    fresh = trend_in(folder, now)
    yield "taking a day over", told(steps(fresh.catch_up), seconds)
    now[0] = NOON_S + 30 * DAY_S
    fresh.prune()
    yield "pruning a day", told(steps(fresh.catch_up), seconds)
    fresh.close()
    size_mb = day.stat().st_size / 1e6
    began_s = time.perf_counter()
    with closing(open_finished(day)) as connection:
        survey(day, connection)
    took_s = time.perf_counter() - began_s
    yield "looking through", f"{size_mb / took_s:8.0f} MB/s"
    began_s = time.perf_counter()
    put_in_place(thin(day, 1), day)
    took_s, left_mb = time.perf_counter() - began_s, day.stat().st_size / 1e6
    yield "thinning", f"{1e3 * took_s:8.1f} ms, {size_mb:.0f} MB to {left_mb:.1f} MB"


def trend_in(folder: Path, now: list[float]) -> Trend:
    return Trend(folder / NAME, retention=KEEP, wall_s=lambda: now[0], zone=UTC)


def steps(step: Callable[[], bool]) -> list[float]:
    """Processor time of each, to the end."""
    costs = []
    more = True
    while more:
        began_s = time.process_time()
        more = step()
        costs.append(time.process_time() - began_s)
    return costs


def told(costs: list[float], seconds: int) -> str:
    per_hour_s, longest_s = sum(costs) / seconds * 3600, max(costs)
    return f"{1e3 * per_hour_s:8.1f} ms CPU per hour of it, {1e3 * longest_s:.0f} ms a step"


def cost(act: Callable[[], object]) -> float:
    began_s = time.process_time()
    act()
    return time.process_time() - began_s


def mean(costs: list[float]) -> float:
    return sum(costs) / len(costs)


if __name__ == "__main__":
    main()
