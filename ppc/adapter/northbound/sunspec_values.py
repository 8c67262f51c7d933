"""What our SunSpec device says of the plant, model by model.

Symbols and units: SunSpec models 1 and 701 to 715 (github.com/sunspec/models).
"""

from collections.abc import Mapping
from math import hypot, nan, sqrt
from typing import Any, NamedTuple

from ppc.adapter.northbound.curve_words import CURVES, MOST_POINTS, Points
from ppc.adapter.northbound.sunspec_layout import Values, exponent
from ppc.adapter.plant_view import PlantView, state
from ppc.adapter.register_type import RegisterType
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import PlantState

MODELS = (1, 701, 702, 703, 704, 705, 706, 711, 712, 713, 714, 715)
COUNTS: Mapping[int, Mapping[str, int]] = {
    **{key: {"Crv": 1, "Crv.Pt": MOST_POINTS} for key in (705, 706, 712)},
    711: {"Ctl": 1},
    714: {"Prt": 0},
}
_THREE_PHASE, _FOLLOWING = 2, 1
_OFF, _STARTING, _RUNNING, _THROTTLED, _STOPPING, _FAULT, _STANDBY = 0, 2, 3, 4, 5, 6, 7
_STATES = {
    PlantState.STARTING: _STARTING,
    PlantState.RUNNING: _RUNNING,
    PlantState.LIMITED: _THROTTLED,
    PlantState.FALLBACK: _RUNNING,
    PlantState.BLOCKED: _STANDBY,
    PlantState.FAULT: _FAULT,
    PlantState.STOPPING: _STOPPING,
    PlantState.TESTING: _RUNNING,
}
_MODES = {
    0: "power_limit",
    1: "set_point_tracking",
    2: "set_point_tracking",
    3: "power_factor",
    4: "volt_var",
    5: "limited_frequency_sensitive_mode",
    9: "watt_var",
    10: "volt_watt",
}
"""Bits of 702 CtrlModes and the control function that is one's."""
_COMPLETED = 1
_MARGIN = 1.5
"""Readings may be so much above a rating and still be told."""
_PERCENT_SF, _HZ_SF, _TMS_SF, _PF_SF = -2, -3, -1, -3
_EDGE_PU, _RETURN_PU, _LOWER_PU = 0.004, 1.002, 0.95
"""Edges of limited_frequency_sensitive_mode and of enter_service that are left out."""


class Scales(NamedTuple):
    """Exponents of ten that suit the plant."""

    w: int
    var: int
    v: int
    va: int
    a: int

    @classmethod
    def of(cls, plant: ConnectionPoint) -> "Scales":
        p_w = _MARGIN * max(plant.p_max_w, -plant.p_min_w)
        q_var, v_v = _MARGIN * plant.q_max_var, _MARGIN * plant.v_nominal_v
        s_va = hypot(p_w, q_var)
        a_a = _MARGIN * s_va / (sqrt(3) * plant.v_nominal_v)
        small, large = RegisterType.S16, RegisterType.U16
        return cls(
            exponent(p_w, small),
            exponent(q_var, small),
            exponent(v_v, large),
            exponent(s_va, small),
            exponent(a_a, small),
        )


def common(name: str, version: str) -> Values:
    """Model 1: who it is."""
    return {"Mn": "ppc", "Md": name, "Vr": version, "SN": "1", "DA": 1}


def measured(view: PlantView | None, scales: Scales) -> Values:
    """Model 701: what is measured at the connection."""
    found: dict[str, float | str | None] = {
        "ACType": _THREE_PHASE, "DERMode": _FOLLOWING, "Hz_SF": _HZ_SF,
        "PF_SF": _PF_SF, "W_SF": scales.w, "Var_SF": scales.var, "V_SF": scales.v,
        "VA_SF": scales.va, "A_SF": scales.a,
    }  # fmt: skip
    if view is None:
        return found
    poi, inverter = view.obs.poi, _STATES[state(view)]
    running = inverter in {_RUNNING, _THROTTLED, _STARTING, _STOPPING}
    found |= {"St": float(running), "InvSt": inverter, "LLV": poi.v_v, "Hz": poi.f_hz}
    found |= {"W": poi.p_w, "Var": poi.q_var}
    if poi.p_w is not None and poi.q_var is not None:
        s_va = hypot(poi.p_w, poi.q_var)
        found["VA"] = s_va
        found["PF"] = poi.p_w / s_va if s_va else None
        found["A"] = s_va / (sqrt(3) * poi.v_v) if poi.v_v else None
    return found


def capacity(
    plant: ConnectionPoint, scales: Scales, functions: Mapping[str, Any]
) -> Values:
    """Model 702: ratings, which are settings as well."""
    ratings = {
        "WMax": plant.p_max_w, "VarMaxInj": plant.q_max_var,
        "VarMaxAbs": plant.q_max_var, "WDisChaRteMax": plant.p_max_w,
        "WChaRteMax": -plant.p_min_w, "VNom": plant.v_nominal_v,
    }  # fmt: skip
    modes = sum(1 << bit for bit, name in _MODES.items() if name in functions)
    return {
        **{name: value for name, value in ratings.items() if value},
        **{f"{name}Rtg": value for name, value in ratings.items() if value},
        "W_SF": scales.w,
        "Var_SF": scales.var,
        "V_SF": scales.v,
        "CtrlModes": modes,
        "VA_SF": scales.va,
    }


