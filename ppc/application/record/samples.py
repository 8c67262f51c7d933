"""Rows of the sampled tables, made of one cycle."""

import json
from math import isfinite
from typing import Any

from ppc.adapter.plant_view import PlantView
from ppc.adapter.reader import Slots
from ppc.application.record.door import Row
from ppc.application.record.look import Look, place
from ppc.application.status import CycleStatus
from ppc.datamodel.command import Command
from ppc.datamodel.observation import Orders, Quality, Unit
from ppc.keys import Key

_PHASES = tuple(key for key in Key if key[:-2].endswith(("_l1", "_l2", "_l3")))
_COUNTING = (
    *(Key.P_W, Key.Q_VAR, Key.P_AVAILABLE_W, Key.P_AVAILABLE_MIN_W),
    *(Key.SOC_PU, Key.STATE_CODE),
)
_Q_ORDERS = ("q_set_var", "v_set_pu", "pf_set_pu", "q_mode_code")


class PoiSampler:
    """The connection point: what is believed of it, and the phases of its meter."""

    def __init__(self, slots: Slots) -> None:
        self._phases = [
            (str(key), found) for key in _PHASES if (found := place(slots, key))
        ]

    def row(self, view: PlantView, wall_s: float) -> Row:
        poi, now_s, rows = view.obs.poi, view.obs.time_s, view.rows
        seen_s = view.poi_time_s
        row: dict[str, Any] = {
            "ts": wall_s,
            "device": "poi",
            "v_v": poi.v_v,
            "f_hz": poi.f_hz,
            "p_w": poi.p_w,
            "q_var": poi.q_var,
            "age_s": None if seen_s is None else now_s - seen_s,
            "quality": list(Quality).index(view.poi_quality),
        }
        for name, where in self._phases:
            found = where.row(rows, now_s)
            row[name] = found and found.values[where.at]
        return row


class UnitSampler:
    """One unit, and what it was last asked for."""

    def __init__(self, slots: Slots) -> None:
        """`slots`: also of the BMS beside it, if there is one."""
        self._look = Look(slots, _COUNTING)

    def row(
        self, unit: Unit, command: Command | None, view: PlantView, wall_s: float
    ) -> Row:
        rows, now_s = view.rows, view.obs.time_s
        row: dict[str, Any] = {
            "ts": wall_s,
            "device": unit.name,
            "p_w": unit.p_w,
            "q_var": unit.q_var,
            "p_available_w": unit.p_available_w,
            "state_code": unit.state_code,
            "p_set_w": command and command.p_set_w,
            "q_set_var": command and command.q_set_var,
            "age_s": self._look.age_s(rows, now_s),
            "quality": self._look.quality(rows, now_s),
        }
        if unit.rating.e_max_wh:
            row["soc_pu"] = unit.soc_pu
            row["p_available_min_w"] = unit.p_available_min_w
        return row


def cycle_row(cycles: CycleStatus, wall_s: float, dropped_count: int) -> Row:
    """How the control cycle went over the last seconds."""
    return {
        "ts": wall_s,
        "late_p50_s": cycles.late_p50_s,
        "late_max_s": cycles.late_max_s,
        "acknowledged_p50_s": cycles.acknowledged_p50_s,
        "acknowledged_max_s": cycles.acknowledged_max_s,
        "meter_in_time_pu": cycles.meter_in_time_pu,
        "missed_count": cycles.missed_count,
        "incomplete_count": cycles.incomplete_count,
        "dropped_count": dropped_count,
    }


def decision_row(view: PlantView, wall_s: float, modes: dict[str, str]) -> Row:
    """What was decided, what was asked for and by whom, and what could be given."""
    decision, orders = view.decision, view.obs.orders
    able = decision.capability
    return {
        "ts": wall_s,
        "p_w": decision.p_w,
        "q_var": decision.q_var,
        "p_units_w": decision.p_units_w,
        "q_units_var": decision.q_units_var,
        "p_shortfall_w": decision.p_shortfall_w,
        "q_shortfall_var": decision.q_shortfall_var,
        "p_limited_by": decision.p_limited_by,
        "q_limited_by": decision.q_limited_by,
        "p_order_w": orders.p_set_w,
        "q_order_var": orders.q_set_var,
        "v_order_pu": orders.v_set_pu,
        "p_limit_max_w": orders.p_limit_max_w,
        "p_limit_min_w": orders.p_limit_min_w,
        "p_available_w": finite(able.p_w.high),
        "p_available_min_w": finite(able.p_w.low),
        "q_available_var": finite(able.q_var.high),
        "q_available_min_var": finite(able.q_var.low),
        "p_asked_by": view.obs.asked_by.get("p_set_w"),
        "q_asked_by": _q_asked_by(orders, view),
        "modes": json.dumps(modes),
    }


def finite(value: float) -> float | None:
    """A bound; None: there is none."""
    return value if isfinite(value) else None


def _q_asked_by(orders: Orders, view: PlantView) -> str | None:
    """Who ordered what Q is made of, the first there is."""
    for name in _Q_ORDERS:
        if getattr(orders, name) is not None:
            return view.obs.asked_by.get(name)
    return None
