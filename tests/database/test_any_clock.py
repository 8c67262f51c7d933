"""The record under any wall clock: no row is lost, none is there twice.

PPC_EXAMPLES says how many courses of the clock are tried.
"""

import os
import tempfile
from datetime import datetime
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest import fixture

from ppc.database import recorder as module
from ppc.database.daily import daily_files
from tests.database.files import DAY_S, HOUR_S, Wall, ask, poi, recorder

ZONES = (
    *("Europe/Vienna", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"),
    *("Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "UTC"),
)
NEAR = (
    *("2026-03-29T00:59:58", "2026-10-25T00:59:58"),  # Vienna changes
    *("2010-11-07T02:30:58", "2026-11-01T04:29:58"),  # St. John's: past midnight once
    *("2026-11-20T18:14:58", "2011-12-30T09:59:58"),  # Kathmandu; Apia skips a day
    *("2026-04-04T14:59:58", "2026-10-03T15:29:58"),  # Lord Howe, by half an hour
    *("2018-11-04T02:59:58", "2018-02-18T01:59:58"),  # São Paulo changes at midnight
    "2026-12-31T23:59:58",
)
"""Just before something happens somewhere, UTC."""
STEPS_S = (
    *(0.0, 0.25, 1.0, 1.0, 1.0, 60.0, HOUR_S, DAY_S, 3 * DAY_S),
    *(-0.25, -1.0, -60.0, -HOUR_S, -2.5 * HOUR_S, -DAY_S),
)

Step = tuple[float, str]
step = st.tuples(
    st.sampled_from(STEPS_S), st.sampled_from(("poi", "events", "batch", "restart"))
)


@fixture(autouse=True, scope="module")
def _quick():
    batch_s, module._BATCH_S = module._BATCH_S, 0.002
    yield
    module._BATCH_S = batch_s


class Life:
    """A recorder, and what was handed in to it."""

    def __init__(self, directory: Path, zone: str, began_s: float) -> None:
        self.directory, self.zone = directory, ZoneInfo(zone)
        self.wall = Wall(began_s)
        self.handed_in: list[tuple[str, float]] = []
        self.record = self.begun()

    def begun(self):
        record = recorder(self.directory, self.wall, zone=self.zone)
        record.start()
        return record

    def go(self, step_s: float, what: str) -> None:
        self.wall.now_s += step_s
        if what == "batch":
            written = Event()
            self.record.run(written.set)
            assert written.wait(10.0)
        elif what == "restart":
            self.record.stop()
            self.record = self.begun()
        else:
            self.handed_in.append((what, self.wall.now_s))
            if what == "poi":
                self.record.record("poi", [poi(self.wall.now_s)])
            else:
                self.record.event("info", "test", "hello")

    def found(self) -> list[tuple[int, str, float, str]]:
        """Rows in the order they were handed in: number, table, time, file."""
        return sorted(
            (seq, table, ts, path.stem)
            for path in daily_files(self.directory)
            for table in ("poi", "events")
            for seq, ts in ask(path, f"SELECT seq, ts FROM {table}")  # noqa: S608
        )


def run(directory: Path, zone: str, near: str, steps: list[Step]) -> None:
    began_s = datetime.fromisoformat(f"{near}+00:00").timestamp()
    life = Life(directory, zone, began_s)
    for each in steps:
        life.go(*each)
    life.record.stop()
    expected = [
        (seq, table, ts, datetime.fromtimestamp(ts, life.zone).strftime("%Y_%m_%d"))
        for seq, (table, ts) in enumerate(life.handed_in, start=1)
    ]
    assert life.found() == expected
    assert life.record.dropped == 0


@settings(max_examples=int(os.environ.get("PPC_EXAMPLES", "8")), deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    near=st.sampled_from(NEAR),
    steps=st.lists(step, min_size=1, max_size=12),
)
@example("America/St_Johns", NEAR[2], [(1.0, "poi")] * 3 + [(3599.0, "poi")] * 3)
@example("Pacific/Apia", NEAR[5], [(0.5, "poi"), (0.5, "batch")] * 8)
@example("Europe/Vienna", NEAR[0], [(1.0, "events"), (-DAY_S, "poi")] * 4)
@example("UTC", NEAR[-1], [(1.0, "poi"), (1.0, "restart"), (-1.0, "poi")] * 3)
def test_no_row_is_lost_and_none_is_there_twice(zone, near, steps):
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), zone, near, steps)
