"""A plant of four batteries and four inverters: its state at any second, made up.

Sun and clouds, an order that steps every half hour, a limit at noon, a voltage that
wanders and a Q(U) that answers it, a frequency that rises for some minutes a day.
"""

import json
from math import pi, sin
from typing import NamedTuple

BATTERIES = tuple(f"bess{n}" for n in range(1, 5))
INVERTERS = tuple(f"pv{n}" for n in range(1, 5))
DEVICES = ("poi", *BATTERIES, *INVERTERS)
FUNCTIONS = (
    "equipment_watchdog",
    "state_of_charge",
    "limited_frequency_sensitive_mode",
    "power_limit",
    "volt_var",
    "set_point_tracking",
)
DAY_S = 86_400
V_NOMINAL_V, Q_MAX_VAR = 20e3, 3.3e6
P_PV_W, P_BESS_W, E_BESS_WH = 1.5e6, 2.0e6, 4.0e6


class State(NamedTuple):
    ts: float
    sun_pu: float
    v_v: float
    f_hz: float
    order_w: float
    limit_w: float
    p_pv_w: float
    p_bess_w: float
    q_var: float
    soc_pu: float

    @property
    def possible_w(self) -> float:
        return self.sun_pu * P_PV_W * len(INVERTERS)

    @property
    def p_w(self) -> float:
        return self.p_pv_w + self.p_bess_w - 4e5

    @property
    def aim_w(self) -> float:
        return min(self.order_w, self.limit_w, self.law_w)

    @property
    def law_w(self) -> float:
        """What LFSM-O leaves: 5 % droop from 50.2 Hz, of 10 MW."""
        return 10e6 * (1.0 - max(0.0, self.f_hz - 50.2) / (0.05 * 50.0))


def noise(t: float, kind: int) -> float:
    """Between -1 and 1, the same for the same second."""
    return (
        0.4 * sin(t * 0.9 + kind)
        + 0.3 * sin(t * 0.071 + 2.3 * kind)
        + 0.3 * sin(t * 0.0031 + 5.1 * kind)
    )


