"""Panels and marks that stand in several dashboards."""

from collections.abc import Iterable

from grafana_foundation_sdk.models.dashboard import (
    AnnotationQuery,
    Panel,
    VariableModel,
)

from grafana_boards import lives, now, trust
from grafana_boards.colours import BLUE, GREEN, GREY, ORANGE, RED
from grafana_boards.frame import link, mark, variable
from grafana_boards.panels import device_states, figures, listing, states
from grafana_boards.signals import AGE, TIME, Shown
from grafana_boards.statements import by_device, texts, units
from grafana_boards.words import LIMITS, QUALITIES, SEVERITIES, STATES, named

PLANT, POI, BATTERIES, PV, WHY, COMMANDS, CONTROLLER, ENERGY, QUALITY = (
    f"ppc-{name}"
    for name in (
        *("plant-overview", "poi", "batteries", "pv", "why", "commands"),
        *("controller-health", "energy", "data-quality"),
    )
)
"""Unique names of the dashboards: links lead there."""

MARKS: tuple[AnnotationQuery, ...] = (
    mark("warnings and errors", lives.EVENTS_MARKED, RED, on=True),
    mark("nothing recorded", trust.GAPS_MARKED, GREY, on=True),
    mark("changes of mode", lives.MODES_MARKED, BLUE, on=False),
    mark("orders", lives.ORDERS_MARKED, ORANGE, on=False),
)
STATE = Shown("state_code", "state", words=STATES)
STATE_QUALITY = Shown("quality", "quality", words=QUALITIES)
SINCE = Shown("age_s", "since the last row", "s", limits=AGE)
DEVICE_AGE = Shown("age_s", "age", "s", GREY, decimals=1)


def data_age() -> Panel:
    """How long ago the last row was written."""
    return figures(
        "Age of the data",
        "Time since the last row of the POI. Over 5 s the controller or the record is "
        "late, over 30 s one of them stands still: look at its log, and whether the "
        "clocks of the boxes differ.",
        [now.AGE],
        [SINCE._replace(colour=GREEN)],
    )


def limits() -> Panel:
    """What limited P and Q, over time."""
    said = {f"{x}_limited_by": _or_none(f"{x}_limited_by") for x in "pq"}
    shown = [Shown(f"{x}_limited_by", x.upper(), words=named(LIMITS)) for x in "pq"]
    return states(
        "What limits P and Q",
        "The function that kept P or Q from what was wished; none: what was asked for "
        "is given; capability: the units cannot do more. Its figures stand in Why.",
        texts(said),
        shown,
    )


def _or_none(column: str) -> str:
    return f"coalesce(nullif({column}, ''), 'none')"


def last_events() -> Panel:
    """The newest events of the range shown."""
    severity = Shown("severity", "severity", words=named(SEVERITIES))
    source = Shown("source", "source", link=link(COMMANDS))
    return listing(
        "Last events",
        "The newest 500 events of the range shown, the newest first. Errors want a "
        "look at the device or function they name.",
        lives.EVENTS,
        (TIME, severity, source, Shown("text", "text")),
    )


def device_state(kind: str, chosen: str) -> Panel:
    """The worst state of each unit over time."""
    return device_states(
        "State, worst of each step",
        "What each unit says of itself. Fault: see its display and its manual; the "
        "controller goes on without it.",
        by_device(units(kind, chosen), "state_code", "max state_code"),
        STATE,
    )


def device_quality(kind: str, chosen: str = "") -> Panel:
    """The worst quality of each device's values over time."""
    return device_states(
        f"Quality of {kind}, worst of each step",
        "Good: measured and fresh. Anything else keeps a unit out of control: look at "
        "its connection in Controller health.",
        by_device(units(kind, chosen), "quality", "max quality"),
        STATE_QUALITY,
    )


def units_chosen(kind: str, label: str) -> Iterable[VariableModel]:
    """Units to be drawn together, and the one to be looked at closely."""
    return (
        variable(kind, label, now.devices(kind), many=True),
        variable("unit", "In detail", now.devices(kind)),
    )
