"""The status people see, put together from the newest cycle."""

import time
from typing import Any

from ppc.adapter.codec import Row
from ppc.adapter.plant_view import PlantView, in_service, state
from ppc.application.aggregation import Aggregation
from ppc.application.device import FieldDevice
from ppc.application.explaining import explain
from ppc.application.status import (
    CycleStatus,
    ListenerStatus,
    PlantStatus,
    UnitStatus,
)
from ppc.configuration.loading import Configuration
from ppc.datamodel.command import Command, Decision
from ppc.datamodel.observation import Unit
from ppc.keys import DeviceState


def plant_status(
    configuration: Configuration,
    view: PlantView,
    field: Aggregation,
    *,
    cycle: CycleStatus,
    now_s: float,
    listeners: tuple[ListenerStatus, ...],
    scada_orders_left_s: float | None,
    record_dropped_count: int,
) -> PlantStatus:
    """The plant at one moment, for people."""
    plant = configuration.connection_point
    return PlantStatus(
        plant=configuration.plant.plant.name,
        wall_s=time.time(),
        decided_age_s=now_s - view.decision.time_s,
        state=state(view).name.lower(),
        v_nominal_v=plant.v_nominal_v,
        p_max_w=plant.p_max_w,
        p_min_w=plant.p_min_w,
        q_max_var=plant.q_max_var,
        poi_age_s=None if view.poi_time_s is None else now_s - view.poi_time_s,
        explanation=explain(view.obs, view.decision, plant),
        units=_units(view, field, now_s),
        cycle=cycle,
        scada_clients_count=sum(each.clients_count for each in listeners),
        listeners=listeners,
        scada_orders_left_s=scada_orders_left_s,
        record_dropped_count=record_dropped_count,
        **_seen(view),
        **_decided(view.decision),
    )


def _seen(view: PlantView) -> dict[str, Any]:
    poi, orders = view.obs.poi, view.obs.orders
    return {
        "p_w": poi.p_w,
        "q_var": poi.q_var,
        "v_v": poi.v_v,
        "f_hz": poi.f_hz,
        "p_order_w": orders.p_set_w,
        "q_order_var": orders.q_set_var,
        "v_order_pu": orders.v_set_pu,
    }


def _decided(decision: Decision) -> dict[str, Any]:
    return {
        "p_active_w": decision.p_w,
        "q_active_var": decision.q_var,
        "p_limited_by": decision.p_limited_by,
        "q_limited_by": decision.q_limited_by,
        "p_shortfall_w": decision.p_shortfall_w,
        "q_shortfall_var": decision.q_shortfall_var,
        "functions": tuple(decision.modes.items()),
    }


def _units(view: PlantView, field: Aggregation, now_s: float) -> tuple[UnitStatus, ...]:
    commands = {command.device: command for command in view.decision.commands}
    serving, rows, units = in_service(view), field.rows.copy(), view.obs.units
    return tuple(
        _unit(
            device,
            units[device.name],
            commands.get(device.name),
            in_service=device.name in serving,
            row=rows[device.slots[0][0]],
            now_s=now_s,
        )
        for device in field.devices
        if device.name in units
    )


def _unit(
    device: FieldDevice,
    unit: Unit,
    command: Command | None,
    *,
    in_service: bool,
    row: Row | None,
    now_s: float,
) -> UnitStatus:
    if unit.p_w is None:
        word = "silent"
    elif unit.state_code is None:
        word = "unknown"
    else:
        word = DeviceState(int(unit.state_code)).name.lower()
    return UnitStatus(
        name=unit.name,
        type=unit.rating.type.value,
        connected=device.driver.connected,
        in_service=in_service,
        age_s=None if row is None else now_s - row.time_s,
        p_w=unit.p_w,
        q_var=unit.q_var,
        p_set_w=command and command.p_set_w,
        q_set_var=command and command.q_set_var,
        p_available_w=unit.p_available_w,
        p_available_min_w=unit.p_available_min_w,
        soc_pu=unit.soc_pu,
        s_max_va=unit.rating.s_max_va,
        state=word,
        held=device.held,
    )
