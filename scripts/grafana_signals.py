"""How signals and states are called and coloured, the same in every dashboard."""

from grafana_panels import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, YELLOW, Shown

from ppc.datamodel.observation import Quality
from ppc.keys import DeviceState

W, VAR = "watt", "voltampreact"
P = Shown("p_w", "P", W, BLUE)
P_AIM = Shown("p_aim_w", "aim", W, GREEN)
P_ORDER = Shown("p_order_w", "order", W, ORANGE, dashed=True)
P_SET = Shown("p_set_w", "P set-point", W, GREEN, dashed=True)
P_MOST = Shown("p_available_w", "P most available", W, GREY)
P_LEAST = Shown("p_available_min_w", "P least available", W, GREY)
Q = Shown("q_var", "Q", VAR, PURPLE)
Q_AIM = Shown("q_aim_var", "aim", VAR, GREEN)
Q_ORDER = Shown("q_order_var", "order", VAR, ORANGE, dashed=True)
Q_SET = Shown("q_set_var", "Q set-point", VAR, GREEN, dashed=True)
V = Shown("v_v", "U", "volt", YELLOW, decimals=3)
V_ORDER = Shown(
    *("v_order_pu", "order, right", "suffix: pu", ORANGE),
    dashed=True,
    custom={"axisPlacement": "right"},
)
F = Shown("f_hz", "f", "hertz", GREEN, decimals=3)
SOC = Shown("soc_pu", "SOC", "percentunit", GREEN)
STATE = Shown("state_code", "state", "none", GREY)
QUALITY = Shown("quality", "quality", "none", GREY)
DEVICE = Shown("device", "unit", "none", GREY)
TIME = Shown("time", "time", "dateTimeAsIso", GREY)

COUNTS = (
    Shown("missed_count", "cycles missed", "none", RED),
    Shown("incomplete_count", "cycles without all acknowledgements", "none", ORANGE),
    Shown("dropped_count", "rows of the record dropped", "none", PURPLE),
)
DAYS = (
    Shown("day", "day", "none", GREY),
    Shown("first_ms", "first row", "dateTimeAsIso", GREY),
    Shown("last_ms", "last row", "dateTimeAsIso", GREY),
    Shown("rows_count", "rows", "none", GREY),
    Shown("file", "file", "none", GREY),
)

_MODE_WORDS = {
    GREEN: (
        "armed",
        "auto",
        "balancing",
        "free",
        "in_service",
        "normal",
        "ok",
        "replacement",
        "reserving",
        "running",
        "smoothing",
    ),
    BLUE: (
        "bypassed",
        "planned",
        "ramping",
        "recharging",
        "responding",
        "start",
        "starting",
        "tracking",
        "waiting",
    ),
    GREY: ("idle", "low_power", "off"),
    YELLOW: ("buffer", "restoring"),
    ORANGE: (
        "active",
        "alert",
        "deactivating",
        "degraded",
        "doubtful",
        "emergency",
        "exhausted",
        "fallback",
        "full",
        "hold",
        "limited",
        "last_unit",
        "limiting",
        "locked",
        "meters_differ",
        "missing",
        "over",
        "second_meter",
        "release",
        "shaving",
        "short",
        "short_term",
        "stopped",
        "stopping",
        "sustained",
        "test_over",
        "timing",
        "under",
    ),
    PURPLE: ("frozen", "recovering", "testing"),
    RED: (
        "blind",
        "blocked",
        "error",
        "expired",
        "failed",
        "given_up",
        "implausible",
        "lost",
        "meter_lost",
    ),
}
MODES = {word: colour for colour, words in _MODE_WORDS.items() for word in words}
LIMITS = {
    "none": GREEN,
    "capability": GREY,
    "equipment_watchdog": RED,
    "unit_compliance": RED,
    "operating_range": RED,
    "plant_sequence": RED,
    "enter_service": RED,
    "power_limit": ORANGE,
    "reactive_capability": YELLOW,
    "q_voltage_limit": YELLOW,
    "volt_var": PURPLE,
    "voltage_support": PURPLE,
    "power_factor": PURPLE,
    "watt_var": PURPLE,
    "set_point_tracking": BLUE,
    "state_of_charge": YELLOW,
    "fast_frequency_reserve": PURPLE,
    "limited_frequency_sensitive_mode": ORANGE,
    "volt_watt": ORANGE,
    "run_back": RED,
    "ramp_rate_limit": BLUE,
    "disturbance_freeze": PURPLE,
    "bypass": BLUE,
    "frequency_sensitive_mode": BLUE,
    "energy_management": YELLOW,
    "peak_shaving": ORANGE,
    "self_consumption": GREEN,
    "active_power_reserve": ORANGE,
    "pv_smoothing": BLUE,
    "capacity_firming": YELLOW,
    "schedule": PURPLE,
}
SEVERITIES = {"info": BLUE, "warning": ORANGE, "error": RED, "critical": PURPLE}
STATES = {
    f"{state:d}": (state.name.lower(), colour)
    for state, colour in zip(DeviceState, (GREY, BLUE, GREEN, ORANGE, RED), strict=True)
}
QUALITIES = {
    f"{code}": (quality.value, (GREEN, ORANGE, ORANGE, RED, RED)[code])
    for code, quality in enumerate(Quality)
}


def named(values: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Texts that are shown as they are, in their colours."""
    return {text: (text.replace("_", " "), colour) for text, colour in values.items()}
