"""Dashboard: how far the record can be trusted."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from grafana_boards import common, totals, trust
from grafana_boards.colours import BLUE, GREEN, ORANGE, RED
from grafana_boards.common import CONTROLLER, MARKS, QUALITY
from grafana_boards.frame import dashboard, link
from grafana_boards.panels import curves, figures, lines, listing, states
from grafana_boards.signals import Shown
from grafana_boards.statements import STEP, by_device, samples, units
from grafana_boards.words import THINNED, TRUSTED

_TABLES = ("poi", "bess", "pv")
_GOOD = {RED: None, ORANGE: 0.95, GREEN: 0.999}


def board() -> Dashboard:
    """Quality of values, gaps, clock, files."""
    rows = (
        (4, ((6, common.data_age()), (6, lost()), (12, rows_a_second()))),
        (9, ((8, share()), *((8, good(kind)) for kind in ("bess", "pv")))),
        (4, (common.device_quality("poi"),)),
        (6, (common.device_quality("bess"), common.device_quality("pv"))),
        (8, (old("bess"), old("pv"))),
        (4, (clock(),)),
        (10, ((8, gaps()), (16, days()))),
    )
    says = "Which values are good, what is missing, and is the clock right?"
    return dashboard(
        *(QUALITY, "Data quality", says, rows), marks=MARKS, since="now-24h"
    )


def lost() -> Panel:
    """Numbers that no row has."""
    shown = Shown("lost_count", "lost", limits={GREEN: None, RED: 1})
    says = (
        "Numbers of hand-ins that no row has, in the last 15 minutes of the range shown. "
        "A new configuration counts as one. Else: rows were dropped, the disk was slow."
    )
    return figures("Lost rows", says, [trust.LOST], [shown])


def rows_a_second() -> Panel:
    """How dense the rows are."""
    shown = Shown("rows_per_s", "rows of the POI", "cps", BLUE, decimals=2)
    sql = samples("poi", {"rows_per_s": f"count ts * 1.0 / {STEP}"})
    says = "Rows of the POI a second. A dip: samples were left out or lost."
    return curves("Rows a second", says, [sql], [shown], axis_soft_min=0)


def share() -> Panel:
    """Part of the time each device's values were good."""
    return listing(
        "Good values, part of this range",
        "By device, the worst first; over longer ranges a minute or a quarter of an "
        "hour counts as good when all of it was. Low: see the device's link.",
        totals.share_good(_TABLES),
        (
            Shown("device", "device", link=link(CONTROLLER, device="${__value.raw}")),
            Shown("good_pu", "good", "percentunit", decimals=2, limits=_GOOD),
            Shown("last_ms", "last row", "dateTimeAsIso"),
        ),
    )


def good(kind: str) -> Panel:
    """Part of the time good, over time, by device."""
    return lines(
        f"Good values of {kind}, part of the time",
        "A step down that stays: the device or its line is down since then.",
        by_device(units(kind), "good_pu", "good quality"),
        Shown("good_pu", "good", "percentunit", GREEN),
        axis_soft_min=0,
        axis_soft_max=1,
    )


def old(kind: str) -> Panel:
    """How old the values were that were used."""
    return lines(
        f"Age of the values of {kind}, oldest",
        "How old a value was when it was used, the oldest of each step. More than some "
        "periods: the device is asked or answers too seldom.",
        by_device(units(kind), "age_s", "max age_s"),
        Shown("age_s", "age", "s", ORANGE),
    )


def clock() -> Panel:
    """When the clock was trusted."""
    return states(
        "Clock",
        "Whether the wall clock was known to be right. Not trusted: no NTP, or it "
        "stepped; times of those rows may be off, their order is not.",
        trust.CLOCK,
        [Shown("clock", "clock", words=TRUSTED)],
    )


def gaps() -> Panel:
    """Times without rows."""
    return listing(
        "Gaps",
        "Times of more than 90 s without rows: the controller was off, or its disk "
        "full. The newest 200 of the range shown.",
        trust.GAPS,
        (
            Shown("first_ms", "from", "dateTimeAsIso"),
            Shown("last_ms", "to", "dateTimeAsIso"),
            Shown("gap_s", "length", "dtdurations"),
        ),
    )


def days() -> Panel:
    """The finished daily files."""
    bad = {GREEN: None, RED: 1}
    return listing(
        "Finished days",
        "Each daily file as it was closed. Integrity other than ok: it was set aside, "
        "restore it from a backup. Lost: numbers missing between it and the day before.",
        trust.DAYS,
        (
            Shown("day", "day"),
            Shown("first_ms", "first row", "dateTimeAsIso"),
            Shown("last_ms", "last row", "dateTimeAsIso"),
            Shown("rows_count", "rows", "short"),
            Shown("size_bytes", "size", "decbytes"),
            Shown("integrity", "integrity", words={"ok": ("ok", GREEN)}),
            Shown("thinned", "kept", words=THINNED),
            Shown("lost_count", "lost", limits=bad),
            Shown("file", "file"),
        ),
    )
