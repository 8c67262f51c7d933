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
DEVICES = ("poi", *BATTERIES, *INVERTERS)
LAWS = ("power_limit", "volt_var", "limited_frequency_sensitive_mode")
GAP_S = (NOW_S - 2 * HOUR_S, NOW_S - 2 * HOUR_S + 10 * MINUTE_S)
"""The controller was switched off."""
DOUBT_S = (NOW_S - 5 * MINUTE_S, NOW_S - 4 * MINUTE_S)
"""The clock was not trusted."""
RAW_DAYS = 2
CURTAILED_WH_PER_S = 100.0


def times_s() -> list[int]:
    """The last 20 minutes by the second, and the more sparse the older."""
    spans = (
        (30 * DAY_S, 3 * DAY_S, 30 * MINUTE_S),
        (3 * DAY_S, 7 * HOUR_S, 5 * MINUTE_S),
        (7 * HOUR_S, 20 * MINUTE_S, 30),
        (20 * MINUTE_S, 0, 1),
    )
    return [
        ts
        for since_s, until_s, step_s in spans
        for ts in range(NOW_S - since_s, NOW_S - until_s, step_s)
        if not GAP_S[0] <= ts < GAP_S[1]
    ]


class Plant:
    """A recorder, and what it is given."""

    def __init__(self, directory: Path, *, trusted: bool = True) -> None:
        self._trusts = self._trusted = trusted
        self.recorder = Recorder(
            directory,
            raw_days=RAW_DAYS,
            trend_days=400,
            daily_files=400,
            wall_s=lambda: NOW_S,
            clock_trusted=lambda: self._trusted,
        )
        self.recorder.start()

    def record(self, times_s: list[int]) -> None:
        """Every battery gives 1 MW, every inverter 2 MW; the POI swings by the minute."""
        for (doubtful, _), part in groupby(
            times_s, lambda ts: (DOUBT_S[0] <= ts < DOUBT_S[1], ts // HOUR_S)
        ):
            self._trusted = self._trusts and not doubtful
            self._record_part(list(part))
        self._trusted = self._trusts
        record = self.recorder.record
        for ts in times_s[:: max(1, len(times_s) // 1500)]:
            record("events", [_event(ts)])
        for ts in times_s[:: max(1, len(times_s) // 1000)]:
            record("orders", _order(ts))

    def _record_part(self, times_s: list[int]) -> None:
        record = self.recorder.record
        for table, rows in {
            "poi": [_poi(ts) for ts in times_s],
            "bess": [_bess(ts, n) for ts in times_s for n in BATTERIES],
            "pv": [_unit(ts, n, 2e6) for ts in times_s for n in INVERTERS],
            "decisions": [_decision(ts) for ts in times_s],
            "cycles": [_cycles(ts) for ts in times_s],
            "links": [_link(ts, n) for ts in times_s for n in DEVICES],
            "verdicts": [
                _verdict(ts, n) for ts in times_s if ts % 60 == 0 for n in LAWS
            ],
            "commands": [
                step
                for ts in times_s
                if ts % 10 == 0
                for n in BATTERIES
                for step in _life(ts, n)
            ],
        }.items():
            if rows:
                record(table, rows)
        for ts in times_s:
            if ts % 60 == 0:  # at a minute: what is counted goes from one to the next
                record("energy", [_energy(ts, n) for n in DEVICES])


def _poi(ts):
    p_w = 7e6 + 1e6 * (ts % 60 < 30)
    measured = {"v_v": 20e3 + ts % 60, "f_hz": 50.0, "p_w": p_w, "q_var": -1e5}
    phases = {
        f"{x}_l{n}_{x if x == 'v' else 'w'}": 1.0 for x in "vp" for n in (1, 2, 3)
    }
    return {"ts": float(ts), "device": "poi", **measured, **phases, "quality": 0}


def _unit(ts, name, p_w):
    set_points = {"p_set_w": p_w, "q_set_var": 0.0, "p_available_w": 2.2e6}
    doubtful = name == "pv2" and ts % 600 < 60
    row = {"ts": float(ts), "device": name, "p_w": p_w, "q_var": 1e3, "age_s": 0.1}
    return row | set_points | {"state_code": 2.0, "quality": 3 * doubtful}


def _bess(ts, name):
    soc_pu = 0.1 * int(name[-1])
    return _unit(ts, name, 1e6) | {"soc_pu": soc_pu, "p_available_min_w": -2e6}


def _decision(ts):
    modes = dict.fromkeys(FUNCTIONS, "auto" if ts // 600 % 2 else "error")
    row = {"ts": float(ts), "p_w": 7e6, "q_var": 0.0, "p_order_w": 8e6}
    limited = {
        "p_limited_by": "power_limit" if ts // 60 % 2 else "",
        "q_limited_by": "",
        "p_asked_by": "scada",
    }
    bounds = {"p_limit_max_w": 9e6, "p_available_w": 9.5e6, "q_available_var": 3e6}
    orders = {"modes": json.dumps(modes), "q_order_var": 0.0, "v_order_pu": 1.0}
    return row | limited | bounds | orders | {"p_shortfall_w": 0.0, "p_units_w": 7.1e6}


def _cycles(ts):
    late = {"late_p50_s": 5e-5, "late_max_s": 1e-4 + 1e-6 * (ts % 10)}
    acknowledged = {"acknowledged_p50_s": 1e-3, "acknowledged_max_s": 2e-3}
    counts = {"missed_count": 0, "incomplete_count": ts - NOW_S + 40 * DAY_S}
    row = {"ts": float(ts), "meter_in_time_pu": 1.0, "dropped_count": 0}
    return {**row, **late, **acknowledged, **counts}


def _link(ts, name):
    times = {"answer_p50_s": 2e-3, "answer_max_s": 5e-3, "requests_count": 20.0}
    errors = {"no_replies_count": float(name == "pv2"), "bad_replies_count": 0.0}
    more = {"refusals_count": 0.0, "connects_count": 0.0}
    return {"ts": float(ts), "device": name, **times, **errors, **more}


def _verdict(ts, name):
    bounds = {"p_low_w": -6e6, "p_high_w": 9e6, "q_low_var": -3e6, "q_high_var": 3e6}
    choice = {"p_choice_w": None, "q_choice_var": -1e5 if name == "volt_var" else None}
    limits = {"p_limits": int(name == "power_limit"), "q_limits": 0}
    mode = "auto" if ts // 600 % 2 else "limiting"
    return {
        "ts": float(ts),
        "function": name,
        "mode": mode,
        **bounds,
        **choice,
        **limits,
    }


def _energy(ts, name):
    age_s = ts - NOW_S + 30 * DAY_S
    row = {"ts": float(ts), "device": name, "e_export_wh": 1000.0 * age_s}
    possible_wh = (1000.0 + CURTAILED_WH_PER_S) * age_s if name in INVERTERS else None
    return {**row, "e_import_wh": 1.0 * age_s, "e_possible_wh": possible_wh}


def _life(ts, name):
    """Achieved after 2.25 s; of bess3 refused at once."""
    asked = {"device": name, "number": ts * 1000, "p_set_w": 1e6, "q_set_var": 0.0}
    steps = (("issued", 0.0), ("written", 0.125), ("achieved", 2.25))
    if name == "bess3":
        steps = (("issued", 0.0), ("refused", 0.125))
    return [
        {"ts": ts + after_s, **asked, "state": state, "source": "scada", "reason": ""}
        for state, after_s in steps
    ]


def _order(ts):
    row = {"source": "scada", "key": "p_set_w", "number": ts, "value": 8e6}
    end = "accepted" if ts // 60 % 2 else "refused"
    return [
        {"ts": ts + after_s, **row, "state": state, "reason": ""}
        for state, after_s in (("received", 0.0), (end, 0.0))
    ]


def _event(ts):
    severity = ("info", "warning", "error", "critical")[ts // 7 % 4]
    text = "auto -> error" if severity == "info" else f"what happened at {ts}"
    return {"ts": float(ts), "source": "test", "severity": severity, "text": text}
