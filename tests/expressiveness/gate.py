"""What the gate is made of: items of a source, and what our format makes of them."""

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ppc.adapter.action import Actions, Heartbeat
from ppc.adapter.block import Block, CommandBlock
from ppc.adapter.expansion import expanded
from ppc.adapter.planner import planned
from ppc.adapter.point import Point, Sum
from ppc.adapter.profile import DeviceProfile, Requests, Timing
from ppc.bench.recording import data_folder

Data = dict[str, Any]
EVCC = "evcc_templates_MIT.tgz"
SUNSPEC = "sunspec_models_json_Apache2.tgz"
SUNGROW = "sungrow_SHx_mkaiser_modbus_MIT.yaml"


class Cannot(ValueError):
    """Our format cannot hold it; says why."""


@dataclass(frozen=True)
class Item:
    """One thing a source says of a device."""

    source: str
    name: str
    part: Data | None = None
    """The same as a part of a profile, as people write it."""
    whole: bool = False
    """It is a whole profile."""
    cannot: str = ""

    @cached_property
    def trouble(self) -> str:
        """Why it is not expressed; empty if it is."""
        if self.part is None:
            return self.cannot or "the converter says nothing"
        try:
            if self.whole:
                DeviceProfile.of(self.part)
            else:
                Part({**self.part, "options": dict(_options(self.part))})
        except (ValueError, AssertionError) as error:
            return str(error)
        return ""


def _options(part: Any) -> Iterator[tuple[str, int]]:
    """Options of a device the part asks for, each with some value."""
    if isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _options(each)
    elif isinstance(part, str) and (found := re.match(r"\{(\w+)\}", part)):
        yield found[1], 40


class Part:
    """What a profile holds of it, checked by the models of the format."""

    def __init__(self, part: Data) -> None:
        data = expanded(part, {})
        self.points = tuple(Point(**each) for each in data.get("points", ()))
        self.sums = tuple(Sum(**each) for each in data.get("sums", ()))
        self.blocks = tuple(Block(**each) for each in data.get("blocks", ()))
        self.blocks += planned(
            self.points, self.sums, Requests(**data.get("requests", {}))
        )
        self.heartbeat = Heartbeat(**beat) if (beat := data.get("heartbeat")) else None
        self.timing = Timing(**data.get("timing", {}))
        self.commands = tuple(CommandBlock(**each) for each in data.get("commands", ()))
        self.actions = Actions(**data.get("actions", {}))
        if not (self.blocks or self.commands or self.actions.others):
            raise ValueError("nothing is left of it")


def folder() -> Path:
    return data_folder() / "registers"


def members(archive: str) -> Iterator[tuple[str, str]]:
    """Name and text of the files of an archive, in order."""
    with tarfile.open(folder() / archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda m: m.name):
            file = tar.extractfile(member)
            if file is not None:
                yield member.name, file.read().decode()
