"""Writes grafana/dashboards/*.json: what people see of the record.

    python scripts/grafana_dashboards.py [--check]

With --check nothing is written; exit code 1 says that a dashboard is out of date.
Beside it: grafana_queries.py, the SQL; grafana_panels.py, the form of a panel; and
grafana_signals.py, names and colours.
"""

import json
import sys
from pathlib import Path

from grafana_panels import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    YELLOW,
    Json,
    Shown,
    band,
    bars,
    curves,
    dashboard,
    figures,
    listing,
    marks,
    states,
    variable,
)
from grafana_queries import (
    AGE,
    EVENTS,
    EVENTS_MARKED,
    FINISHED_DAYS,
    LIMITED,
    MODES_MARKED,
    UNITS_MS,
    UNITS_NOW,
    devices,
    events_counted,
    last,
    modes,
    samples,
)
from grafana_signals import (
    COUNTS,
    DAYS,
    DEVICE,
    LIMITS,
    MODES,
    P_AIM,
    P_LEAST,
    P_MOST,
    P_ORDER,
    P_SET,
    Q_AIM,
    Q_ORDER,
    Q_SET,
    QUALITIES,
    QUALITY,
    SEVERITIES,
    SOC,
    STATE,
    STATES,
    TIME,
    V_ORDER,
    VAR,
    F,
    P,
    Q,
    V,
    W,
    named,
)

from ppc.metier import FUNCTIONS

FOLDER = Path(__file__).resolve().parents[1] / "grafana" / "dashboards"

MARKS = (
    marks("warnings and errors", EVENTS_MARKED, RED, enable=True),
    marks("changes of mode", MODES_MARKED, BLUE, enable=False),
)


def measured(signal: str) -> str:
    """Average, least and greatest of a signal of the POI."""
    most = {f"{signal}_{figure}": f"{figure} {signal}" for figure in ("min", "max")}
    return samples("poi", {signal: f"avg {signal}", **most})


def decided(**columns: str) -> str:
    """Averages of decisions."""
    return samples("decisions", {name: f"avg {of}" for name, of in columns.items()})


def by_kind(quantity: str, suffix: str, unit: str) -> tuple[list[str], list[Shown]]:
    """Sums of all batteries and of all PV, and how they look."""
    kinds = (("bess", "batteries", GREEN), ("pv", "PV", YELLOW))
    sums = [
        samples(
            kind,
            {f"{kind}_{suffix}": f"sum {quantity}_{suffix}"},
            raw_below_ms=UNITS_MS,
        )
        for kind, _, _ in kinds
    ]
    return sums, [Shown(f"{kind}_{suffix}", t, unit, c) for kind, t, c in kinds]


def charge() -> Json:
    """State of charge of all batteries together."""
    most = {f"soc_pu_{figure}": f"{figure} soc_pu" for figure in ("min", "max")}
    sql = samples("bess", {"soc_pu": "avg soc_pu", **most}, raw_below_ms=UNITS_MS)
    return curves(
        "State of charge, least to greatest",
        [sql],
        band(SOC),
        axisSoftMin=0,
        axisSoftMax=1,
    )


def last_events() -> Json:
    """The newest events of the range shown."""
    severity = Shown("severity", "severity", "none", GREY)
    shown = (TIME, severity, *(Shown(n, n, "none", GREY) for n in ("source", "text")))
    return listing("Last events", EVENTS, shown, {"severity": named(SEVERITIES)})


def data_age() -> Json:
    """How long ago the last row was written."""
    age = Shown("age_s", "since the last row", "s", GREEN)
    return figures("Age of the data", [AGE], [age], {GREEN: None, ORANGE: 5, RED: 30})


def plant_overview() -> Json:
    """The plant as its operator sees it."""
    power = figures("Power now", [last("poi", "p_w", "q_var")], (P, Q))
    grid = figures("Grid now", [last("poi", "v_v", "f_hz")], (V, F))
    aim_p = decided(p_aim_w="p_w", p_order_w="p_order_w")
    aim_q = decided(q_aim_var="q_var", q_order_var="q_order_var")
    order_v = decided(v_order_pu="v_order_pu")
    p = curves("P", [measured("p_w"), aim_p], (*band(P), P_AIM, P_ORDER))
    q = curves("Q", [measured("q_var"), aim_q], (*band(Q), Q_AIM, Q_ORDER))
    v = curves("U", [measured("v_v"), order_v], (*band(V), V_ORDER))
    f = curves("f", [measured("f_hz")], band(F))
    sums_p = curves("P of all batteries, of all PV", *by_kind("p", "w", W))
    sums_q = curves("Q of all batteries, of all PV", *by_kind("q", "var", VAR))
    limited = [Shown(f"{x}_limited_by", x.upper(), "none", GREY) for x in "pq"]
    names = ("measurement", *FUNCTIONS)
    functions = [Shown(n, n.replace("_", " "), "none", GREY) for n in names]
    limits = states("What limits P and Q", LIMITED, limited, named(LIMITS))
    function_modes = states(
        *("Control functions", modes(names), functions, named(MODES))
    )
    rows = (
        (4, (power, grid, data_age())),
        (8, (p, q)),
        (8, (v, f)),
        (8, (charge(), sums_p, sums_q)),
        (5, (limits,)),
        (7, (function_modes,)),
        (8, (last_events(),)),
    )
    return dashboard("ppc-plant-overview", "Plant overview", rows, annotations=MARKS)


