"""A configuration that differs a little from what the file says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Changes:
    """What is laid over a plant file before it is checked.

    `entries` has the shape of plant.yaml: mappings go into one another, anything else
    takes the place of what was there. `settings` does the same for control functions
    by their names; one that the file does not list goes to the end of the list.
    `library` is the folder of profiles/ and northbound/, if it is not the file's own.
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
        return [
            {
                name: _laid_over(options or {}, self.settings.get(name, {}))
                for name, options in entry.items()
            }
            if entry
            else listed[i]
            for i, entry in enumerate(named)
        ] + [{n: dict(s)} for n, s in self.settings.items() if n not in there]


def _laid_over(below: Any, above: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if not isinstance(below, Mapping):
        return dict(above)
    merged = dict(below)
    for name, value in above.items():
        merged[name] = (
            _laid_over(merged.get(name), value) if isinstance(value, Mapping) else value
        )
    return merged
