"""Every panel's statement over a month of a plant of eight units.

    python benchmarks/grafana.py [--raw-hours 72] [--rounds 20] [--file trend.db] [--all]

Each is asked as the plugin does, the file opened anew each time, over 15 minutes, 6
hours, 3 and 30 days (goal: under 200 ms; the plugin's SQLite, translated to Go, takes
about twice as long as this one, so under 100 ms here). Prints median and p99 of the
slowest panel of each dashboard, or of all. `--file` is made if it is not there.
"""

import argparse
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.grafana.month import BATTERIES, DAY_S, DEVICES, INVERTERS, NOW_S, make
from tests.grafana.boards import CHOICES, MARKS, PANELS
from tests.grafana.grafana import Range, ask, expanded

GOAL_S = 0.1
RANGES = {
    "15 min": Range(NOW_S - 900, NOW_S),
    "6 h": Range(NOW_S - 6 * 3600, NOW_S),
    "3 d": Range(NOW_S - 3 * DAY_S, NOW_S),
    "30 d": Range(NOW_S - 30 * DAY_S, NOW_S),
    # Where the tiers change: the most rows that are read of each.
    "80 min": Range(NOW_S - 80 * 60, NOW_S),
    "8 h": Range(NOW_S - 8 * 3600, NOW_S),
    "5 d": Range(NOW_S - 5 * DAY_S, NOW_S),
}
CHOSEN = {"bess": BATTERIES, "pv": INVERTERS, "device": DEVICES, "function": "volt_var"}


def statements() -> dict[str, list[tuple[str, int]]]:
    """SQL and points asked for, of each panel, mark and variable."""
    found = {
        name: [(t["queryText"], panel["maxDataPoints"]) for t in panel["targets"]]
        for name, panel in PANELS.items()
    }
    found |= {
        f"{n} (mark)": [(t["queryText"], 700)] for n, t in MARKS.items() if "plant" in n
    }
    found |= {f"{n} (variable)": [(v["query"], 700)] for n, v in CHOICES.items()}
    return found


def times_s(
    path: Path, sqls: list[tuple[str, int]], shown: Range, rounds: int
) -> list[float]:
    """How long all statements of a panel take, in turn."""
    texts = [
        expanded(
            sql, shown, points, unit="pv1" if "FROM pv" in sql else "bess2", **CHOSEN
        )
        for sql, points in sqls
    ]
    found = []
    for _ in range(rounds):
        begun_s = time.perf_counter()
        for text in texts:
            ask(path, text)
        found.append(time.perf_counter() - begun_s)
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raw-hours", type=int, default=72)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--all", action="store_true", help="every panel")
    asked = parser.parse_args()
    with TemporaryDirectory() as directory:
        path = asked.file or Path(directory) / "trend.db"
        if not path.exists():
            make(path, raw_hours=asked.raw_hours)
        print(
            f"{path.name}: {path.stat().st_size / 1e6:.0f} MB, goal {GOAL_S * 1000:.0f} ms"
        )
        report(path, asked.rounds, everything=asked.all)


def report(path: Path, rounds: int, *, everything: bool) -> None:
    print(f"{'median / p99 in ms':<62}" + "".join(f"{name:>16}" for name in RANGES))
    slowest: dict[str, tuple[float, str]] = {}
    worst_s = 0.0
    for name, sqls in statements().items():
        figures = [times_s(path, sqls, shown, rounds) for shown in RANGES.values()]
        line = "".join(
            f"{median(f) * 1000:>8.1f} / {f[int(0.99 * (len(f) - 1))] * 1000:>5.1f}"
            for f in figures
        )
        most_s = max(map(median, figures))
        worst_s = max(worst_s, most_s)
        board = name.split(":")[0]
        slowest[board] = max(
            slowest.get(board, (0.0, "")), (most_s, f"{name[:60]:<62}{line}")
        )
        if everything:
            print(f"{name[:60]:<62}{line}")
    if not everything:
        print("\n".join(line for _, line in slowest.values()))
    print(f"slowest median: {worst_s * 1000:.1f} ms")
