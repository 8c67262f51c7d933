"""What the record costs control: `Recording.take` after each cycle.

    python benchmarks/record.py [--seconds 120] [--units 8 100]

The whole controller and a simulated plant, half batteries, half PV under clouds, in
simulated time; the demonstration plant's control functions, orders every 20 s. Rows go
to a list that is emptied: what the recorder does with them is its own thread's. Prints
p50, p99 and the mean by the clock and by processor time, and rows per second. Goal: 8
units under 0.3 ms per cycle, by processor time, in the mean.
"""

import argparse
import gc
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time
from typing import Any

import yaml

from ppc.adapter.plant_view import PlantView
from ppc.application.cycle import Cycle
from ppc.application.record.clock_watch import ClockWatch
from ppc.application.record.recording import Recording
from ppc.application.record.subjects import subjects
from ppc.bench.stand import Stand
from ppc.bench.subject import Controller
from ppc.configuration.loading import Configuration, load

ROOT = Path(__file__).resolve().parents[1]
GOAL_UNITS, GOAL_MS = 8, 0.3
_ORDER_EVERY_S = 20.0


class Bin:
    """Counts rows and forgets them."""

    def __init__(self) -> None:
        self.dropped = self.rows_count = 0
        self.counted: Mapping[str, Mapping[str, float | None]] = {}

    def record(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ARG002
        self.rows_count += len(rows)

    def count(self, counters: Sequence[Mapping[str, Any]]) -> None:
        """Counters replace each other: no rows."""


def plant(folder: Path, count: int) -> Configuration:
    """The demonstration plant with so many units, of the same power in all."""
    raw = yaml.safe_load((ROOT / "config/plant.yaml").read_text(encoding="utf-8"))
    devices = raw["devices"]
    share = 8 / count
    for name in list(devices):
        if name != "poi":
            kind = devices.pop(name)
            for i in range(count):
                if ("pv" in name) == bool(i % 2) and name.endswith("1"):
                    devices[f"{name[:-1]}{i}"] = kind | {
                        key: share * value
                        for key, value in kind.items()
                        if isinstance(value, float)
                    } | {"connection": {"host": "127.0.0.1", "port": 6000 + i}}  # fmt: skip
    raw["simulation"] |= {"sky": {"clouds": True}, "units": {}}
    for name in ("profiles", "northbound"):
        (folder / name).symlink_to(ROOT / "config" / name)
    path = folder / "plant.yaml"
    path.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
    return load(path)


def measure(count: int, seconds: float) -> float:
    """Run, print, and return the mean processor time of a cycle in ms."""
    with TemporaryDirectory() as folder:
        configuration = plant(Path(folder), count)
    stand = Stand(configuration)
    controller, door = stand.subject, Bin()
    assert isinstance(controller, Controller)
    recording = Recording(
        door,
        subjects(controller.field, configuration.connection_point, door),
        every_s=1.0,
        clock=stand.time,
        watch=ClockWatch("trusted", lambda: None),
    )
    clock_s: list[float] = []
    busy_s: list[float] = []

    def take(view: PlantView, _: Cycle) -> None:
        began_s, had_s = perf_counter(), thread_time()
        recording.take(view, controller.processing.log.status)
        busy_s.append(thread_time() - had_s)
        clock_s.append(perf_counter() - began_s)

    controller.on_cycle = take
    gc.disable()
    orders_w = (3e6, -2e6, 1e6)
    for i in range(round(seconds / _ORDER_EVERY_S)):
        stand.set("order.p_set_w", orders_w[i % len(orders_w)])
        stand.run((i + 1) * _ORDER_EVERY_S)
    gc.enable()
    rows_per_s = door.rows_count / seconds
    figures = "  ".join(
        f"{name} p50 {pick(s, 0.5):6.3f} p99 {pick(s, 0.99):6.3f} mean "
        f"{1e3 * sum(s) / len(s):6.3f} ms"
        for name, s in (("clock", clock_s), ("processor", busy_s))
    )
    print(f"{count:4d} units: {figures}  {rows_per_s:.1f} rows/s")
    return 1e3 * sum(busy_s) / len(busy_s)


def pick(values: list[float], part: float) -> float:
    """A quantile, in ms."""
    return 1e3 * sorted(values)[int(part * (len(values) - 1))]


def main() -> int:
    """Whether the goal is met, as an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--units", type=int, nargs="+", default=[8, 100])
    arguments = parser.parse_args()
    means_ms = {n: measure(n, arguments.seconds) for n in arguments.units}
    return int(means_ms.get(GOAL_UNITS, 0.0) > GOAL_MS)


if __name__ == "__main__":
    raise SystemExit(main())
