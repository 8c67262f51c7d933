"""Many devices polled and written by the controller's own field, without control.

    python -m benchmarks.modbus.polling UNITS PERIOD_S SECONDS PORT

A whole `Aggregation` of a meter and so many units: at each tick every device is asked
(FC3, 20 registers, decoded by a profile), half a period later each unit is sent new
set-points (FC16, 4 registers, encoded by the profile). Prints one JSON object.
"""

import asyncio
import json
import sys
from pathlib import Path
from resource import RUSAGE_SELF, getpagesize, getrusage
from time import monotonic

import uvloop

from benchmarks.modbus.field import CONNECTIONS_EACH
from ppc.adapter.profile import DeviceProfile
from ppc.application.aggregation import Aggregation
from ppc.application.clock import next_deadline
from ppc.application.cycle import Cycle
from ppc.application.device import FieldDevice
from ppc.application.lead import Lead
from ppc.application.realtime import prepare_process
from ppc.communication.driver import ModbusTcp
from ppc.communication.driver.modbus_tcp import ModbusTcpSettings
from ppc.datamodel.command import Command

METER = {"v_v": (14, "u32", 0.1), "f_hz": (16, "u32", 0.001)}
POWER = {"p_w": (5, "s32", 1), "q_var": (7, "s32", 1)}
UNIT = {
    "state_code": (4, "u16", 1),
    "p_available_w": (9, "u32", 1),
    "p_available_min_w": (11, "s32", 1),
    "soc_pu": (13, "u16", 0.001),
}
WARM_S = 3.0


def profile(kind, points):
    block = {
        "address": 0,
        "count": 20,
        "points": [
            {"key": k, "address": a, "type": t, "scale": s}
            for k, (a, t, s) in points.items()
        ],
    }
    taken = [
        {"key": key, "address": 100 + 2 * i, "type": "s32"}
        for i, key in enumerate(("p_set_w", "q_set_var"))
    ]
    commands = {"address": 100, "count": 4, "points": taken}
    return DeviceProfile.model_validate(
        {"source": "benchmarks/latency/field.c", "type": kind, "blocks": [block]}
        | ({"commands": [commands]} if kind != "poi" else {})
    )


def field_of(units, period_s, port):
    meter = profile("poi", METER | POWER)
    unit = profile("bess", UNIT | POWER)

    def device(i):
        at = ModbusTcpSettings(host="127.0.0.1", port=port + i // CONNECTIONS_EACH)
        return FieldDevice(
            f"d{i:04}",
            unit if i else meter,
            ModbusTcp(at),
            station=1,
            first_slot=i,
            period_s=period_s,
            rating=None,
            now_s=monotonic,
        )

    return Aggregation(
        device(0), [device(1 + i) for i in range(units)], period_s, monotonic
    )


class Took(Lead):
    """Remembers how long each round of reading took."""

    def __init__(self, period_s):
        super().__init__(0.2 * period_s, most_s=0.6 * period_s)
        self.took_s = []

    def learn(self, took_s):
        super().learn(took_s)
        self.took_s.append(took_s)


class Rounds:
    """Keeps the field on its beat, and counts what did not come within its period."""

    def __init__(self, field, period_s):
        self.field, self.period_s = field, period_s
        field.units_lead = Took(period_s)
        self.tick_s = monotonic() + period_s
        self.begin()

    def begin(self):
        self.rounds = self.missed = self.unanswered = self.unacknowledged = 0
        self.overruns = self.written = 0
        self.written_s, self.late_s = [], []
        self.field.units_lead.took_s.clear()
        self.skipped_before = self.skipped
        self.began_s, self.busy_s = monotonic(), cpu_s()

    @property
    def skipped(self):
        """Questions not put because the one before was still open."""
        return sum(p.skipped_count for d in self.field.devices for p in d.polls)

    async def keep(self, count):
        """So many rounds; each ends when the next is to begin."""
        await until(self.tick_s)
        for _ in range(count):
            tick_s = self.tick_s
            self.late_s.append(monotonic() - tick_s)
            self.field.read_units(tick_s)
            self.field.read_meter(tick_s)
            await until(tick_s + self.period_s / 2)
            cycle = self.write()
            self.tick_s, missed = next_deadline(tick_s, self.period_s, monotonic())
            await until(self.tick_s)
            self.judge(tick_s, cycle, missed)

    def write(self):
        """New set-points for every unit."""
        now_s = monotonic()
        cycle = Cycle(now_s, now_s)
        p_w = float(self.rounds % 1000)
        commands = [Command(unit.name, p_w, -p_w) for unit in self.field.units]
        self.field.write(commands, cycle, now_s + self.period_s / 2)
        return cycle

    def judge(self, tick_s, cycle, missed):
        """Count what the round that is over has not brought."""
        rows = self.field.rows
        unanswered = sum(row is None or row.time_s != tick_s for row in rows)
        unacknowledged = len(self.field.units) - cycle.acknowledged_count
        self.rounds += 1
        self.missed += missed
        self.unanswered += unanswered
        self.unacknowledged += unacknowledged
        self.written += cycle.acknowledged_count
        self.overruns += missed + bool(unanswered or unacknowledged)
        if not unacknowledged:
            self.written_s.append(cycle.acknowledged_s)

    def figures(self):
        wall_s = monotonic() - self.began_s
        read = self.rounds * len(self.field.rows) - self.unanswered
        return {
            "rounds": self.rounds,
            "overruns": self.overruns,
            "missed": self.missed,
            "skipped": self.skipped - self.skipped_before,
            "unanswered": self.unanswered,
            "unacknowledged": self.unacknowledged,
            "requests_per_s": (read + self.written) / wall_s,
            "cpu_percent": 100.0 * (cpu_s() - self.busy_s) / wall_s,
            "rss_mb": rss_mb(),
            "read_s": sorted(self.field.units_lead.took_s),
            "written_s": sorted(self.written_s),
            "late_s": sorted(self.late_s),
        }


async def until(deadline_s):
    await asyncio.sleep(max(0.0, deadline_s - monotonic()))


def cpu_s():
    usage = getrusage(RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def rss_mb():
    """Memory now, not at its most."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * getpagesize() / 2**20


async def run(units, period_s, seconds, port):
    field = field_of(units, period_s, port)
    field.start(asyncio.get_running_loop().call_later)
    while not all(d.driver.connected for d in field.devices):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    prepare_process()
    rounds = Rounds(field, period_s)
    await rounds.keep(max(3, round(WARM_S / period_s)))  # all are heard, code is warm
    rounds.begin()
    await rounds.keep(max(1, round(seconds / period_s)))
    figures = rounds.figures()
    await field.close()
    return figures


def main():
    units, port = int(sys.argv[1]), int(sys.argv[4])
    figures = uvloop.run(run(units, float(sys.argv[2]), float(sys.argv[3]), port))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
