"""Dashboard: whether the controller is in time and the record whole."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from grafana_boards import common, now, totals
from grafana_boards.colours import BLUE, GREEN, ORANGE, PURPLE, RED
from grafana_boards.commands import events
from grafana_boards.common import CONTROLLER, MARKS
from grafana_boards.frame import dashboard, variable
from grafana_boards.panels import bars, curves, figures, lines, listing
from grafana_boards.signals import COUNTS, Shown
from grafana_boards.statements import by_device, samples, units

_ERRORS = {
    "no_replies_count": ("no reply", RED),
    "bad_replies_count": ("bad reply", ORANGE),
    "refusals_count": ("refused", PURPLE),
}
_LINKS = units("links", "device")


def board() -> Dashboard:
    """Cycles, links, events."""
    rows = (
        (4, ((6, common.data_age()), (18, since_start()))),
        (8, (late(), acknowledged())),
        (8, (answers("p50", "usual", "avg"), answers("max", "longest", "max"))),
        (8, (errors(), silent())),
        (8, (links_now(),)),
        (8, (in_time(), counted())),
        (4, (common.device_quality("poi"),)),
        (8, ((9, events()), (15, common.last_events()))),
    )
    says = "Are cycles in time, do devices answer, is the record whole?"
    return dashboard(
        *(CONTROLLER, "Controller health", says, rows),
        marks=MARKS,
        variables=[variable("device", "Devices", now.devices("links"), many=True)],
    )


def since_start() -> Panel:
    """Counts of trouble."""
    green = {GREEN: None, ORANGE: 1}
    return figures(
        "Since start",
        "Cycles left out, cycles in which not every unit acknowledged, and rows lost. "
        "Missed: the box is too slow or busy; dropped: the disk is.",
        [now.last("cycles", *(shown.column for shown in COUNTS))],
        [shown._replace(limits=green) for shown in COUNTS],
    )


def _times(title: str, says: str, signal: str) -> Panel:
    usual = Shown(f"{signal}_p50_s", "usual", "s", BLUE)
    longest = Shown(f"{signal}_max_s", "longest", "s", RED)
    made = {
        usual.column: f"avg {usual.column}",
        longest.column: f"max {longest.column}",
    }
    return curves(title, says, [samples("cycles", made)], (usual, longest))


def late() -> Panel:
    """How late cycles began."""
    says = (
        "How much after its time a cycle began. Over a tenth of the period for long: "
        "something else takes the processor."
    )
    return _times("Tick later than due", says, "late")


def acknowledged() -> Panel:
    """How long a cycle took with all its writes."""
    says = (
        "From the tick until the last unit said it has its command. Near the period: "
        "a slow unit, below by device."
    )
    return _times("Tick to the last unit's acknowledgement", says, "acknowledged")


def answers(which: str, word: str, figure: str) -> Panel:
    """How long devices take to answer."""
    column = f"answer_{which}_s"
    return lines(
        f"Time to answer, {word}",
        "Of each device chosen above. One that grows: its line, its gateway, or too "
        "many masters; all of them: the box or its switch.",
        by_device(_LINKS, column, f"{figure} {column}"),
        Shown(column, word, "s", BLUE),
    )


def errors() -> Panel:
    """What went wrong on the wires, in all."""
    shown = [Shown(name, title, "none", c) for name, (title, c) in _ERRORS.items()]
    sql = samples(_LINKS, {name: f"total {name}" for name in _ERRORS})
    says = "Requests that failed, of the devices chosen, in each step. Whose: beside."
    return bars("Requests without a proper answer", says, sql, shown)


def silent() -> Panel:
    """The part of requests that failed, by device."""
    failed = "(" + " + ".join(f"total {name}" for name in _ERRORS) + ")"
    what = f"{failed} * 1.0 / max(1, total requests_count)"
    return lines(
        "Part of requests that failed",
        "Of each device chosen above. Some now and then are usual on serial lines; "
        "steady ones are a wire, a setting, or a wrong register in its profile.",
        by_device(_LINKS, "failed_pu", what),
        Shown("failed_pu", "failed", "percentunit", RED),
        axis_soft_min=0,
    )


def links_now() -> Panel:
    """All devices over the range shown, the worst first."""
    return listing(
        "Devices over this range, the worst first",
        "Time to answer, requests and failures of every device. Connected more than "
        "once: the line breaks, or the device closes it.",
        totals.requests(_ERRORS),
        (
            Shown("device", "device"),
            Shown("answer_p50_s", "usual answer", "s", decimals=4),
            Shown("answer_max_s", "longest", "s", decimals=4),
            Shown("requests_count", "requests", "short", decimals=0),
            *(
                Shown(n, title, "short", c, decimals=0)
                for n, (title, c) in _ERRORS.items()
            ),
            Shown("connects_count", "connects", "short", decimals=0),
        ),
    )


def in_time() -> Panel:
    """Whether cycles saw a new value of the meter."""
    shown = Shown("meter_in_time_pu", "part of the cycles", "percentunit", GREEN)
    says = (
        "The part of the cycles that began with a new value of the meter. Low: the "
        "meter is asked less often than the period, or answers late."
    )
    sql = samples("cycles", {shown.column: f"min {shown.column}"})
    return curves("New meter value in time", says, [sql], [shown], axis_soft_max=1)


def counted() -> Panel:
    """Trouble over time."""
    sql = samples("cycles", {c.column: f"max {c.column}" for c in COUNTS})
    says = "The counts since start over time: a step tells when; back to 0, a restart."
    return curves("Counts since start", says, [sql], COUNTS)
