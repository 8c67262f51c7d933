"""Dashboard: the plant as its operator sees it."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from grafana_boards import common, now
from grafana_boards.colours import BLUE, GREEN, YELLOW
from grafana_boards.common import BATTERIES, MARKS, POI, PV, WHY
from grafana_boards.frame import dashboard, link
from grafana_boards.panels import curves, figures, listing, states
from grafana_boards.picture import single_line
from grafana_boards.signals import (
    AGE,
    P_AIM,
    P_ORDER,
    P_SET,
    Q_AIM,
    Q_ORDER,
    SOC,
    V_ORDER,
    VAR,
    F,
    P,
    Q,
    Shown,
    V,
    W,
    band,
)
from grafana_boards.statements import modes, samples, units
from grafana_boards.words import LIMITS, MODES, QUALITIES, STATES, named
from ppc.metier import FUNCTIONS


def measured(signal: str) -> str:
    """Average, least and greatest of a signal of the POI."""
    most = {f"{signal}_{figure}": f"{figure} {signal}" for figure in ("min", "max")}
    return samples("poi", {signal: f"avg {signal}", **most})


def decided(**of: str) -> str:
    """Averages of decisions."""
    return samples("decisions", {name: f"avg {what}" for name, what in of.items()})


def board() -> Dashboard:
    """State, power, and why."""
    rows = (
        (13, ((15, picture()), (9, units_now()))),
        (9, (active(), reactive())),
        (7, (voltage(), frequency())),
        (8, (charge(), *by_kind())),
        (5, (common.limits(),)),
        (8, (functions(),)),
        (8, (common.last_events(),)),
    )
    says = "Is the plant doing what was ordered, and if not, what limits it?"
    return dashboard(common.PLANT, "Plant overview", says, rows, marks=MARKS)


def picture() -> Panel:
    """The single-line picture."""
    worst = {"decimals": 0, "words": STATES}
    shown = (
        P._replace(column="poi_w", decimals=2, link=link(POI)),
        Q._replace(column="poi_var", decimals=2),
        V._replace(decimals=2),
        F,
        Shown("poi_quality", "meter", words=QUALITIES),
        Shown("age_s", "data age", "s", limits=AGE, decimals=1),
        Shown("bess_w", "P of batteries", W, GREEN, decimals=2, link=link(BATTERIES)),
        Shown("bess_var", "Q of batteries", VAR, GREEN, decimals=2),
        Shown("bess_soc_pu", "SOC of batteries", "percentunit", GREEN, decimals=1),
        Shown("bess_running", "batteries running"),
        Shown("bess_worst_code", "batteries, worst", **worst),
        Shown("pv_w", "P of PV", W, YELLOW, decimals=2, link=link(PV)),
        Shown("pv_var", "Q of PV", VAR, YELLOW, decimals=2),
        Shown("pv_available_w", "P possible of PV", W, YELLOW, decimals=2),
        Shown("pv_running", "inverters running"),
        Shown("pv_worst_code", "inverters, worst", **worst),
        Shown("rest_w", "load and losses", W, BLUE, decimals=2),
        P_ORDER._replace(decimals=2, dashed=False),
        Q_ORDER._replace(decimals=2, dashed=False),
        *(
            Shown(
                f"{x}_limited_by", f"{x} limited", words=named(LIMITS), link=link(WHY)
            )
            for x in "pq"
        ),
    )
    says = (
        "What flows now, and how the units are: the lamp of a group has the colour of "
        "its worst unit. Red: the table beside tells which. P > 0 leaves for the grid."
    )
    return single_line(figures("Single line", says, [now.PICTURE], shown))


def units_now() -> Panel:
    """All units, a row each."""
    batteries, inverters = now.units_now("bess", "soc_pu"), now.units_now("pv")
    sql = (
        "SELECT device, p_w, p_set_w, q_var, soc_pu, state_code, quality FROM ("
        f"SELECT device, p_w, p_set_w, q_var, soc_pu, state_code, quality FROM "
        f"({batteries})\nUNION ALL SELECT device, p_w, p_set_w, q_var, NULL, state_code,"
        f" quality FROM ({inverters})) LIMIT 1000"
    )
    return listing(
        "Units now",
        "Every unit beside its set-point. One whose P does not follow: look at its "
        "state, then at its commands.",
        sql,
        (
            Shown(
                "device", "unit", link=link(common.CONTROLLER, device="${__value.raw}")
            ),
            P._replace(decimals=2),
            P_SET._replace(decimals=2, dashed=False),
            Q._replace(decimals=2),
            SOC._replace(decimals=1),
            common.STATE,
            common.STATE_QUALITY,
        ),
    )


def active() -> Panel:
    """P at the POI."""
    aim = decided(p_aim_w="p_w", p_order_w="p_order_w")
    return curves(
        "P",
        "P at the POI with its least and greatest value, what was decided and what was "
        "ordered. Aim below order: What limits P and Q tells why.",
        [measured("p_w"), aim],
        (*band(P), P_AIM, P_ORDER),
    )


def reactive() -> Panel:
    """Q at the POI."""
    aim = decided(q_aim_var="q_var", q_order_var="q_order_var")
    return curves(
        "Q",
        "Q at the POI with its least and greatest value, what was decided and what was "
        "ordered. Q > 0 raises the voltage.",
        [measured("q_var"), aim],
        (*band(Q), Q_AIM, Q_ORDER),
    )


def voltage() -> Panel:
    """U at the POI."""
    return curves(
        "U",
        "Voltage at the POI with its least and greatest value, and the ordered one.",
        [measured("v_v"), decided(v_order_pu="v_order_pu")],
        (*band(V), V_ORDER),
    )


def frequency() -> Panel:
    """Frequency at the POI."""
    says = "Frequency at the POI with its least and greatest value."
    return curves("f", says, [measured("f_hz")], band(F))


def charge() -> Panel:
    """State of charge of all batteries together."""
    most = {f"soc_pu_{figure}": f"{figure} soc_pu" for figure in ("min", "max")}
    return curves(
        "State of charge, least to greatest",
        "Mean of the batteries, and how far apart they are. A band that widens: one "
        "battery does not follow, see Batteries.",
        [samples(units("bess"), {"soc_pu": "avg soc_pu", **most})],
        band(SOC),
        axis_soft_min=0,
        axis_soft_max=1,
    )


def by_kind() -> tuple[Panel, Panel]:
    """Sums of all batteries and of all PV: P and Q."""
    kinds = (("bess", "batteries", GREEN), ("pv", "PV", YELLOW))

    def sums(quantity: str, suffix: str, unit: str) -> Panel:
        return curves(
            f"{quantity.upper()} of all batteries, of all PV",
            "Sums over all units of a kind: who carries the plant.",
            [
                samples(units(k), {f"{k}_{suffix}": f"sum {quantity}_{suffix}"})
                for k, _, _ in kinds
            ],
            [Shown(f"{k}_{suffix}", title, unit, c) for k, title, c in kinds],
        )

    return sums("p", "w", W), sums("q", "var", VAR)


def functions() -> Panel:
    """The modes of all control functions."""
    names = ("measurement", *FUNCTIONS)
    words = named(MODES)
    return states(
        "Control functions",
        "The mode of each control function of the plant. Green and blue: as meant; "
        "orange: it acts; red: it cannot do its work, the events say why.",
        modes(names),
        [Shown(name, name.replace("_", " "), words=words) for name in names],
    )
