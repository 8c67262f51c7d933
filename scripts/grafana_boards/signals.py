"""How signals are called and coloured, the same in every dashboard."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from grafana_boards.colours import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, TEAL, YELLOW

W, VAR, WH = "watt", "voltampreact", "watth"


class Shown(NamedTuple):
    """A column of a query: how it is called and looks. `unit` in Grafana's words."""

    column: str
    title: str
    unit: str = "none"
    colour: str = GREY
    dashed: bool = False
    custom: Mapping[str, Any] = {}
    """More of how it is drawn."""
    decimals: int | None = None
    words: Mapping[str, tuple[str, str]] = {}
    """Text and colour in place of its values."""
    limits: Mapping[str, float | None] = {}
    """From which value on which colour; the first has None."""
    link: str = ""
    """Where a click on it leads."""


RIGHT = {"axisPlacement": "right"}
P = Shown("p_w", "P", W, BLUE)
P_AIM = Shown("p_aim_w", "aim", W, GREEN)
P_ORDER = Shown("p_order_w", "order", W, ORANGE, dashed=True)
P_SET = Shown("p_set_w", "P set-point", W, GREEN, dashed=True)
P_MOST = Shown("p_available_w", "P most available", W, GREY)
P_LEAST = Shown("p_available_min_w", "P least available", W, GREY)
P_LIMIT = Shown("p_limit_max_w", "most ordered", W, RED, dashed=True)
P_LIMIT_MIN = Shown("p_limit_min_w", "least ordered", W, RED, dashed=True)
Q = Shown("q_var", "Q", VAR, PURPLE)
Q_AIM = Shown("q_aim_var", "aim", VAR, GREEN)
Q_ORDER = Shown("q_order_var", "order", VAR, ORANGE, dashed=True)
Q_SET = Shown("q_set_var", "Q set-point", VAR, GREEN, dashed=True)
Q_MOST = Shown("q_available_var", "Q most available", VAR, GREY)
Q_LEAST = Shown("q_available_min_var", "Q least available", VAR, GREY)
V = Shown("v_v", "U", "volt", YELLOW, decimals=3)
V_ORDER = Shown(
    *("v_order_pu", "order, right", "suffix: pu", ORANGE), dashed=True, custom=RIGHT
)
F = Shown("f_hz", "f", "hertz", TEAL, decimals=3)
SOC = Shown("soc_pu", "SOC", "percentunit", GREEN)
TIME = Shown("time", "time", "dateTimeAsIso")
AGE = {GREEN: None, ORANGE: 5, RED: 30}
"""Seconds since the last row: what is late, and what is dead."""

EXPORT = Shown("e_export_wh", "exported", WH, BLUE)
IMPORT = Shown("e_import_wh", "imported", WH, ORANGE)
POSSIBLE = Shown("e_possible_wh", "possible", WH, YELLOW)
CURTAILED = Shown("e_curtailed_wh", "curtailed", WH, RED)

COUNTS = (
    Shown("missed_count", "cycles missed", "none", RED),
    Shown("incomplete_count", "cycles without all acknowledgements", "none", ORANGE),
    Shown("dropped_count", "rows of the record dropped", "none", PURPLE),
)


def band(shown: Shown) -> tuple[Shown, ...]:
    """A curve with the area between its least and greatest value."""
    hidden = {"legend": True, "tooltip": True, "viz": False}
    faint = {"lineWidth": 0, "hideFrom": hidden}
    low, high = f"{shown.title} min", f"{shown.title} max"
    area = {**faint, "fillBelowTo": low, "fillOpacity": 20}
    return (
        shown._replace(column=f"{shown.column}_min", title=low, custom=faint),
        shown._replace(column=f"{shown.column}_max", title=high, custom=area),
        shown,
    )


def plain(*titles: str) -> tuple[Shown, ...]:
    """Columns of text that are called as they are."""
    return tuple(Shown(title, title.replace("_", " ")) for title in titles)
