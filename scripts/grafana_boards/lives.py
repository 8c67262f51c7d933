"""SQL of what happened: events, commands and orders with their lives, energy."""

from collections.abc import Iterable

from grafana_boards.statements import SHOWN

_LATELY = "ts >= max($__from / 1000.0, $__to / 1000.0 - {}) AND ts <= $__to / 1000.0"
LIVES_S = 2 * 3600
"""Lives are looked at over so much of the end of the range: every unit has a command
each 10 s, and some steps of each."""
_LIVES = _LATELY.format(LIVES_S)

EVENTS = (
    "SELECT ts AS time, severity, source, text FROM events\n"
    f"WHERE {SHOWN} ORDER BY ts DESC LIMIT 500"
)
EVENTS_MARKED = (
    "SELECT time, text, tags FROM (SELECT ts AS time, source || ': ' || text AS text,\n"
    f"severity AS tags FROM events WHERE {SHOWN} AND severity <> 'info'\n"
    "ORDER BY ts DESC LIMIT 200) ORDER BY time"
)
MODES_MARKED = EVENTS_MARKED.replace(
    "severity <> 'info'", "severity = 'info' AND text LIKE '% -> %'"
)
ORDERS_MARKED = (
    "SELECT time, text, tags FROM (SELECT ts AS time,\n"
    "source || ': ' || key || coalesce(' = ' || value, '') AS text, state AS tags\n"
    f"FROM orders WHERE {SHOWN} AND state IN ('accepted', 'refused')\n"
    "ORDER BY ts DESC LIMIT 200) ORDER BY time"
)


def events_counted(severities: Iterable[str]) -> str:
    """Events of each severity, by the minute or by the step when that is longer."""
    step = "max(60, $__interval_ms / 1000)"
    made = ", ".join(f"sum(severity = '{s}') AS {s}" for s in severities)
    return (
        f"SELECT cast(ts / {step} AS int) * {step} AS time, {made}\n"
        f"FROM events WHERE {SHOWN} GROUP BY 1 ORDER BY 1"
    )


def steps_counted(states: Iterable[str]) -> str:
    """Steps of commands' lives, by the minute."""
    step = "max(60, $__interval_ms / 1000)"
    made = ", ".join(f"sum(state = '{s}') AS {s}" for s in states)
    return (
        f"SELECT cast(ts / {step} AS int) * {step} AS time, {made}\n"
        f"FROM commands WHERE {_LIVES} GROUP BY 1 ORDER BY 1"
    )


def lives(table: str, keys: str, columns: str, where: str) -> str:
    """The newest lives, a row each: when they began, how they stand, what took how
    long.
    """
    of = f"PARTITION BY {keys}, number"

    def took(state: str) -> str:
        first = f"min(CASE WHEN state = '{state}' THEN ts END) OVER ({of})"
        return f"{first} - min(ts) OVER ({of}) AS {state}_s"

    return (
        f"SELECT began_ms, {keys}, {columns}, state, reason, written_s, achieved_s,\n"
        f"life_s FROM (SELECT {keys}, {columns}, state, reason,\n"
        f"min(ts) OVER ({of}) * 1000.0 AS began_ms,\n{took('written')},\n"
        f"{took('achieved')},\nmax(ts) OVER ({of}) - min(ts) OVER ({of}) AS life_s,\n"
        f"row_number() OVER ({of} ORDER BY ts DESC, seq DESC) AS place\n"
        f"FROM (SELECT ts, seq, {keys}, {columns}, number, state, reason FROM {table}\n"
        f"WHERE {where} ORDER BY ts DESC LIMIT 1500))\n"
        "WHERE place = 1 ORDER BY began_ms DESC LIMIT 300"
    )


COMMANDS = lives("commands", "device", "source, p_set_w, q_set_var", _LIVES)
ORDERS = lives("orders", "source, key", "value", SHOWN)


