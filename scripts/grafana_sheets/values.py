"""Numbers as Grafana writes them, and how a panel says that columns look."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_UNITS = {
    "watt": "W",
    "voltampreact": "var",
    "watth": "Wh",
    "volt": "V",
    "hertz": "Hz",
    "s": "s",
    "decbytes": "B",
}
_PLAIN = {"volt", "hertz"}
_SINCE_MS = 1e11
"""More than this are milliseconds."""
_PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"))

Json = Mapping[str, Any]


def written(value: object, unit: str = "none", decimals: int | None = None) -> str:
    """A value with its unit."""
    if not isinstance(value, int | float):
        return "" if value is None else str(value)
    if unit == "dateTimeAsIso":
        since_s = value / 1000 if value > _SINCE_MS else value
        return datetime.fromtimestamp(since_s, UTC).strftime("%m-%d %H:%M:%S")
    if unit == "percentunit":
        return f"{value * 100:.{1 if decimals is None else decimals}f} %"
    if unit == "dtdurations":
        return f"{value / 60:.0f} min"
    return _scaled(value, unit, decimals)


def _scaled(value: float, unit: str, decimals: int | None) -> str:
    if unit not in _UNITS:
        return f"{value:g}" if decimals is None else f"{value:.{decimals}f}"
    size, prefix = 1.0, ""
    if unit not in _PLAIN and value:
        size, prefix = next((p for p in _PREFIXES if abs(value) >= p[0]), _PREFIXES[-1])
    return (
        f"{value / size:.{2 if decimals is None else decimals}f} {prefix}{_UNITS[unit]}"
    )


def looks(panel: Json) -> dict[str, dict[str, Any]]:
    """What the panel says of each column, over what it says of all."""
    defaults = panel["fieldConfig"]["defaults"]
    common = {f"custom.{k}": v for k, v in (defaults.get("custom") or {}).items()}
    for name in ("unit", "mappings", "thresholds", "decimals", "displayName"):
        if name in defaults:
            common[name] = defaults[name]
    return {
        "": common,
        **{
            override["matcher"]["options"]: {
                **common,
                **{p["id"]: p["value"] for p in override["properties"]},
            }
            for override in panel["fieldConfig"]["overrides"]
        },
    }


def said(value: object, look: Json) -> tuple[str, str | None]:
    """Text and colour of a value, by mapping, threshold or fixed colour."""
    key = f"{value:g}" if isinstance(value, float) else str(value)
    for mapping in look.get("mappings", []):
        if found := mapping["options"].get(key):
            return found["text"], found["color"]
    text = written(value, look.get("unit", "none"), look.get("decimals"))
    colour = look.get("color", {}).get("fixedColor")
    if isinstance(value, int | float):
        for step in look.get("thresholds", {}).get("steps", []):
            if step["value"] is None or value >= step["value"]:
                colour = step["color"]
    return text, colour
