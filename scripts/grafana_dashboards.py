"""Writes grafana/dashboards/*.json.

python scripts/grafana_dashboards.py [--check]
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from grafana_panels import (
    FROM,
    SOURCE,
    TO,
    Json,
    age,
    band,
    curve,
    logged,
    panel,
    series,
    steps,
    target,
)

FOLDER = Path(__file__).resolve().parents[1] / "grafana" / "dashboards"
EVENTS = (
    "SELECT ts AS time, severity, source, text FROM events "
    f"WHERE ts >= {FROM} AND ts <= {TO} ORDER BY ts DESC LIMIT 200"
)
CHOSEN = " AND device IN (${device:singlequote})"
MODES = (
    "equipment_watchdog",
    "state_of_charge",
    "power_limit",
    "voltage_support",
    "set_point_tracking",
)


def overview() -> list[Json]:
    """Is it doing what was ordered, and what limits it?"""
    aim = "avg(p_w) AS aim, avg(p_order_w) AS ordered, avg(p_units_w) AS of_units"
    aim_q = (
        "avg(q_var) AS aim, avg(q_order_var) AS ordered, avg(q_units_var) AS of_units"
    )
    p_sql, q_sql = logged("decisions", aim), logged("decisions", aim_q)
    return [
        curve("Active power at the POI", band("poi", "p_w"), (0, 0, 10, 8), "watt"),
        curve("Active power aimed at", p_sql, (10, 0, 10, 8), "watt"),
        age(),
        charge_now(),
        curve(
            "Reactive power at the POI",
            band("poi", "q_var"),
            (0, 8, 10, 8),
            "voltampreact",
        ),
        curve("Reactive power aimed at", q_sql, (10, 8, 10, 8), "voltampreact"),
        curve("Voltage", band("poi", "v_v"), (0, 16, 10, 7), "volt"),
        curve("Frequency", band("poi", "f_hz"), (10, 16, 10, 7), "hertz"),
        *reasons(),
        panel("table", "Events", EVENTS, (0, 34, 24, 8)),
    ]


def charge_now() -> Json:
    """State of charge of all batteries."""
    sql = "SELECT avg(soc_pu) AS soc FROM bess WHERE ts > (SELECT max(ts) FROM bess) - 2 LIMIT 1"
    return panel(
        "gauge", "State of charge", sql, (20, 4, 4, 4), unit="percentunit", min=0, max=1
    )


def reasons() -> list[Json]:
    """What limits, and the modes of the functions, over time."""
    modes = ", ".join(f"json_extract(modes,'$.{name}') AS {name}" for name in MODES)
    limits = (
        "coalesce(nullif(p_limited_by,''),'nothing') AS P, "
        "coalesce(nullif(q_limited_by,''),'nothing') AS Q"
    )
    return [
        steps("What limits", logged("decisions", limits), (0, 23, 24, 4)),
        steps("Modes", logged("decisions", modes), (0, 27, 24, 7)),
    ]


def units() -> list[Json]:
    """What does each unit do, and what could it do?"""
    return [
        *kind_panels("bess", "Batteries", 0),
        *kind_panels("pv", "PV", 16),
        charge(),
    ]


def kind_panels(kind: str, title: str, y: int) -> list[Json]:
    """P, Q and state of the chosen units of one kind."""
    p_columns = [
        ("avg({p_w})", "measured"),
        ("avg({p_set_w})", "set_point"),
        ("avg({p_available_w})", "available"),
    ]
    q_columns = [("avg({q_var})", "measured"), ("avg({q_set_var})", "set_point")]
    p_sql, q_sql = series(kind, p_columns, CHOSEN), series(kind, q_columns, CHOSEN)
    state = series(kind, [("max({state_code})", "state")], CHOSEN)
    return [
        curve(f"{title}: P, mean of those chosen", p_sql, (0, y, 12, 8), "watt"),
        curve(
            f"{title}: Q, mean of those chosen", q_sql, (12, y, 12, 8), "voltampreact"
        ),
        steps(f"{title}: worst state (2 running, 4 fault)", state, (0, y + 8, 12, 8)),
    ]


def charge() -> Json:
    """State of charge over time."""
    columns = [
        ("avg({soc_pu})", "measured"),
        ("min({soc_pu})", "least"),
        ("max({soc_pu})", "most"),
    ]
    sql = series("bess", columns, CHOSEN)
    return curve("Batteries: state of charge", sql, (12, 8, 12, 8), "percentunit")


def health() -> list[Json]:
    """Are the cycles punctual, and is anything lost?"""
    late = "avg(late_p50_s) AS usual, max(late_max_s) AS most"
    acked = "avg(acknowledged_p50_s) AS usual, max(acknowledged_max_s) AS most"
    meter = "min(meter_in_time_pu) AS in_time"
    lost = "max(missed_count) AS missed, max(incomplete_count) AS incomplete, max(dropped_count) AS rows_dropped"
    severities = "sum(severity='warning') AS warnings, sum(severity IN ('error','critical')) AS errors"
    return [
        curve("Lateness of the tick", logged("cycles", late), (0, 0, 12, 8), "s"),
        curve(
            "Tick to last acknowledgement", logged("cycles", acked), (12, 0, 8, 8), "s"
        ),
        age(),
        curve(
            "Cycles with a meter value of their own",
            logged("cycles", meter),
            (0, 8, 12, 8),
            "percentunit",
        ),
        curve("Lost since the start", logged("cycles", lost), (12, 8, 12, 8), "short"),
        curve("Events", logged("events", severities), (0, 16, 12, 8), "short"),
        panel("table", "Events", EVENTS, (12, 16, 12, 8)),
    ]


DEVICES = "SELECT DISTINCT device FROM bess UNION SELECT DISTINCT device FROM pv ORDER BY 1 LIMIT 1000"
VARIABLE = {
    "name": "device",
    "label": "Device",
    "type": "query",
    "datasource": SOURCE,
    "query": target(DEVICES),
    "refresh": 1,
    "multi": True,
    "includeAll": True,
    "current": {"text": ["All"], "value": ["$__all"]},
}


def note() -> Json:
    """Events as marks in every panel."""
    sql = (
        "SELECT ts AS time, text FROM events WHERE severity IN ('warning','error') "
        f"AND ts >= {FROM} AND ts <= {TO} ORDER BY ts LIMIT 200"
    )
    return {
        "name": "Events",
        "enable": True,
        "iconColor": "red",
        "datasource": SOURCE,
        "target": target(sql),
    }


def dashboard(
    uid: str, title: str, panels: list[Json], variables: Sequence[Json] = ()
) -> Json:
    """One dashboard around its panels."""
    links = {
        "type": "dashboards",
        "tags": ["ppc"],
        "asDropdown": True,
        "keepTime": True,
        "title": "Plant",
    }
    return {
        "uid": uid,
        "title": title,
        "schemaVersion": 42,
        "tags": ["ppc"],
        "editable": False,
        "graphTooltip": 1,
        "refresh": "10s",
        "time": {"from": "now-15m", "to": "now"},
        "timezone": "browser",
        "links": [links],
        "annotations": {"list": [note()]},
        "templating": {"list": list(variables)},
        "panels": [{"id": i, **each} for i, each in enumerate(panels, 1)],
    }


DASHBOARDS = {
    "plant_overview": lambda: dashboard("plant_overview", "Plant overview", overview()),
    "batteries_and_pv": lambda: dashboard(
        "batteries_and_pv", "Batteries and PV", units(), [VARIABLE]
    ),
    "controller_health": lambda: dashboard(
        "controller_health", "Controller health", health()
    ),
}


def main(arguments: list[str]) -> int:
    """Write the dashboards, or say which are out of date."""
    texts = {
        FOLDER / f"{name}.json": json.dumps(make(), indent=1) + "\n"
        for name, make in DASHBOARDS.items()
    }
    stale = [p for p, text in texts.items() if not p.exists() or p.read_text() != text]
    for path in stale:
        if "--check" in arguments:
            sys.stderr.write(
                f"{path.name} is out of date: run scripts/grafana_dashboards.py\n"
            )
        else:
            path.write_text(texts[path])
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
