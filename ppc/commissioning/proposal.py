"""Which signal a row of a maker's table is, by name and unit: only what is clear."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ppc.commissioning.maker_table import plain
from ppc.keys import Key

_NOT_AC = (
    *("dc", "pv", "string", "mppt", "input", "battery current", "rated", "nominal"),
    *("max", "maximum", "min", "minimum", "limit", "nenn", "grenze", "demand", "peak"),
    *(
        "avg",
        "mean hour",
        "average",
        "mittelwert",
        "load",
        "last",
        "apparent",
        "schein",
    ),
    *("factor", "faktor", "percent", "prozent", "ramp", "gradient", "today", "daily"),
    *("month", "year", "tag", "heute", "thd", "harmonic", "oberschwingung", "backup"),
    *("generator", "eps", "tariff", "tarif", "total dc", "curtail"),
)
_SET = (
    "set",
    "setpoint",
    "setpoints",
    "sollwert",
    "soll",
    "command",
    "reference",
    "vorgabe",
)
_ACTIVE = re.compile(
    r"\b(?:active power|wirkleistung|real power|total power|ac power|output power"
    r"|grid power|power total|p total|p ges|p sum|leistung|pac|p ac)\b|^(?:power|p)$"
)
_REACTIVE = re.compile(
    r"\b(?:reactive power|blindleistung|q total|q ges|q sum|qac)\b|^q$"
)
_FREQUENCY = re.compile(r"\b(?:\w*frequency|\w*frequenz|freq)\b|^f$")
_CHARGE = re.compile(r"\b(?:soc|state of charge|ladezustand|ladestand)\b")
_VOLTAGE = re.compile(
    r"\b(?:voltage|spannung|volt|u|v)\b|\bu(?:12|23|31|13|l\d)\b|^[uv][123]$"
)
_LINE = re.compile(
    r"\b(?:line to line|phase to phase|ll|aussenleiter|verkettet|leiter leiter"
    r"|l1 ?l2|u ?12|v ?12|ab|l l|uab|vab|line voltage)\b"
)
_OTHER_LINE = re.compile(r"\b(?:l2 ?l3|l3 ?l1|u ?23|u ?31|bc|ca|v ?23|v ?31|ubc|uca)\b")
_NEUTRAL = re.compile(r"\b(?:neutral|n g|ground|earth)\b")
_EXPORT = re.compile(
    r"\b(?:export\w*|deliver\w*|abgabe|abgegeben\w*|einspeis\w*|feed in|supplied"
    r"|lieferung|fed in|produced)\b"
)
_IMPORT = re.compile(
    r"\b(?:import\w*|bezug|bezogen\w*|received|consum\w*|purchased|taken|verbrauch)\b"
)
_DISCHARGE = re.compile(
    r"\b(?:max\w* discharg\w*|discharg\w* (?:power )?limit|available discharg\w*)\b"
)
_CHARGE_LIMIT = re.compile(
    r"\b(?:max\w* charg\w*|charg\w* (?:power )?limit|available charg\w*)\b"
)
_AVAILABLE = re.compile(
    r"\b(?:available (?:active )?power|possible power|verfugbare leistung)\b"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A signal, and how much it must be turned to be one."""

    key: Key
    factor: float = 1.0
    command: bool = False


def proposed(name: str, unit: str, *, writable: bool) -> Guess | None:
    """The signal of a row with this name and SI unit; None where it is not clear."""
    said = plain(name)
    words = set(said.split())
    if writable and words & set(_SET):
        return _set_point(said, unit)
    if unit == "W" and (limit := _reach(said)):
        return limit
    if any(plain(word) in words or f" {word} " in f" {said} " for word in _NOT_AC):
        return None
    look = _LOOKS.get(unit)
    return look(said) if look else None


_PHASE_POWERS = {1: Key.P_L1_W, 2: Key.P_L2_W, 3: Key.P_L3_W}
_PHASE_VOLTAGES = {1: Key.V_L1_V, 2: Key.V_L2_V, 3: Key.V_L3_V}


def _set_point(said: str, unit: str) -> Guess | None:
    if unit == "var" and re.search(r"reactive|blind|\bq\b", said):
        return Guess(Key.Q_SET_VAR, command=True)
    if unit == "W" and not re.search(r"reactive|blind|limit|max|min|grenz", said):
        return Guess(Key.P_SET_W, command=True)
    return None


def _reach(said: str) -> Guess | None:
    if _DISCHARGE.search(said):
        return Guess(Key.P_AVAILABLE_W)
    if _CHARGE_LIMIT.search(said):
        return Guess(Key.P_AVAILABLE_MIN_W, -1.0)
    return Guess(Key.P_AVAILABLE_W) if _AVAILABLE.search(said) else None


def _voltage(said: str) -> Guess | None:
    if not _VOLTAGE.search(said) or _OTHER_LINE.search(said) or _NEUTRAL.search(said):
        return None
    if _LINE.search(said):
        return Guess(Key.V_V)
    phase = _phase(said)
    return Guess(_PHASE_VOLTAGES[phase]) if phase else None


def _energy(said: str) -> Guess | None:
    if _phase(said) or re.search(r"reactive|blind|apparent|schein", said):
        return None
    out, into = _EXPORT.search(said), _IMPORT.search(said)
    if bool(out) == bool(into):
        return None
    return Guess(Key.E_EXPORT_WH if out else Key.E_IMPORT_WH)


def _charge(said: str) -> Guess | None:
    return Guess(Key.SOC_PU) if _CHARGE.search(said) else None


def _frequency(said: str) -> Guess | None:
    return Guess(Key.F_HZ) if _FREQUENCY.search(said) else None


def _reactive(said: str) -> Guess | None:
    return Guess(Key.Q_VAR) if _REACTIVE.search(said) and not _phase(said) else None


def _active(said: str) -> Guess | None:
    if not _ACTIVE.search(said) or "reactive" in said:
        return None
    return Guess(_PHASE_POWERS.get(_phase(said), Key.P_W))


def _phase(said: str) -> int:
    """1 to 3; 0: all of them."""
    found = re.search(
        r"\bl([123])\b|\b(?:phase|ph|phs) ?([123abcrst])\b|^[uvpi]([123])$", said
    )
    if not found:
        found = re.search(r"\b([abc])\b", said)
    if not found:
        return 0
    sign = next(group for group in found.groups() if group)
    return {"a": 1, "b": 2, "c": 3, "r": 1, "s": 2, "t": 3}.get(sign) or int(sign)


_LOOKS: Mapping[str, Callable[[str], Guess | None]] = {
    "pu": _charge,
    "Hz": _frequency,
    "V": _voltage,
    "Wh": _energy,
    "var": _reactive,
    "W": _active,
}
