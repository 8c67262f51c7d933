"""Dashboard: why the plant does what it does."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from grafana_boards import common, now, plant, totals
from grafana_boards.colours import BLUE, GREEN, GREY, PURPLE, RED
from grafana_boards.common import COMMANDS, MARKS, WHY
from grafana_boards.frame import dashboard, link, variable
from grafana_boards.panels import curves, listing, states
from grafana_boards.signals import VAR, P, Q, Shown, W
from grafana_boards.statements import SHOWN, STEP, texts
from grafana_boards.words import LIMITS, MODES, YES, named

_LATELY_S = 3 * 86_400
_BOUNDS = (
    Shown("p_low_w", "P at least", W, GREY),
    Shown("p_high_w", "P at most", W, RED),
    Shown("p_choice_w", "P chosen", W, GREEN, dashed=True),
)
_BOUNDS_Q = (
    Shown("q_low_var", "Q at least", VAR, GREY),
    Shown("q_high_var", "Q at most", VAR, RED),
    Shown("q_choice_var", "Q chosen", VAR, GREEN, dashed=True),
)


def board() -> Dashboard:
    """What limits, who asked, and the verdict of each function."""
    rows = (
        (5, (common.limits(),)),
        (5, (asked(),)),
        (11, ((16, verdicts()), (8, shares()))),
        (9, (plant.functions(),)),
        (9, (envelope("P", P, _BOUNDS, "p"), envelope("Q", Q, _BOUNDS_Q, "q"))),
        (9, (changes(),)),
    )
    says = "Why does the plant do what it does: who asked, what limits, how far?"
    return dashboard(
        *(WHY, "Why", says, rows),
        marks=MARKS,
        variables=[variable("function", "Function", now.FUNCTIONS)],
        since="now-1h",
    )


def asked() -> Panel:
    """Who ordered P and Q."""
    said = {f"{x}_asked_by": f"coalesce({x}_asked_by, 'nobody')" for x in "pq"}
    shown = [
        Shown(f"{x}_asked_by", x.upper(), words={"nobody": ("nobody", GREY)})
        for x in "pq"
    ]
    return states(
        "Who asked",
        "The source whose order of P and of Q is in force; nobody: a function chooses. "
        "Its orders and what became of them stand in Commands and events.",
        texts(said),
        shown,
    )


def verdicts() -> Panel:
    """The newest verdict of each function."""
    yes = YES
    return listing(
        "Verdict of each function, the last in this range",
        "What each function left of P and Q when it had its turn, and what it chose. "
        "Limits: it is the one that binds. A bound nobody expects: look at the "
        "settings of that function.",
        now.VERDICTS_NOW,
        (
            Shown("function", "function", link=link(WHY, function="${__value.raw}")),
            Shown("mode", "mode", words=named(MODES)),
            Shown("p_limits", "limits P", words=yes),
            Shown("q_limits", "limits Q", words=yes),
            *(
                shown._replace(dashed=False, decimals=2)
                for shown in _BOUNDS + _BOUNDS_Q
            ),
            Shown("since_ms", "since", "dateTimeAsIso"),
        ),
    )


def shares() -> Panel:
    """How much of the range each function limited."""
    part = {"unit": "percentunit", "decimals": 1}
    return listing(
        "Limited by, part of the time",
        "How much of the range shown each function kept P and Q from what was wished. "
        "Over longer ranges by the last word of each minute or quarter of an hour.",
        totals.SHARES_LIMITED,
        (
            Shown("limit_name", "by", words=named(LIMITS)),
            Shown("p_share_pu", "of P", colour=BLUE, **part),
            Shown("q_share_pu", "of Q", colour=PURPLE, **part),
        ),
    )


def envelope(name: str, signal: Shown, bounds: tuple[Shown, ...], letter: str) -> Panel:
    """What the chosen function left over time, and what was measured."""
    columns = ", ".join(shown.column for shown in bounds)
    wide = {
        f"{letter}_low": "min",
        f"{letter}_high": "max",
        f"{letter}_choice": "avg",
    }
    made = ", ".join(
        f"{figure}({shown.column}) AS {shown.column}"
        for shown, figure in zip(bounds, wide.values(), strict=True)
    )
    step = f"max(60, {STEP})"
    sql = (
        f"SELECT cast(ts / {step} AS int) * {step} AS time, {made}\n"
        f"FROM (SELECT ts, {columns} FROM verdicts WHERE {SHOWN}\n"
        f"AND ts >= $__to / 1000.0 - {_LATELY_S} AND function = ${{function:singlequote}}"
        ")\nGROUP BY 1 ORDER BY 1"
    )
    return curves(
        f"$function: {name} it left",
        f"What the function chosen above left of {name}, widest by the minute, and what "
        f"was measured. The last 3 days of the range at most.",
        [sql, plant.measured(signal.column)],
        (*bounds, *plant.band(signal)),
        line_interpolation="stepAfter",
    )


def changes() -> Panel:
    """When functions changed their mind."""
    sql = (
        "SELECT time, function, mode, p_low_w, p_high_w, p_choice_w FROM (\n"
        "SELECT ts AS time, function, mode, p_low_w, p_high_w, p_choice_w, lag(mode)\n"
        "OVER (PARTITION BY function ORDER BY ts, seq) AS before FROM (\n"
        "SELECT ts, seq, function, mode, p_low_w, p_high_w, p_choice_w FROM verdicts\n"
        f"WHERE {SHOWN} ORDER BY ts DESC LIMIT 5000))\n"
        "WHERE before <> mode ORDER BY time DESC LIMIT 200"
    )
    return listing(
        "Changes of mode",
        "When a function changed its mode, and what it left from then on; of the last "
        "5000 verdicts of the range shown.",
        sql,
        (
            Shown("time", "time", "dateTimeAsIso"),
            Shown("function", "function", link=link(COMMANDS)),
            Shown("mode", "mode", words=named(MODES)),
            *(shown._replace(dashed=False, decimals=2) for shown in _BOUNDS),
        ),
    )
