"""A month of a plant, written by the real recorder."""

import json
from itertools import groupby
from pathlib import Path

from ppc.database.recorder import Recorder
from ppc.metier import FUNCTIONS

NOW_S = 1_795_262_400
"""2026-11-21 12:00 UTC: what the wall clock shows."""
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
BATTERIES, INVERTERS = ("bess1", "bess2", "bess3"), ("pv1", "pv2")
GAP_S = (NOW_S - 2 * HOUR_S, NOW_S - 2 * HOUR_S + 10 * MINUTE_S)
"""The controller was switched off."""
RAW_DAYS = 2


def times_s() -> list[int]:
    """The last 20 minutes by the second, and the more sparse the older."""
    spans = (
        (30 * DAY_S, 3 * DAY_S, 30 * MINUTE_S),
        (3 * DAY_S, 7 * HOUR_S, 5 * MINUTE_S),
        (7 * HOUR_S, 20 * MINUTE_S, 10),
        (20 * MINUTE_S, 0, 1),
    )
    return [
        ts
        for since_s, until_s, step_s in spans
        for ts in range(NOW_S - since_s, NOW_S - until_s, step_s)
        if not GAP_S[0] <= ts < GAP_S[1]
    ]


def recorder(directory: Path) -> Recorder:
    return Recorder(
        directory,
        raw_days=RAW_DAYS,
        trend_days=400,
        daily_files=400,
        wall_s=lambda: NOW_S,
    )


def record(recorder: Recorder, times_s: list[int]) -> None:
    """Every battery gives 1 MW, every inverter 2 MW; the POI swings by the minute."""
    for _, hour in groupby(times_s, lambda ts: ts // HOUR_S):
        _record_hour(recorder, list(hour))
    for ts in times_s[:: max(1, len(times_s) // 3000)]:
        severity = ("info", "warning", "error", "critical")[ts // 7 % 4]
        text = "auto -> error" if severity == "info" else f"what happened at {ts}"
        row = {"ts": float(ts), "source": "test", "severity": severity, "text": text}
        recorder.record("events", [row])


def _record_hour(recorder: Recorder, times_s: list[int]) -> None:
    recorder.record("poi", [_poi(ts) for ts in times_s])
    recorder.record("bess", [_bess(ts, n) for ts in times_s for n in BATTERIES])
    recorder.record("pv", [_unit(ts, n, 2e6) for ts in times_s for n in INVERTERS])
    recorder.record("decisions", [_decision(ts) for ts in times_s])
    recorder.record("cycles", [_cycles(ts) for ts in times_s])


def _poi(ts):
    p_w = 7e6 + 1e6 * (ts % 60 < 30)
    measured = {"v_v": 20e3 + ts % 60, "f_hz": 50.0, "p_w": p_w, "q_var": -1e5}
    return {"ts": float(ts), "device": "poi", **measured, "quality": 0}


def _unit(ts, name, p_w):
    set_points = {"p_set_w": p_w, "q_set_var": 0.0, "p_available_w": 2.2e6}
    row = {"ts": float(ts), "device": name, "p_w": p_w, "q_var": 1e3, "quality": 0}
    return row | set_points | {"state_code": 2.0}


def _bess(ts, name):
    soc_pu = 0.1 * int(name[-1])
    return _unit(ts, name, 1e6) | {"soc_pu": soc_pu, "p_available_min_w": -2e6}


def _decision(ts):
    modes = dict.fromkeys(FUNCTIONS, "auto" if ts // 600 % 2 else "error")
    row = {"ts": float(ts), "p_w": 7e6, "q_var": 0.0, "p_order_w": 8e6}
    limited = {
        "p_limited_by": "power_limit" if ts // 60 % 2 else "",
        "q_limited_by": "",
    }
    return (
        row
        | limited
        | {"modes": json.dumps(modes), "q_order_var": 0.0, "v_order_pu": 1.0}
    )


def _cycles(ts):
    late = {"late_p50_s": 5e-5, "late_max_s": 1e-4 + 1e-6 * (ts % 10)}
    acknowledged = {"acknowledged_p50_s": 1e-3, "acknowledged_max_s": 2e-3}
    counts = {"missed_count": 0, "incomplete_count": ts - NOW_S + 40 * DAY_S}
    return {"ts": float(ts), "meter_in_time_pu": 1.0, **late, **acknowledged, **counts}
