"""Dashboard: PV, what it gives and what is kept back."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from grafana_boards import common, lives
from grafana_boards.batteries import active, in_detail, reactive, unit_mode, units_now
from grafana_boards.colours import GREEN, RED, YELLOW
from grafana_boards.common import MARKS, PV
from grafana_boards.frame import dashboard
from grafana_boards.panels import curves, figures, lines
from grafana_boards.signals import CURTAILED, POSSIBLE, Shown, W
from grafana_boards.statements import by_device, samples, units

KIND = "pv"
_KEPT = "max(0.0, avg p_available_w - avg p_w) / max(1.0, avg p_available_w)"


def board() -> Dashboard:
    """All inverters, then the one that is chosen."""
    rows = (
        (4, ((6, common.data_age()), (18, curtailed_energy()))),
        (10, (available(),)),
        (8, (units_now(KIND),)),
        (8, (active(KIND), kept_back())),
        (8, (reactive(KIND), curtailed())),
        (6, (common.device_state(KIND, KIND), common.device_quality(KIND, KIND))),
        (9, in_detail(KIND)),
        (4, (unit_mode(KIND),)),
    )
    says = "What could the sun give, what is taken, and what is lost to limits?"
    return dashboard(
        *(PV, "PV", says, rows),
        marks=MARKS,
        variables=common.units_chosen(KIND, "Inverters"),
    )


def available() -> Panel:
    """Possible and given, the difference as an area."""
    possible = Shown(
        *("possible_w", "possible", W, RED),
        custom={"fillBelowTo": "given", "fillOpacity": 25, "lineWidth": 1},
    )
    given = Shown("given_w", "given", W, YELLOW, custom={"lineWidth": 2})
    told = Shown("told_w", "set-point", W, GREEN, dashed=True)
    sql = samples(
        units(KIND, KIND),
        {
            "possible_w": "sum p_available_w",
            "given_w": "sum p_w",
            "told_w": "sum p_set_w",
        },
    )
    return curves(
        "P possible and given, of those chosen",
        "The red area is energy the sun offered and nobody took: by order, by a limit, "
        "or because the set-point is lower. What limits stands in Why.",
        [sql],
        (possible, given, told),
    )


def curtailed() -> Panel:
    """What is kept back in all."""
    shown = Shown("curtailed_w", "curtailed", W, RED, custom={"fillOpacity": 25})
    what = "max(0.0, sum p_available_w - sum p_w)"
    says = "Possible less given, of those chosen. While nothing limits it is near 0."
    return curves(
        *("Curtailed", says, [samples(units(KIND, KIND), {"curtailed_w": what})]),
        [shown],
    )


def kept_back() -> Panel:
    """What part each inverter keeps back."""
    return lines(
        "Part that is kept back",
        "Of each inverter, the part of what is possible that it does not give. One "
        "alone high: it shares badly, or its figure of what is possible is wrong.",
        by_device(units(KIND, KIND), "kept_pu", _KEPT),
        Shown("kept_pu", "kept back", "percentunit", RED),
        axis_soft_min=0,
        axis_soft_max=1,
    )


def curtailed_energy() -> Panel:
    """Energy kept back in the range shown, by the counters."""
    sql = (
        "SELECT sum(e_possible_wh) AS e_possible_wh, sum(e_export_wh) AS e_given_wh,\n"
        f"sum(e_curtailed_wh) AS e_curtailed_wh FROM (\n{lives.ENERGY_IN_RANGE})\n"
        "WHERE e_possible_wh IS NOT NULL LIMIT 1"
    )
    given = Shown("e_given_wh", "given", "watth", YELLOW)
    says = (
        "From the counters of all inverters, over the range shown. Curtailed energy may "
        "have to be paid: the days stand in Energy."
    )
    return figures(
        "Energy of all PV in this range", says, [sql], (POSSIBLE, given, CURTAILED)
    )