def entering(
    view: PlantView | None, plant: ConnectionPoint, functions: Mapping[str, Any]
) -> Values:
    """Model 703: whether it may enter service, and when it does."""
    permitted = view is None or view.obs.orders.enable_code != 0
    settings = functions.get("enter_service")
    found: dict[str, float | str | None] = {
        "ES": float(permitted), "V_SF": _PERCENT_SF, "Hz_SF": _HZ_SF
    }  # fmt: skip
    if settings is None:
        return found
    f_hz = plant.f_nominal_hz
    return found | {
        "ESVHi": 100 * settings.v_high_pu,
        "ESVLo": 100 * settings.v_low_pu,
        "ESHzHi": settings.f_high_hz or _RETURN_PU * f_hz,
        "ESHzLo": settings.f_low_hz or _LOWER_PU * f_hz,
        "ESDlyTms": settings.delay_s,
        "ESRmpTms": settings.ramp_s,
    }


def curve(
    code: int, functions: Mapping[str, Any], *, x: str, y: str, x_sf: str
) -> Values:
    """Models 705, 706, 712: the curve in force, which cannot be changed there."""
    settings = functions.get(CURVES[code].function)
    points: Points = () if settings is None else settings.points_pu
    found: dict[str, float | str | None] = {
        "Ena": float(settings is not None and getattr(settings, "enabled", True)),
        "AdptCrvReq": 0, "AdptCrvRslt": _COMPLETED, "NPt": MOST_POINTS, "NCrv": 1,
        x_sf: _PERCENT_SF, "DeptRef_SF": _PERCENT_SF, "RspTms_SF": _TMS_SF,
        "Crv.1.ActPt": len(points), "Crv.1.DeptRef": 0, "Crv.1.ReadOnly": 1,
    }  # fmt: skip
    if settings is not None:
        found["Crv.1.RspTms"] = settings.response_s
    if settings is not None and code == _VOLT_VAR:
        found["Crv.1.VRef"] = 100 * settings.v_reference_pu
        found["Crv.1.VRefAutoEna"] = float(settings.v_reference_tau_s is not None)
        found["Crv.1.VRefAutoTms"] = settings.v_reference_tau_s
    for i, (at, value) in enumerate(points[:MOST_POINTS], 1):
        found[f"Crv.1.Pt.{i}.{x}"] = 100 * at
        found[f"Crv.1.Pt.{i}.{y}"] = 100 * value
    return found


_VOLT_VAR, _WATT_VAR, _VOLT_WATT = 1, 3, 4


def curves(functions: Mapping[str, Any]) -> Mapping[int, Values]:
    """Models 705, 706 and 712."""
    return {
        705: curve(_VOLT_VAR, functions, x="V", y="Var", x_sf="V_SF"),
        706: curve(_VOLT_WATT, functions, x="V", y="W", x_sf="V_SF"),
        712: curve(_WATT_VAR, functions, x="W", y="Var", x_sf="W_SF"),
    }


def droop(plant: ConnectionPoint, functions: Mapping[str, Any]) -> Values:
    """Model 711: the answer to frequency beyond a band."""
    found: dict[str, float | str | None] = {
        "Ena": 0, "AdptCtlReq": 0, "AdptCtlRslt": _COMPLETED, "NCtl": 1,
        "Db_SF": _HZ_SF, "K_SF": _HZ_SF, "RspTms_SF": _TMS_SF, "Ctl.1.ReadOnly": 1,
    }  # fmt: skip
    settings = functions.get("limited_frequency_sensitive_mode")
    if settings is None:
        return found
    f_hz = plant.f_nominal_hz
    over_hz = settings.over_hz or f_hz * (1 + _EDGE_PU)
    under_hz = settings.under_hz or f_hz * (1 - _EDGE_PU)
    return found | {
        "Ena": float(settings.enabled),
        "Ctl.1.DbOf": over_hz - f_hz,
        "Ctl.1.DbUf": f_hz - under_hz,
        "Ctl.1.KOf": settings.droop_pu,
        "Ctl.1.KUf": settings.droop_under_pu or settings.droop_pu,
        "Ctl.1.RspTms": settings.response_s,
    }


def storage(view: PlantView | None) -> Values:
    """Model 713: all batteries together."""
    units = list(view.obs.bess.values()) if view else []
    rated_wh = sum(u.rating.e_max_wh for u in units)
    if not rated_wh:
        return {"WH_SF": 0, "Pct_SF": _PERCENT_SF}
    told = [u for u in units if u.soc_pu is not None]
    held_wh = sum((u.soc_pu or 0.0) * u.rating.e_max_wh for u in told)
    told_wh = sum(u.rating.e_max_wh for u in told)
    return {
        "WHRtg": rated_wh,
        "WHAvail": held_wh if told else nan,
        "SoC": 100 * held_wh / told_wh if told_wh else nan,
        "Sta": 0,
        "WH_SF": exponent(rated_wh, RegisterType.U16),
        "Pct_SF": _PERCENT_SF,
    }
