"""Dashboard: energy by day and by month."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from grafana_boards import common, lives
from grafana_boards.common import ENERGY, MARKS, PV
from grafana_boards.frame import dashboard, link
from grafana_boards.panels import bars, columns, figures, listing
from grafana_boards.signals import CURTAILED, EXPORT, IMPORT, POSSIBLE, Shown

_NET = (EXPORT, IMPORT)
_DAY = Shown("day", "day")


def board() -> Dashboard:
    """Days, months, devices."""
    rows = (
        (5, ((6, common.data_age()), (18, in_range()))),
        (9, (by_day(), curtailed_by_day())),
        (8, (by_hour(),)),
        (9, (by_month(), by_device())),
        (9, (table(),)),
    )
    says = "How much energy went where, and what was lost to limits?"
    return dashboard(*(ENERGY, "Energy", says, rows), marks=MARKS, since="now-30d")


def in_range() -> Panel:
    """Energy of the POI in the range shown."""
    sql = (
        "SELECT e_export_wh, e_import_wh FROM (\n"
        f"{lives.ENERGY_IN_RANGE})\nWHERE device = 'poi' LIMIT 1"
    )
    says = "By the counters of the POI, first and last row of the range shown."
    return figures("POI in this range", says, [sql], _NET)


def _flows(sql: str, by: str, *names: str) -> str:
    return f"SELECT {by}, {', '.join(names)} FROM ({sql}) LIMIT 800"


def by_day() -> Panel:
    """Energy of the POI, day by day."""
    says = (
        "Energy out of the plant and into it, by days of its own zone. A day that is "
        "missing has no record: see Data quality."
    )
    sql = _flows(lives.ENERGY_BY_DAY, "day", "e_export_wh", "e_import_wh")
    return columns("POI by day", says, sql, "day", _NET)


def curtailed_by_day() -> Panel:
    """PV by day."""
    says = (
        "What the sun offered and what of it was not taken, all inverters, by day. "
        "Days with much red: PV shows when, Why shows the reason."
    )
    sql = _flows(lives.ENERGY_BY_DAY, "day", "e_possible_wh", "e_curtailed_wh")
    return columns("PV by day", says, sql, "day", (POSSIBLE, CURTAILED))


def by_hour() -> Panel:
    """Energy of the POI, hour by hour, or by longer steps."""
    says = "Energy out of the plant and into it, by the hour or the step if longer."
    return bars("POI by hour", says, lives.ENERGY_BY_HOUR, _NET)


def by_month() -> Panel:
    """Energy of the POI and of PV, month by month."""
    says = "The last 13 months up to the end of the range shown."
    return columns(
        *("By month", says, lives.ENERGY_BY_MONTH, "month"),
        (*_NET, POSSIBLE, CURTAILED),
    )


def by_device() -> Panel:
    """Energy of each device in the range shown."""
    return listing(
        "Devices in this range",
        "Of each device, by its counters. A battery gives out less than it took in: the "
        "rest is loss and what its charge has changed by.",
        lives.ENERGY_IN_RANGE,
        (Shown("device", "device", link=link(PV)), *_NET, POSSIBLE, CURTAILED),
    )


def table() -> Panel:
    """Every day and device."""
    says = "Days and devices as figures, the newest day first: to be copied from here."
    return listing(
        *("Days and devices", says, lives.ENERGY_BY_DEVICE_AND_DAY),
        (_DAY, Shown("device", "device"), *_NET, POSSIBLE),
    )
