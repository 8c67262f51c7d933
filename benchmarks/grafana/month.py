"""Thirty days of the plant in trend.db, with the tables and roll-ups of the record.

The last days are rows a second, those before minutes, as the record keeps them; lives of
commands and verdicts stand for the days of rows.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine

from benchmarks.grafana import plant
from benchmarks.grafana.plant import BATTERIES, DAY_S, DEVICES, INVERTERS, State, state
from ppc.database.energy import make_energy, make_energy_day
from ppc.database.minutes import make_minutes, unmade_quarters
from ppc.database.schema import FIGURES, KINDS, SAMPLED, TREND

NOW_S = 1_795_262_400
"""2026-11-21 12:00 UTC."""
DAYS_COUNT = 30
_HOUR_S, _MINUTE_S = 3600, 60
_OFF_S = range(NOW_S - 30 * _HOUR_S, NOW_S - 30 * _HOUR_S + 25 * _MINUTE_S)
"""The controller was off."""
Rows = list[dict]


def make(path: Path, *, days_count: int = DAYS_COUNT, raw_hours: int = 72) -> Path:
    """Write the file anew: so many days, the last hours of them a row a second."""
    path.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{path}")
    TREND.create_all(engine)
    begin_s, raw_s = NOW_S - days_count * DAY_S, NOW_S - raw_hours * _HOUR_S
    month = Month()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA journal_mode=OFF")
        for hour_s in range(begin_s, NOW_S, _HOUR_S):
            write(connection, month.hour(hour_s, is_raw=hour_s >= raw_s))
            tell(f"{(hour_s - begin_s) // _HOUR_S} of {days_count * 24} h")
        write(connection, [("days", list(days(begin_s)))])
        connection.commit()
    with engine.begin() as connection:
        for kind in SAMPLED:
            raw = TREND.tables[kind.name]
            connection.execute(make_minutes(kind, raw, since_s=raw_s))
        for statement in unmade_quarters(connection):
            connection.execute(statement)
        make_energy(connection, begin_s // 900 * 900, NOW_S)
        for ts in range(begin_s, NOW_S + 1, DAY_S):
            make_energy_day(connection, datetime.fromtimestamp(ts, UTC).date(), UTC)
    engine.dispose()
    tell("")
    return path


def tell(what: str) -> None:
    sys.stderr.write(f"\r{what:<30}")


def write(connection: sqlite3.Connection, batch: Iterable[tuple[str, Rows]]) -> None:
    for table, rows in batch:
        names = list(TREND.tables[table].c.keys())
        marks = ", ".join("?" for _ in names)
        values = (tuple(map(row.get, names)) for row in rows)
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)


def sampled(s: State) -> Iterator[tuple[str, Rows]]:
    """One second of the plant, by table."""
    yield "poi", [plant.poi(s)]
    yield "bess", [plant.bess(s, n) for n in range(len(BATTERIES))]
    yield "pv", [plant.pv(s, n) for n in range(len(INVERTERS))]
    yield "decisions", [plant.decisions(s)]
    yield "cycles", [plant.cycles(s)]
    yield "links", [plant.link(s, n) for n in range(len(DEVICES))]
    if s.ts % _MINUTE_S == 0:
        yield "verdicts", plant.verdicts(s)


class Month:
    """What is handed in, second by second: every hand-in has its number."""

    def __init__(self) -> None:
        self._seq = 0
        self._counted = dict.fromkeys(DEVICES, (0.0, 0.0, 0.0))

    def hour(self, hour_s: int, *, is_raw: bool) -> Iterator[tuple[str, Rows]]:
        """An hour, a row a second; or its minutes, and what comes less often."""
        found: dict[str, Rows] = {}
        for ts in range(hour_s, hour_s + _HOUR_S, 1 if is_raw else _MINUTE_S):
            if ts in _OFF_S:
                continue
            s = state(ts)
            batch = [*(sampled(s) if is_raw else ()), *self._rare(s)]
            if is_raw:
                batch += [*lives(s), *events(ts)]
            for table, rows in batch:
                self._seq += 1
                found.setdefault(table, []).extend(
                    {"ts": float(ts), "seq": self._seq, "clock": 1, **row}
                    for row in rows
                )
        if not is_raw:
            yield from minutes(hour_s)
        yield from found.items()

    def _rare(self, s: State) -> Iterator[tuple[str, Rows]]:
        """Energy and orders."""
        if s.ts % _MINUTE_S == 0:
            yield (
                "energy",
                [self._energy(device, *of) for device, of in flows(s).items()],
            )
        if s.ts % 1800 == 0:
            yield "orders", orders(s)

    def _energy(self, device: str, p_w: float, possible_w: float | None) -> dict:
        out, into, possible = self._counted[device]
        out, into = out + max(0.0, p_w) / 60, into + max(0.0, -p_w) / 60
        possible += (possible_w or 0.0) / 60
        self._counted[device] = out, into, possible
        told = {"device": device, "e_export_wh": out, "e_import_wh": into}
        return told | {"e_possible_wh": None if possible_w is None else possible}


def flows(s: State) -> dict[str, tuple[float, float | None]]:
    """P of each device, and what it could have been."""
    rows = [plant.pv(s, n) for n in range(len(INVERTERS))]
    return {
        "poi": (s.p_w, None),
        **{name: (s.p_bess_w / len(BATTERIES), None) for name in BATTERIES},
        **{row["device"]: (row["p_w"], row["p_available_w"]) for row in rows},
    }


def orders(s: State) -> Rows:
    """An order of SCADA, now and then one it may not give."""
    order = {"source": "scada", "key": "p_set_w", "number": s.ts, "value": s.order_w}
    end = {"state": "accepted"}
    if s.ts % 18_000 == 0:
        end = {"state": "refused", "reason": "out of range"}
    return [{**order, "state": "received"}, {"ts": s.ts + 0.001, **order, **end}]


def lives(s: State) -> Iterator[tuple[str, Rows]]:
    """Every unit has a command each 10 s."""
    if s.ts % 10:
        return
    source = "scada" if not plant.limited_by(s) else plant.limited_by(s)
    steps = (
        ("issued", 0.0),
        ("written", 0.012),
        ("confirmed", 0.11),
        ("achieved", 2.4),
    )
    rows = []
    for n, device in enumerate((*BATTERIES, *INVERTERS)):
        asked = {"device": device, "number": int(s.ts * 1000), "source": source}
        asked |= {"p_set_w": s.p_w / 8, "q_set_var": s.q_var / 8}
        late_s = 0.004 * n + 0.002 * plant.noise(s.ts, n)
        lost = (s.ts // 10 + n) % 211 == 0
        for state_, after_s in steps[:1] if lost else steps:
            rows.append(
                {
                    "ts": s.ts + after_s + bool(after_s) * late_s,
                    **asked,
                    "state": state_,
                }
            )
        if lost:
            refused = {"state": "refused", "reason": "illegal data value"}
            rows.append({"ts": s.ts + 0.02, **asked, **refused})
    yield "commands", rows


def minutes(hour_s: int) -> Iterator[tuple[str, Rows]]:
    """An hour in minutes: figures of one second, somewhat spread."""
    found: dict[str, Rows] = {}
    for ts in range(hour_s, hour_s + _HOUR_S, _MINUTE_S):
        for table, rows in sampled(state(ts)):
            if table != "verdicts":
                found.setdefault(table, []).extend(
                    rolled_up(table, ts, r) for r in rows
                )
    yield from ((f"{table}_1m", rows) for table, rows in found.items())


SPREAD: dict[str, Callable[[float, float], float]] = {
    "avg": lambda x, _: x,
    "min": lambda x, part: x - abs(x) * part,
    "max": lambda x, part: x + abs(x) * part,
}


def rolled_up(table: str, ts: int, row: dict) -> dict:
    kind = KINDS[table]
    numbers = {
        f"{name}_{figure}": row[name]
        if name.endswith(("quality", "_count", "_code", "_pu"))
        else SPREAD[figure](row[name], 0.0004 if name == "f_hz" else 0.01)
        for name in kind.numbers
        if row.get(name) is not None
        for figure in FIGURES
    }
    texts = {name: row.get(name) for name in (*kind.key, *kind.texts)}
    return {"ts": ts, "samples_count": 60, **texts, **numbers}


def events(ts: int) -> Iterator[tuple[str, Rows]]:
    if ts % 431:
        return
    number = ts // 431
    severity, source, text = "info", "power_limit", "auto -> limiting"
    if number % 37 == 0:
        severity, source, text = "error", "bess3", "state: running -> fault"
    elif number % 9 == 0:
        severity, source, text = "warning", "pv4", "no reply within 0.200 s"
    yield "events", [{"severity": severity, "source": source, "text": text}]


def days(begin_s: int) -> Iterator[dict]:
    for number, ts in enumerate(range(begin_s // DAY_S * DAY_S, NOW_S - DAY_S, DAY_S)):
        day = datetime.fromtimestamp(ts, UTC).strftime("%Y_%m_%d")
        yield {
            "day": day,
            "t0": float(ts),
            "t1": ts + 86_399.0,
            "file": f"{day}.db",
            "rows": 1_728_000,
            "bytes": 61_000_000 + 9000 * number,
            "integrity": "row 7 missing from index" if number == 11 else "ok",
            "seq_first": number * 700_000 + (5 if number == 17 else 1),
            "seq_last": (number + 1) * 700_000,
            "thinned": 1 if number < 6 else 0,
        }