def batteries_and_pv() -> Json:
    """All units now, and one battery and one inverter over time."""
    shown = (DEVICE, P, P_SET, Q, Q_SET, SOC, P_LEAST, P_MOST, STATE, QUALITY)
    of = {"state_code": STATES, "quality": QUALITIES}
    rows = (
        (9, (listing("Units now", UNITS_NOW, shown, of),)),
        *unit_rows("bess", "battery"),
        *unit_rows("pv", "inverter"),
    )
    return dashboard(
        *("ppc-batteries-and-pv", "Batteries and PV", rows),
        annotations=MARKS,
        variables=(
            variable("battery", "Battery", devices("bess")),
            variable("inverter", "PV inverter", devices("pv")),
        ),
    )


def unit_rows(kind: str, chosen: str) -> tuple[tuple[int, tuple[Json, ...]], ...]:
    """One unit over time: the one that the variable `chosen` says."""

    def of(figure: str, *shown: Shown) -> str:
        columns = {column.column: f"{figure} {column.column}" for column in shown}
        return samples(kind, columns, device=chosen, raw_below_ms=UNITS_MS)

    name, p, q = f"${chosen}", (P, P_SET, P_MOST), (Q, Q_SET)
    if kind == "bess":
        p = (*p, P_LEAST)
    panels = [
        curves(f"{name}: P", [of("avg", *p)], p),
        curves(f"{name}: Q", [of("avg", *q)], q),
    ]
    if kind == "bess":
        panels.append(curves(f"{name}: state of charge", [of("avg", SOC)], [SOC]))
    state = states(f"{name}: state, worst", of("max", STATE), [STATE], STATES)
    quality = states(
        *(f"{name}: quality, worst", of("max", QUALITY), [QUALITY], QUALITIES)
    )
    return (8, tuple(panels)), (4, (state, quality))


def controller_health() -> Json:
    """Whether the controller is in time and the record whole."""

    def times(what: str, signal: str) -> Json:
        usual = Shown(f"{signal}_p50_s", "usual", "s", BLUE)
        longest = Shown(f"{signal}_max_s", "longest", "s", RED)
        columns = {usual.column: f"avg {usual.column}"}
        columns[longest.column] = f"max {longest.column}"
        return curves(what, [samples("cycles", columns)], (usual, longest))

    in_time = Shown("meter_in_time_pu", "part of the cycles", "percentunit", GREEN)
    in_time_sql = samples("cycles", {in_time.column: f"min {in_time.column}"})
    counts = [column.column for column in COUNTS]
    counted = samples("cycles", {name: f"max {name}" for name in counts})
    severities = [Shown(s, s, "none", colour) for s, colour in SEVERITIES.items()]
    quality = samples("poi", {QUALITY.column: f"max {QUALITY.column}"})
    events = bars("Events", events_counted(SEVERITIES), severities)
    days = listing("Finished days", FINISHED_DAYS, DAYS)
    since = figures("Since start", [last("cycles", *counts)], COUNTS)
    late = times("Tick later than due", "late")
    answered = times("Tick to the last unit's acknowledgement", "acknowledged")
    meter = curves("New meter value in time", [in_time_sql], [in_time])
    trouble = curves("Counts since start", [counted], COUNTS)
    worst = states("POI meter: quality, worst", quality, [QUALITY], QUALITIES)
    rows = (
        (4, (data_age(), since)),
        (8, (late, answered)),
        (8, (meter, trouble)),
        (4, (worst,)),
        (8, (events, last_events())),
        (8, (days,)),
    )
    return dashboard(
        *("ppc-controller-health", "Controller health", rows), annotations=MARKS
    )


DASHBOARDS = {
    "plant_overview.json": plant_overview,
    "batteries_and_pv.json": batteries_and_pv,
    "controller_health.json": controller_health,
}


def main(arguments: list[str]) -> int:
    """Write the dashboards, or say which are out of date."""
    made = {
        FOLDER / name: json.dumps(build(), indent=1) + "\n"
        for name, build in DASHBOARDS.items()
    }
    stale = [
        path
        for path, text in made.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if "--check" in arguments:
            sys.stderr.write(f"{path.name} is out of date: run {Path(__file__).name}\n")
        else:
            path.write_text(made[path], encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
