"""The demonstration plant in simulated time, recorded on real files."""

import sqlite3
from contextlib import closing, contextmanager

from ppc.application.record.clock_watch import ClockWatch
from ppc.application.record.recording import Recording
from ppc.application.record.subjects import subjects
from ppc.bench.stand import Stand
from ppc.configuration.loading import load
from ppc.database.daily import daily_files
from tests.database.files import recorder
from tests.rig import write_plant

BESS = ("bess1", "bess2", "bess3")
PV = ("pv1", "pv2", "pv3", "pv4")


class Recorded:
    """Moved by the signals of a stand. Its rows are read when it is closed."""

    def __init__(self, folder, change=lambda _: None, *, settle_s=5.0):
        folder.mkdir(exist_ok=True)
        configuration = load(write_plant(folder / "plant", change))
        self._plant = configuration.connection_point
        self.db_dir = folder / "db"
        self.stand = Stand(configuration, settle_s=settle_s)
        self.time, self.field = self.stand.time, self.stand.subject.field
        self.views = []
        self._open()
        self.stand.subject.on_cycle = self._take

    def _open(self):
        self.recorder = recorder(self.db_dir, self.time.wall_s)
        self.recorder.start()
        self.recording = Recording(
            self.recorder,
            subjects(self.field, self._plant, self.recorder),
            every_s=1.0,
            clock=self.time,
            watch=ClockWatch("trusted", lambda: None),
        )

    def restart(self, *, in_order):
        """The record alone; not `in_order`: the last word on energy is missing."""
        if in_order:
            self.recording.finish()
        self.recorder.stop()
        self._open()

    def _take(self, view, _):
        self.views.append(view)
        self.recording.take(view, self.stand.subject.processing.log.status)

    def close(self):
        self.recording.finish()
        self.recorder.stop()

    def rows(self, table, where="1"):
        """All rows of a table as dictionaries, in the order they were handed in."""
        found = []
        for path in daily_files(self.db_dir):
            with closing(sqlite3.connect(path)) as connection:
                connection.row_factory = sqlite3.Row
                sql = f"SELECT * FROM {table} WHERE {where}"  # noqa: S608
                found += map(dict, connection.execute(sql))
        return sorted(found, key=lambda row: (row["seq"], row["ts"]))


@contextmanager
def recorded(folder, change=lambda _: None, **settings):
    """Closed in the end, so that all rows are there."""
    plant = Recorded(folder, change, **settings)
    try:
        yield plant
    finally:
        plant.close()
