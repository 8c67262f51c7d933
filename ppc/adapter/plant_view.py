"""The plant as one device: what it says of itself, by key."""

from collections.abc import Iterable, Mapping, Sequence
from math import nan
from typing import NamedTuple

from ppc.adapter.codec import Row
from ppc.datamodel.command import Decision
from ppc.datamodel.observation import Quality, SystemObs, Unit
from ppc.keys import Key, PlantState

MAGIC = 0x5050
PATTERN = 0x01020304
PATTERN_FLOAT = 123456.0
GENERATOR = 0
_ERRORS = {"error", "fallback", "hold", "blind", "meter_lost", "implausible", "failed"}
"""Modes by which a control function says that it works without what it needs."""

_SEQUENCE = {
    ("plant_sequence", "emergency"): PlantState.BLOCKED,
    ("plant_sequence", "stopped"): PlantState.BLOCKED,
    ("operating_range", "expired"): PlantState.BLOCKED,
    ("enter_service", "off"): PlantState.BLOCKED,
    ("plant_sequence", "stopping"): PlantState.STOPPING,
    ("plant_sequence", "starting"): PlantState.STARTING,
    ("enter_service", "waiting"): PlantState.STARTING,
}
"""Modes by which a control function says where the plant is on its way, the word that
goes first first: a plant that may not run does not start."""


class PlantView(NamedTuple):
    """One cycle as people and SCADA see it. Made by the control thread, then fixed."""

    obs: SystemObs
    decision: Decision
    poi_quality: Quality
    poi_time_s: float | None
    """When the POI meter's last answer was asked for."""
    missed_count: int
    stopping: bool = False
    rows: Sequence[Row | None] = ()
    """What was read of the devices, block by block: what `obs` was made of."""


def state(view: PlantView) -> PlantState:
    """The plant's state word."""
    said = view.decision.modes.items()
    measured = view.decision.measurement.words
    modes = {mode for _, mode in said}.union(measured)
    sequence = [(word, each in said) for each, word in _SEQUENCE.items()]
    limited = view.decision.p_limited_by or view.decision.q_limited_by
    words = (
        (PlantState.STOPPING, view.stopping),
        (PlantState.STARTING, view.poi_time_s is None),
        (PlantState.FAULT, not any(map(_able, view.obs.units.values()))),
        *sequence,
        (PlantState.FAULT, not in_service(view)),
        (PlantState.BLOCKED, "blocked" in modes),
        (PlantState.TESTING, "testing" in measured),
        (PlantState.FALLBACK, modes & _ERRORS),
        (PlantState.LIMITED, limited),
    )
    return next((word for word, holds in words if holds), PlantState.RUNNING)


def in_service(view: PlantView) -> set[str]:
    """Names of the units that take set-points."""
    out = view.decision.trace[-1].envelope.out if view.decision.trace else frozenset()
    return {
        name for name, unit in view.obs.units.items() if name not in out and _able(unit)
    }


def _able(unit: Unit) -> bool:
    """Whether it says what it has registers for, and is not faulted."""
    told = unit.p_available_w is not None or "p_available_w" in unit.rating.untold
    return told and unit.p_w is not None and not unit.faulted


def values(view: PlantView, now_s: float) -> Mapping[Key, float]:
    """What the plant shows, SI values. NaN: not known, or none."""
    obs, decision = view.obs, view.decision
    bess, pv = obs.bess.values(), obs.pv.values()
    able = decision.capability
    age_s = nan if view.poi_time_s is None else now_s - view.poi_time_s
    poi = dict(zip((Key.V_V, Key.F_HZ, Key.P_W, Key.Q_VAR), obs.poi, strict=False))
    return {
        Key.MAGIC_CODE: MAGIC,
        Key.PATTERN_CODE: PATTERN,
        Key.PATTERN_FLOAT_CODE: PATTERN_FLOAT,
        Key.SIGN_CODE: GENERATOR,
        Key.TIME_S: nan if obs.wall_s is None else obs.wall_s + now_s - obs.time_s,
        Key.HEARTBEAT_OUT: int(now_s) % 65536,
        Key.STATE_CODE: state(view),
        Key.UNITS_IN_SERVICE_COUNT: len(in_service(view)),
        Key.UNITS_COUNT: len(obs.bess) + len(obs.pv),
        Key.P_LIMITING_CODE: _limiting(decision, decision.p_limited_by),
        Key.Q_LIMITING_CODE: _limiting(decision, decision.q_limited_by),
        Key.CYCLES_MISSED_COUNT: view.missed_count % 65536,
        **{key: nan if value is None else value for key, value in poi.items()},
        Key.POI_QUALITY_CODE: list(Quality).index(view.poi_quality),
        Key.POI_AGE_S: age_s,
        Key.SOC_PU: _soc_pu(bess),
        Key.BESS_P_W: sum(u.p_w or 0.0 for u in bess),
        Key.BESS_Q_VAR: sum(u.q_var or 0.0 for u in bess),
        Key.PV_P_W: sum(u.p_w or 0.0 for u in pv),
        Key.PV_Q_VAR: sum(u.q_var or 0.0 for u in pv),
        Key.P_AVAILABLE_W: able.p_w.high,
        Key.P_AVAILABLE_MIN_W: able.p_w.low,
        Key.Q_AVAILABLE_VAR: able.q_var.high,
        Key.Q_AVAILABLE_MIN_VAR: able.q_var.low,
        Key.E_AVAILABLE_WH: sum((u.soc_pu or 0.0) * u.rating.e_max_wh for u in bess),
        Key.E_RATED_WH: sum(u.rating.e_max_wh for u in bess),
        Key.P_ACTIVE_W: decision.p_w,
        Key.Q_ACTIVE_VAR: decision.q_var,
        Key.P_SHORTFALL_W: decision.p_shortfall_w,
        Key.Q_SHORTFALL_VAR: decision.q_shortfall_var,
    }


def _limiting(decision: Decision, by: str) -> float:
    names = [step.function for step in decision.trace]
    return names.index(by) + 1 if by in names else 100.0 if by else 0.0


def _soc_pu(units: Iterable[Unit]) -> float:
    """State of charge of all batteries together, weighted by their energy."""
    known = [(u.soc_pu, u.rating.e_max_wh) for u in units if u.soc_pu is not None]
    total_wh = sum(e_wh for _, e_wh in known)
    return sum(soc * e_wh for soc, e_wh in known) / total_wh if total_wh else nan
