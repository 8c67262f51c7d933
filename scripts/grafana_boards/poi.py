"""Dashboard: the connection point beside set-points, limits, capability and laws."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from grafana_boards import common, now, plant
from grafana_boards.colours import BLUE, GREEN, ORANGE, PURPLE, RED, YELLOW
from grafana_boards.common import MARKS
from grafana_boards.frame import dashboard
from grafana_boards.panels import curves, figures, points
from grafana_boards.signals import (
    P_AIM,
    P_LEAST,
    P_LIMIT,
    P_LIMIT_MIN,
    P_MOST,
    P_ORDER,
    Q_AIM,
    Q_LEAST,
    Q_MOST,
    Q_ORDER,
    RIGHT,
    VAR,
    F,
    P,
    Q,
    Shown,
    V,
    W,
    band,
)
from grafana_boards.statements import SHOWN, samples

_LAWS_COUNT = 600


def board() -> Dashboard:
    """P, Q, U and f, and the laws between them."""
    rows = (
        (4, ((6, common.data_age()), (18, at_present()))),
        (10, (active(), reactive())),
        (11, (q_over_u(), p_over_f())),
        (8, (plant.voltage(), plant.frequency())),
        (8, (missing(), apart())),
        (8, phases()),
        (5, (common.limits(),)),
        (4, (common.device_quality("poi"),)),
    )
    says = "Does the plant keep its orders, its limits and the grid code at the POI?"
    return dashboard(common.POI, "POI and grid code", says, rows, marks=MARKS)


def at_present() -> Panel:
    """The four signals now."""
    says = "The last row of the range shown. P > 0 leaves for the grid."
    shown = [signal._replace(decimals=3) for signal in (P, Q, V, F)]
    return figures("Now", says, [now.last("poi", "p_w", "q_var", "v_v", "f_hz")], shown)


def active() -> Panel:
    """P with everything it is bound by."""
    names = ("p_order_w", "p_limit_max_w", "p_limit_min_w")
    able = ("p_available_w", "p_available_min_w")
    bound = plant.decided(p_aim_w="p_w", **{n: n for n in (*names, *able)})
    return curves(
        "P: order, limits, capability",
        "P between what was ordered at most and at least (red) and what the units can "
        "do (grey). Outside red: the limit is broken, see Why.",
        [plant.measured("p_w"), bound],
        (*band(P), P_AIM, P_ORDER, P_LIMIT, P_LIMIT_MIN, P_MOST, P_LEAST),
    )


def reactive() -> Panel:
    """Q with everything it is bound by."""
    names = ("q_order_var", "q_available_var", "q_available_min_var")
    bound = plant.decided(q_aim_var="q_var", **{n: n for n in names})
    return curves(
        "Q: order, capability",
        "Q between what the units can give and take (grey). At grey for long: the plant "
        "has no reserve of Q left.",
        [plant.measured("q_var"), bound],
        (*band(Q), Q_AIM, Q_ORDER, Q_MOST, Q_LEAST),
    )


def _asked(over: str, column: str, functions: tuple[str, ...], name: str) -> str:
    """What functions said of P or Q, and what was measured in the same moment."""
    listed = ", ".join(f"'{function}'" for function in functions)
    return (
        f"SELECT {over}, {name} FROM (SELECT {column} AS {name}, (SELECT {over} FROM poi "
        "WHERE poi.ts <= said.ts\nAND poi.ts > said.ts - 5 ORDER BY poi.ts DESC LIMIT 1)"
        f" AS {over}\nFROM (SELECT ts, {column} FROM verdicts WHERE {SHOWN} "
        f"AND {column} IS NOT NULL\nAND function IN ({listed}) ORDER BY ts DESC "
        f"LIMIT {_LAWS_COUNT}) AS said) WHERE {over} IS NOT NULL LIMIT {_LAWS_COUNT}"
    )


def _last(x: str, y: str, name: str) -> str:
    return f"SELECT {x}, {y} AS {name} FROM poi WHERE {SHOWN} ORDER BY ts DESC LIMIT 1"


def _measured(x: str, y: str) -> str:
    over_time = samples("poi", {x: f"avg {x}", y: f"avg {y}"})
    return f"SELECT {x}, {y} FROM ({over_time}) WHERE {x} IS NOT NULL LIMIT 1300"


def q_over_u() -> Panel:
    """The operating point on the law of Q over U."""
    laws = ("volt_var", "voltage_support", "q_voltage_limit")
    asked = Shown("q_asked_var", "asked by the law", VAR, ORANGE)
    at_present = Shown(
        "q_now_var", "now", VAR, RED, custom={"pointSize": {"fixed": 12}}
    )
    return points(
        "Q over U",
        "Each point is a step of time: Q measured over U measured, and what volt_var, "
        "voltage_support or q_voltage_limit asked for at that U, which draws the curve "
        "that is set. Points beside the curve: another function limits, or units do "
        "not follow.",
        [
            _measured("v_v", "q_var"),
            _asked("v_v", "q_choice_var", laws, asked.column),
            _last("v_v", "q_var", at_present.column),
        ],
        V,
        {
            "measured": (0, Q.column),
            "asked by the law": (1, asked.column),
            "now": (2, at_present.column),
        },
        (Q, asked, at_present),
    )


def p_over_f() -> Panel:
    """The operating point on the law of P over f."""
    most = Shown("p_most_asked_w", "most allowed by the law", W, ORANGE)
    least = Shown("p_least_asked_w", "least allowed by the law", W, YELLOW)
    at_present = Shown("p_now_w", "now", W, RED, custom={"pointSize": {"fixed": 12}})
    laws = (
        *("limited_frequency_sensitive_mode", "frequency_sensitive_mode"),
        "fast_frequency_reserve",
    )
    return points(
        "P over f",
        "Each point is a step of time: P measured over f measured, and between what the "
        "functions of frequency left it at that f. Points outside: look at Why.",
        [
            _measured("f_hz", "p_w"),
            _asked("f_hz", "p_high_w", laws, most.column),
            _asked("f_hz", "p_low_w", laws, least.column),
            _last("f_hz", "p_w", at_present.column),
        ],
        F,
        {
            "measured": (0, P.column),
            "most allowed by the law": (1, most.column),
            "least allowed by the law": (2, least.column),
            "now": (3, at_present.column),
        },
        (P, most, least, at_present),
    )


def missing() -> Panel:
    """What was decided and cannot be given."""
    shown = (
        Shown("p_shortfall_w", "P missing", W, RED),
        Shown("q_shortfall_var", "Q missing", VAR, PURPLE, custom=RIGHT),
    )
    sql = samples("decisions", {s.column: f"max {s.column}" for s in shown})
    says = "What was decided and the units together cannot give. Not 0: too few units."
    return curves("Shortfall, greatest of each step", says, [sql], shown)


def apart() -> Panel:
    """Decided against what the units were told."""
    shown = (
        Shown("p_units_w", "P asked of units", W, BLUE),
        Shown("q_units_var", "Q asked of units", VAR, PURPLE, custom=RIGHT),
    )
    sql = samples("decisions", {s.column: f"avg {s.column}" for s in shown})
    says = (
        "What the loop asks of all units together: the aim at the POI, and what load "
        "and losses in between take. It drifts away: the loop works against something."
    )
    return curves("Asked of the units", says, [sql], shown)


def phases() -> tuple[Panel, ...]:
    """Each phase of the meter, where it tells them."""
    colours = (GREEN, ORANGE, BLUE)
    kinds = (("v", "v", "volt", "U of the phases"), ("p", "w", W, "P of the phases"))
    panels = []
    for letter, suffix, unit, title in kinds:
        names = [f"{letter}_l{n}_{suffix}" for n in (1, 2, 3)]
        shown = [
            Shown(name, f"L{n}", unit, colour)
            for n, (name, colour) in enumerate(zip(names, colours, strict=True), 1)
        ]
        sql = samples("poi", {name: f"avg {name}" for name in names})
        says = "The phases, if the meter tells them. Apart: an uneven load, or a fuse."
        panels.append(curves(title, says, [sql], shown))
    return tuple(panels)