def state(ts: float) -> State:
    day = (ts % DAY_S) / DAY_S
    clear = max(0.0, sin((day - 0.25) * 2 * pi))
    clouds = 0.5 + 0.5 * noise(ts / 40, int(ts // DAY_S) % 7)
    sun_pu = clear * (1.0 - 0.6 * clouds * (int(ts // DAY_S) % 3 > 0))
    excursion = 0.35 * max(0.0, sin((day - 0.47) * 200)) if 0.47 < day < 0.485 else 0.0
    f_hz = 50.0 + 0.03 * noise(ts, 3) + excursion
    v_v = V_NOMINAL_V * (1.0 + 0.018 * sin(day * 4 * pi) + 0.01 * noise(ts / 7, 4))
    order_w = 1e6 * (1 + (ts // 1800 * 7919) % 7)
    limit_w = 4.5e6 if 0.45 < day < 0.56 else 10e6
    law_w = 10e6 * (1.0 - max(0.0, f_hz - 50.2) / 2.5)
    aim_w = min(order_w, limit_w, law_w) + 4e5
    possible_w = sun_pu * P_PV_W * len(INVERTERS)
    p_pv_w = min(possible_w, aim_w + 2e6)
    p_bess_w = max(-2e6, min(4e6, aim_w - p_pv_w)) + 3e4 * noise(ts, 5)
    soc_pu = 0.5 + 0.35 * sin(day * 2 * pi - 2.2)
    u_pu = v_v / V_NOMINAL_V - 1.0
    beyond = max(0.0, abs(u_pu) - 0.005) * (1 if u_pu < 0 else -1)
    q_var = max(-Q_MAX_VAR, min(Q_MAX_VAR, beyond * Q_MAX_VAR / 0.025))
    return State(
        *(ts, sun_pu, v_v, f_hz, order_w, limit_w, p_pv_w, p_bess_w, q_var, soc_pu)
    )


def poi(s: State) -> dict:
    phases = {f"v_l{n}_v": s.v_v / 3**0.5 + 20 * noise(s.ts, n) for n in (1, 2, 3)}
    powers = {f"p_l{n}_w": s.p_w / 3 + 2e4 * noise(s.ts, n) for n in (1, 2, 3)}
    q_var = s.q_var + 2e4 * noise(s.ts, 8)
    seen = {"v_v": s.v_v, "f_hz": s.f_hz, "p_w": s.p_w, "q_var": q_var}
    age_s = 0.05 + 0.04 * noise(s.ts, 2)
    return {"device": "poi", **seen, **phases, **powers, "age_s": age_s, "quality": 0}


def bess(s: State, n: int) -> dict:
    p_w = s.p_bess_w / len(BATTERIES)
    trouble = n == 2 and s.ts % DAY_S // 600 == 60
    return {
        "device": BATTERIES[n],
        "p_w": p_w + 4e3 * noise(s.ts, n),
        "q_var": s.q_var / 8 + 1e3 * noise(s.ts, n + 9),
        "soc_pu": s.soc_pu + 0.02 * (n - 1.5),
        "p_available_w": P_BESS_W,
        "p_available_min_w": -P_BESS_W,
        "state_code": 4.0 if trouble else 2.0,
        "p_set_w": p_w,
        "q_set_var": s.q_var / 8,
        "age_s": 0.06 + 0.05 * noise(s.ts, n + 20),
        "quality": 3 if trouble else 0,
    }


def pv(s: State, n: int) -> dict:
    possible_w = s.sun_pu * P_PV_W * (1.0 - 0.03 * n)
    p_w = min(possible_w, s.p_pv_w / len(INVERTERS))
    return {
        "device": INVERTERS[n],
        "p_w": p_w,
        "q_var": s.q_var / 8,
        "p_available_w": possible_w,
        "state_code": 2.0 if possible_w > 0 else 1.0,
        "p_set_w": s.p_pv_w / len(INVERTERS),
        "q_set_var": s.q_var / 8,
        "age_s": 0.08 + 0.06 * noise(s.ts, n + 30),
        "quality": 1 if n == 3 and s.ts % 7200 < 60 else 0,
    }


def limited_by(s: State) -> str:
    if s.aim_w == s.order_w:
        return ""
    return "power_limit" if s.aim_w == s.limit_w else FUNCTIONS[2]


def modes(s: State) -> dict[str, str]:
    found = dict.fromkeys(FUNCTIONS, "auto")
    by = limited_by(s)
    return found | ({by: "limiting" if by == "power_limit" else "active"} if by else {})


def decisions(s: State) -> dict:
    return {
        "p_w": s.aim_w,
        "q_var": s.q_var,
        "p_units_w": s.p_pv_w + s.p_bess_w,
        "q_units_var": s.q_var,
        "p_shortfall_w": max(0.0, s.aim_w - s.p_w - 1e5),
        "q_shortfall_var": 0.0,
        "p_order_w": s.order_w,
        "p_limit_max_w": s.limit_w,
        "p_limit_min_w": -6e6,
        "p_available_w": s.possible_w + 8e6,
        "p_available_min_w": -8e6,
        "q_available_var": Q_MAX_VAR,
        "q_available_min_var": -Q_MAX_VAR,
        "p_limited_by": limited_by(s),
        "q_limited_by": "volt_var" if abs(s.q_var) == Q_MAX_VAR else "",
        "p_asked_by": "scada" if s.ts % DAY_S < 50_000 else "schedule",
        "modes": json.dumps(modes(s)),
    }


def cycles(s: State) -> dict:
    return {
        "late_p50_s": 8e-5 + 2e-5 * noise(s.ts, 1),
        "late_max_s": 4e-4 + 2e-3 * (s.ts % 977 == 0),
        "acknowledged_p50_s": 0.012 + 0.002 * noise(s.ts, 2),
        "acknowledged_max_s": 0.02 + 0.06 * (s.ts % 613 == 0),
        "meter_in_time_pu": 1.0 - 0.1 * (s.ts % 301 == 0),
        "missed_count": float(s.ts % (7 * DAY_S) // (2 * DAY_S)),
        "incomplete_count": float(s.ts % (7 * DAY_S) // 9000),
        "dropped_count": 0.0,
    }


def link(s: State, n: int) -> dict:
    slow = 2.0 if DEVICES[n] == "pv4" else 1.0
    usual_s = slow * (0.004 + 0.0006 * n + 0.001 * noise(s.ts / 9, n))
    return {
        "device": DEVICES[n],
        "answer_p50_s": usual_s,
        "answer_max_s": usual_s * 3 + 0.2 * (s.ts % (1801 + n) == 0),
        "requests_count": 20.0,
        "no_replies_count": float(s.ts % (1801 + n) == 0)
        + (slow > 1) * (s.ts % 61 == 0),
        "bad_replies_count": float(s.ts % (9001 + n) == 0),
        "refusals_count": 0.0,
        "connects_count": float(s.ts % (43_201 + n) == 0),
    }


def verdicts(s: State) -> list[dict]:
    said, found = modes(s), []
    for name in FUNCTIONS:
        row = {"function": name, "mode": said[name], "p_low_w": -6e6, "p_high_w": 10e6}
        row |= {"q_low_var": -Q_MAX_VAR, "q_high_var": Q_MAX_VAR}
        row |= {"p_limits": int(name == limited_by(s)), "q_limits": 0}
        if name == "power_limit":
            row["p_high_w"] = s.limit_w
        elif name == FUNCTIONS[2]:
            row["p_high_w"] = s.law_w
        elif name == "volt_var":
            row["q_choice_var"] = s.q_var
        elif name == "set_point_tracking":
            row["p_choice_w"] = s.order_w
        found.append(row)
    return found
