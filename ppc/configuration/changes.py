"""A configuration that differs a little from what the file says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ppc.metier import FUNCTIONS


@dataclass(frozen=True, slots=True)
class Changes:
    """What is laid over a plant file before it is checked.

    `entries` has the shape of plant.yaml: mappings go into one another, anything else
    takes the place of what was there. `settings` does the same for control functions
    by their names; one that the file does not list goes before the first that follows
    it in `FUNCTIONS`.
    `library` is the folder of profiles/, northbound/, gridcodes/ and products/, if it
    is not the file's own.
    """

    entries: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    library: Path | None = None

    def over(self, data: Any) -> Any:  # noqa: ANN401 (whatever a YAML file may hold)
        """`data` with the changes; as it is, where it is no mapping."""
        if not isinstance(data, Mapping):
            return data
        changed = _laid_over(data, self.entries)
        if self.settings:
            listed = changed.get("functions")
            changed["functions"] = self._functions(listed or [])
        return changed

    def _functions(self, listed: Any) -> Any:  # noqa: ANN401
        if not isinstance(listed, list):
            return listed
        named = [entry if isinstance(entry, Mapping) else {} for entry in listed]
        there = {name for entry in named for name in entry}
        changed: list[Any] = [
            {
                name: _laid_over(options or {}, self.settings.get(name, {}))
                for name, options in entry.items()
            }
            if entry
            else listed[i]
            for i, entry in enumerate(named)
        ]
        for name, settings in self.settings.items():
            if name not in there:
                changed.insert(_place(name, changed), {name: dict(settings)})
        return changed


def _place(name: str, listed: list[Any]) -> int:
    """Where a function belongs in a list; at the end, if nobody knows it."""
    order = list(FUNCTIONS)
    later = set(order[order.index(name) :]) if name in order else set()
    at = (i for i, entry in enumerate(listed) if isinstance(entry, Mapping))
    return next((i for i in at if later & set(listed[i])), len(listed))


def _laid_over(below: Any, above: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if not isinstance(below, Mapping):
        return dict(above)
    merged = dict(below)
    for name, value in above.items():
        merged[name] = (
            _laid_over(merged.get(name), value) if isinstance(value, Mapping) else value
        )
    return merged
