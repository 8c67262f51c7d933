"""Words of the record and their colours: modes, limits, severities, states."""

from grafana_boards.colours import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, TEAL, YELLOW
from ppc.database.schema import LIFE
from ppc.datamodel.observation import Quality
from ppc.keys import DeviceState

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

_LIFE_COLOURS = {
    "received": GREY,
    "issued": GREY,
    "accepted": BLUE,
    "written": BLUE,
    "confirmed": TEAL,
    "achieved": GREEN,
    "refused": RED,
    "expired": ORANGE,
    "superseded": YELLOW,
    "withdrawn": PURPLE,
}
STEPS = {step: _LIFE_COLOURS[step] for step in LIFE}
"""Steps in the life of a command or an order."""
TRUSTED = {"1": ("trusted", GREEN), "0": ("not trusted", ORANGE)}
YES = {"1": ("yes", ORANGE), "0": ("", GREY)}
THINNED = {
    "0": ("whole", GREEN),
    "1": ("without samples", GREY),
    "2": ("events only", GREY),
}


def named(values: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Texts that are shown as they are, in their colours."""
    return {text: (text.replace("_", " "), colour) for text, colour in values.items()}