def how_long(state: str, column: str) -> str:
    """From the issue of a command to a step, in each step of time: usual and longest."""
    step = "max(10, $__interval_ms / 1000)"
    return (
        f"SELECT cast(began / {step} AS int) * {step} AS time,\n"
        f"avg(later - began) AS {column}_avg_s, max(later - began) AS {column}_max_s\n"
        "FROM (SELECT min(CASE WHEN state = 'issued' THEN ts END) AS began,\n"
        f"min(CASE WHEN state = '{state}' THEN ts END) AS later\n"
        f"FROM commands WHERE {_LIVES} GROUP BY device, number)\n"
        "WHERE began IS NOT NULL AND later IS NOT NULL GROUP BY 1 ORDER BY 1"
    )


ENDED = (
    "SELECT source, "
    + ", ".join(
        f"sum(state = '{state}') AS {state}"
        for state in ("issued", "achieved", "superseded", "refused", "expired")
    )
    + f"\nFROM commands WHERE {_LIVES} GROUP BY source ORDER BY 2 DESC LIMIT 50"
)
"""How commands ended, by who asked for them."""

_DAYS = (
    "day >= date($__from / 1000, 'unixepoch', '-1 day') "
    "AND day <= date($__to / 1000, 'unixepoch', '+1 day')"
)
_OF_POI = "sum(CASE WHEN device = 'poi' THEN {0} END) AS {0}"
_FLOWS = (
    f"{_OF_POI.format('e_export_wh')}, {_OF_POI.format('e_import_wh')},\n"
    "sum(e_possible_wh) AS e_possible_wh,\nsum(CASE WHEN e_possible_wh IS NOT NULL "
    "THEN max(0.0, e_possible_wh - e_export_wh) END) AS e_curtailed_wh"
)
ENERGY_BY_DAY = (
    f"SELECT day, {_FLOWS}\nFROM energy_1d WHERE {_DAYS} GROUP BY day "
    "ORDER BY day LIMIT 800"
)
ENERGY_BY_MONTH = (
    f"SELECT substr(day, 1, 7) AS month, {_FLOWS}\nFROM energy_1d "
    f"WHERE day >= date($__to / 1000, 'unixepoch', '-13 months') "
    "GROUP BY 1 ORDER BY 1 LIMIT 14"
)
ENERGY_BY_DEVICE_AND_DAY = (
    "SELECT day, device, e_export_wh, e_import_wh, e_possible_wh\n"
    f"FROM energy_1d WHERE {_DAYS} ORDER BY day DESC, rtrim(device, '0123456789'), length(device), device LIMIT 1000"
)
_LONG_MS = 86_400_000
_ENERGIES = ("e_export_wh", "e_import_wh", "e_possible_wh")
ENERGY_IN_RANGE = (
    "WITH first AS (SELECT device, e_export_wh, e_import_wh, e_possible_wh FROM energy\n"
    f"WHERE ts = (SELECT min(ts) FROM energy WHERE {SHOWN})),\n"
    "last AS (SELECT device, e_export_wh, e_import_wh, e_possible_wh FROM energy\n"
    f"WHERE ts = (SELECT max(ts) FROM energy WHERE {SHOWN})),\n"
    "flows AS (SELECT device, "
    + ", ".join(f"last.{e} - first.{e} AS {e}" for e in _ENERGIES)
    + f"\nFROM last JOIN first USING (device) WHERE $__to - $__from <= {_LONG_MS}\n"
    "UNION ALL SELECT device, "
    + ", ".join(f"sum({e})" for e in _ENERGIES)
    + f"\nFROM energy_15m WHERE $__to - $__from > {_LONG_MS} AND {SHOWN} "
    "GROUP BY device)\n"
    "SELECT device, e_export_wh, e_import_wh, e_possible_wh,\n"
    "max(0.0, e_possible_wh - e_export_wh) AS e_curtailed_wh\n"
    "FROM flows ORDER BY rtrim(device, '0123456789'), length(device), device LIMIT 1000"
)
"""From the counters; over more than a day from the quarters of an hour."""
_HOUR = "max(3600, $__interval_ms / 1000)"
ENERGY_BY_HOUR = (
    f"SELECT cast(ts / {_HOUR} AS int) * {_HOUR} AS time, sum(e_export_wh) AS "
    f"e_export_wh,\nsum(e_import_wh) AS e_import_wh FROM energy_15m\n"
    f"WHERE device = 'poi' AND {SHOWN} GROUP BY 1 ORDER BY 1"
)
