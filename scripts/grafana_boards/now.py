"""SQL of what was the case last in the range shown."""

from grafana_boards.statements import SHOWN

_LATELY_S = 120
"""Who wrote nothing for so long is not there any more."""
_LATELY = f"{SHOWN} AND ts > $__to / 1000.0 - {_LATELY_S}"
_NOW = "(julianday('now') - 2440587.5) * 86400.0"
"""Unix time, with fractions, in SQLite of any age."""
AGE = f"SELECT max(0.0, {_NOW} - ts) AS age_s FROM poi\nORDER BY ts DESC LIMIT 1"
"""By the clock of the box that Grafana runs on."""


def last(table: str, *signals: str) -> str:
    """The last row in the range shown."""
    return (
        f"SELECT ts AS time, {', '.join(signals)} FROM {table}\n"
        f"WHERE {SHOWN} ORDER BY ts DESC LIMIT 1"
    )


def devices(table: str) -> str:
    """For a variable: who was there when the table was last written."""
    return (
        f"SELECT device FROM (SELECT device FROM {table} "
        f"WHERE ts >= (SELECT max(ts) FROM {table}) - 60\n"
        f"UNION SELECT device FROM {table}_1m "
        f"WHERE ts >= (SELECT max(ts) FROM {table}_1m) - 600)\n"
        "ORDER BY rtrim(device, '0123456789'), length(device), device LIMIT 1000"
    )


FUNCTIONS = (
    "SELECT DISTINCT function FROM verdicts\n"
    "WHERE ts >= (SELECT max(ts) FROM verdicts) - 120 ORDER BY 1 LIMIT 1000"
)
"""For a variable: the functions of the plant."""


def units_now(table: str, *more: str) -> str:
    """A row for each unit."""
    signals = ("p_w", "p_set_w", "q_var", "q_set_var", *more, "p_available_w")
    return (
        f"SELECT device, {', '.join(signals)}, state_code, age_s, quality FROM {table}\n"
        f"WHERE ts = (SELECT max(ts) FROM {table} WHERE {SHOWN}) "
        "ORDER BY rtrim(device, '0123456789'), length(device), device LIMIT 1000"
    )


def all_of(kind: str, *, soc: bool) -> str:
    """One row of all units of a kind: sums, how many run, and the worst of them."""
    own = f", avg(soc_pu) AS {kind}_soc_pu" if soc else ""
    return (
        f"SELECT sum(p_w) AS {kind}_w, sum(q_var) AS {kind}_var{own},\n"
        f"sum(p_available_w) AS {kind}_available_w,\n"
        f"sum(state_code IN (2, 3) AND quality = 0) || ' of ' || count(*) "
        f"AS {kind}_running,\n"
        f"CASE WHEN sum(quality > 0 OR state_code IS NULL) THEN 4.0\n"
        f"ELSE max(state_code) END AS {kind}_worst_code\n"
        f"FROM {kind} WHERE ts = (SELECT max(ts) FROM {kind} WHERE {_LATELY})"
    )


PICTURE = (
    "WITH meter AS (SELECT ts, p_w AS poi_w, q_var AS poi_var, v_v, f_hz,\n"
    f"quality AS poi_quality FROM poi WHERE {SHOWN} ORDER BY ts DESC LIMIT 1),\n"
    f"batteries AS ({all_of('bess', soc=True)}),\n"
    f"inverters AS ({all_of('pv', soc=False)}),\n"
    "decided AS (SELECT p_order_w, q_order_var,\n"
    "coalesce(nullif(p_limited_by, ''), 'none') AS p_limited_by,\n"
    "coalesce(nullif(q_limited_by, ''), 'none') AS q_limited_by\n"
    f"FROM decisions WHERE {SHOWN} ORDER BY ts DESC LIMIT 1)\n"
    "SELECT poi_w, poi_var, v_v, f_hz, poi_quality,\n"
    f"max(0.0, {_NOW} - meter.ts) AS age_s,\n"
    "bess_w, bess_var, bess_soc_pu, bess_running, bess_worst_code,\n"
    "pv_w, pv_var, pv_available_w, pv_running, pv_worst_code,\n"
    "poi_w - coalesce(bess_w, 0.0) - coalesce(pv_w, 0.0) AS rest_w,\n"
    "p_order_w, q_order_var, p_limited_by, q_limited_by\n"
    "FROM meter LEFT JOIN batteries LEFT JOIN inverters LEFT JOIN decided LIMIT 1"
)
"""All that stands in the single-line picture, in one row."""

VERDICTS_NOW = (
    "WITH newest AS (SELECT function, mode, p_limits, q_limits, p_low_w, p_high_w,\n"
    "p_choice_w, q_low_var, q_high_var, q_choice_var, ts, row_number() OVER\n"
    "(PARTITION BY function ORDER BY ts DESC, seq DESC) AS place\n"
    f"FROM verdicts WHERE {_LATELY})\n"
    "SELECT function, mode, p_limits, q_limits, p_low_w, p_high_w, p_choice_w,\n"
    "q_low_var, q_high_var, q_choice_var, ts * 1000.0 AS since_ms\n"
    "FROM newest WHERE place = 1 LIMIT 200"
)
