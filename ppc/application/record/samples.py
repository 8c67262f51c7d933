"""Rows of the sampled tables, made of one cycle."""

import json
from typing import Any

from ppc.adapter.plant_view import PlantView
from ppc.application.record.door import Row
from ppc.application.status import CycleStatus
from ppc.datamodel.command import Command
from ppc.datamodel.observation import Quality, Unit


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


def poi_row(view: PlantView, wall_s: float) -> Row:
    """The connection point."""
    poi = view.obs.poi
    return {
        "ts": wall_s,
        "device": "poi",
        "v_v": poi.v_v,
        "f_hz": poi.f_hz,
        "p_w": poi.p_w,
        "q_var": poi.q_var,
        "quality": list(Quality).index(view.poi_quality),
    }


def unit_row(unit: Unit, command: Command | None, wall_s: float) -> Row:
    """One unit, and what it was last asked for."""
    row: dict[str, Any] = {
        "ts": wall_s,
        "device": unit.name,
        "p_w": unit.p_w,
        "q_var": unit.q_var,
        "p_available_w": unit.p_available_w,
        "state_code": unit.state_code,
        "p_set_w": command and command.p_set_w,
        "q_set_var": command and command.q_set_var,
        "quality": 0 if unit.p_w is not None else 1,
    }
    if unit.rating.e_max_wh:
        row |= {"soc_pu": unit.soc_pu, "p_available_min_w": unit.p_available_min_w}
    return row


def decision_row(view: PlantView, wall_s: float, modes: dict[str, str]) -> Row:
    """What was decided."""
    decision, orders = view.decision, view.obs.orders
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
        "modes": json.dumps(modes),
    }
