"""Dashboard: batteries, all and one by one."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from grafana_boards import common, now
from grafana_boards.colours import GREEN, PURPLE
from grafana_boards.common import BATTERIES, COMMANDS, MARKS
from grafana_boards.frame import dashboard, link
from grafana_boards.panels import curves, lines, listing, states
from grafana_boards.signals import (
    P_LEAST,
    P_MOST,
    P_SET,
    Q_SET,
    RIGHT,
    SOC,
    VAR,
    P,
    Q,
    Shown,
    W,
    band,
)
from grafana_boards.statements import by_device, samples, units

KIND = "bess"


def board() -> Dashboard:
    """All batteries, then the one that is chosen."""
    rows = (
        (8, (units_now(KIND, "soc_pu", "p_available_min_w"),)),
        (9, (charge(), active(KIND))),
        (8, (reactive(KIND), ability())),
        (6, (common.device_state(KIND, KIND), common.device_quality(KIND, KIND))),
        (9, in_detail(KIND)),
        (4, (unit_mode(KIND),)),
    )
    says = "What does each battery do beside its set-point, and what could it do?"
    return dashboard(
        *(BATTERIES, "Batteries", says, rows),
        marks=MARKS,
        variables=common.units_chosen(KIND, "Batteries"),
    )


def units_now(kind: str, *more: str) -> Panel:
    """A row for each unit, with what leads on from there."""
    here = link(f"ppc-{'batteries' if kind == KIND else 'pv'}", unit="${__value.raw}")
    look = {"soc_pu": SOC._replace(decimals=1), "p_available_min_w": P_LEAST}
    return listing(
        "Units now",
        "The last row of each unit. A click on its name shows it in detail below; a "
        "click on its state, its commands.",
        now.units_now(kind, *more),
        (
            Shown("device", "unit", link=here),
            P._replace(decimals=2),
            P_SET._replace(dashed=False, decimals=2),
            Q._replace(decimals=2),
            Q_SET._replace(dashed=False, decimals=2),
            *(look[name] for name in more),
            P_MOST._replace(decimals=2),
            common.STATE._replace(link=link(COMMANDS)),
            common.DEVICE_AGE,
            common.STATE_QUALITY,
        ),
    )


def charge() -> Panel:
    """State of charge of each battery."""
    return lines(
        "State of charge",
        "Each battery chosen above. Lines that part: they do not share as they should.",
        by_device(units(KIND, KIND), "soc_pu", "avg soc_pu"),
        SOC,
        axis_soft_min=0,
        axis_soft_max=1,
    )


def active(kind: str) -> Panel:
    """P of each unit."""
    says = "Each unit chosen above; P > 0 is discharge or feed-in."
    return lines("P", says, by_device(units(kind, kind), "p_w", "avg p_w"), P)


def reactive(kind: str) -> Panel:
    """Q of each unit."""
    says = "Each unit chosen above; Q > 0 raises the voltage."
    return lines("Q", says, by_device(units(kind, kind), "q_var", "avg q_var"), Q)


def ability() -> Panel:
    """What all batteries together can still do."""
    shown = (
        Shown("most_w", "most discharge", W, GREEN),
        Shown("least_w", "most charge", W, PURPLE),
        P,
    )
    sql = samples(
        units(KIND, KIND),
        {
            "most_w": "sum p_available_w",
            "least_w": "sum p_available_min_w",
            "p_w": "sum p_w",
        },
    )
    return curves(
        "P of those chosen, and what they can do",
        "Sum of the batteries chosen, between the most they could take and give. A "
        "limit near 0: full, empty, too cold, or not in service.",
        [sql],
        shown,
    )


def in_detail(kind: str) -> tuple[Panel, ...]:
    """P, Q of the unit that the variable says, beside its set-points and limits."""
    source = units(kind, "unit")

    def of(*shown: Shown, wide: Shown) -> str:
        made = {column.column: f"avg {column.column}" for column in shown}
        made |= {f"{wide.column}_{m}": f"{m} {wide.column}" for m in ("min", "max")}
        return samples(source, made)

    bounds = (P_MOST, P_LEAST) if kind == KIND else (P_MOST,)
    says = (
        "The unit chosen as In detail beside its set-point. Apart for long while it "
        "runs: the unit does not follow, see its commands."
    )
    return (
        curves(
            *("$unit: P", says, [of(P, P_SET, *bounds, wide=P)]),
            (*band(P), P_SET, *bounds),
        ),
        curves("$unit: Q", says, [of(Q, Q_SET, wide=Q)], (*band(Q), Q_SET)),
        apart(kind),
    )


def apart(kind: str) -> Panel:
    """How far the unit is from its set-points."""
    shown = (
        Shown("p_error_w", "P over set-point", W, P.colour),
        Shown("q_error_var", "Q over set-point", VAR, Q.colour, custom=RIGHT),
    )
    sql = samples(
        units(kind, "unit"),
        {
            "p_error_w": "avg p_w - avg p_set_w",
            "q_error_var": "avg q_var - avg q_set_var",
        },
    )
    says = "Measured less asked. Near 0 but after steps; a steady rest is an error."
    return curves("$unit: distance from set-points", says, [sql], shown)


def unit_mode(kind: str) -> Panel:
    """State of the unit in detail."""
    sql = samples(units(kind, "unit"), {"state_code": "max state_code"})
    says = "What the unit chosen as In detail says of itself, the worst of each step."
    return states("$unit: state", says, sql, [common.STATE])
