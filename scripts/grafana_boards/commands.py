"""Dashboard: the life of commands and orders, and events."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from grafana_boards import common, lives
from grafana_boards.colours import BLUE, RED
from grafana_boards.common import COMMANDS, MARKS, WHY
from grafana_boards.frame import dashboard, link
from grafana_boards.panels import bars, curves, listing
from grafana_boards.signals import P_SET, Q_SET, Shown
from grafana_boards.words import SEVERITIES, STEPS, named

_HOURS = lives.LIVES_S // 3600
_END = f"Of the last {_HOURS} hours of the range shown. "
_ENDINGS = ("issued", "achieved", "superseded", "refused", "expired")
_BEGAN = Shown("began_ms", "began", "dateTimeAsIso")
_STATE = Shown("state", "state", words=named(STEPS))
_WRITTEN = Shown("written_s", "until written", "s", decimals=3)
_ACHIEVED = Shown("achieved_s", "until achieved", "s", decimals=2)
_LIFE = Shown("life_s", "life", "s", decimals=2)


def board() -> Dashboard:
    """Commands, orders, events."""
    rows = (
        (8, ((14, steps()), (10, sources()))),
        (
            8,
            (
                how_long("written", "issued to written"),
                how_long("achieved", "issued to achieved"),
            ),
        ),
        (11, (commands(),)),
        (9, (orders(),)),
        (8, ((9, events()), (15, common.last_events()))),
    )
    says = "What was asked of whom, what became of it, and what happened?"
    return dashboard(
        *(COMMANDS, "Commands and events", says, rows), marks=MARKS, since="now-1h"
    )


def steps() -> Panel:
    """Steps in the lives of commands, by the minute."""
    names = ("issued", "written", "confirmed", "achieved", "refused", "expired")
    shown = [Shown(name, name, "none", STEPS[name]) for name in names]
    return bars(
        "Steps of commands",
        _END
        + "Fewer written than issued: units do not acknowledge; refused or expired "
        "ones have a reason in the list below.",
        lives.steps_counted(names),
        shown,
    )


def sources() -> Panel:
    """How commands ended, by source."""
    return listing(
        "Commands by source",
        _END
        + "Who wanted the P that was sent, and how often it was reached. Superseded "
        "is usual while P moves.",
        lives.ENDED,
        (
            Shown("source", "source", link=link(WHY)),
            *(Shown(name, name, "none", STEPS[name]) for name in _ENDINGS),
        ),
    )


def how_long(state: str, title: str) -> Panel:
    """How long commands take to a step."""
    usual = Shown(f"{state}_avg_s", "usual", "s", BLUE)
    longest = Shown(f"{state}_max_s", "longest", "s", RED)
    return curves(
        f"Commands, {title}",
        _END + "A rise in one device's time stands in Controller health: latency.",
        [lives.how_long(state, state)],
        (usual, longest),
        show_points="always",
    )


def commands() -> Panel:
    """The newest commands and how they stand."""
    return listing(
        "Commands, the newest first",
        _END + "At most 300. Expired or refused: the reason says at which device, and "
        "what it answered.",
        lives.COMMANDS,
        (
            _BEGAN,
            Shown("device", "unit"),
            Shown("source", "source"),
            P_SET._replace(dashed=False, decimals=3),
            Q_SET._replace(dashed=False, decimals=3),
            _STATE,
            Shown("reason", "reason"),
            *(_WRITTEN, _ACHIEVED, _LIFE),
        ),
    )


def orders() -> Panel:
    """The newest orders and how they stand."""
    return listing(
        "Orders, the newest first",
        "What SCADA, schedules and people ordered, at most 300. Refused: out of range, "
        "or the source may not order this; expired: it was not renewed in time.",
        lives.ORDERS,
        (
            _BEGAN,
            Shown("source", "source"),
            Shown("key", "what"),
            Shown("value", "value", decimals=3),
            _STATE,
            Shown("reason", "reason"),
            *(_WRITTEN, _ACHIEVED, _LIFE),
        ),
    )


def events() -> Panel:
    """Events by severity."""
    return bars(
        "Events",
        "Events by severity, by the minute or the step. A burst has a cause in the list "
        "beside, at its lower end.",
        lives.events_counted(SEVERITIES),
        [Shown(name, name, "none", colour) for name, colour in SEVERITIES.items()],
    )
