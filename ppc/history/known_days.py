"""`history.json`: what was found in finished files, so that it is looked for once.

Losing it is harmless: the files are looked through again.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ppc.history.survey import Day, Gap, survey

NAME = "history.json"
_VERSION = 1


class KnownDays:
    """Days as they were found, each with size and time of its file."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / NAME
        self._entries: dict[str, dict[str, Any]] = {}
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
            told = json.loads(self._path.read_text(encoding="utf-8"))
            if told["version"] == _VERSION:
                entries = told["days"].items()
                self._entries = {k: v for k, v in entries if isinstance(v, dict)}

    def day(self, path: Path, noted: Mapping[str, Any], *, check: bool) -> Day:
        """What is known, or found now. Raises Unreadable when the file is gone."""
        mark = _mark(path)
        entry = self._entries.get(path.name)
        if entry is not None and entry.get("mark") == mark and not check:
            with suppress(KeyError, TypeError):
                day = dict(entry["day"])
                day["gaps"] = tuple(Gap(**gap) for gap in day["gaps"])
                day["integrity"] = noted.get("integrity") or day["integrity"]
                return Day(**day)
        day_found = survey(path, noted, check=check)
        self._entries.pop(path.name, None)
        if day_found.is_finished and not day_found.trouble:
            self._entries[path.name] = {"mark": mark, "day": asdict(day_found)}
        return day_found

    def keep(self) -> None:
        """Write it down, where we may; without the days that are gone."""
        directory = self._path.parent
        days = {k: v for k, v in self._entries.items() if (directory / k).exists()}
        fresh = self._path.with_name(f"{NAME}.new")
        with suppress(OSError):
            text = json.dumps({"version": _VERSION, "days": days})
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self._path)


def _mark(path: Path) -> list[int]:
    with suppress(OSError):
        told = path.stat()
        return [told.st_size, told.st_mtime_ns]
    return []
