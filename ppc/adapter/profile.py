"""The register map of one model of device: the YAML, checked."""

from functools import cached_property
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import Field, model_validator

from ppc.adapter.action import Actions, ExpectStep, Heartbeat
from ppc.adapter.block import MOST_READ, MOST_WRITTEN, Block, CommandBlock
from ppc.adapter.expansion import expanded
from ppc.adapter.planner import planned
from ppc.adapter.point import Point, Sum, When
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.adapter.strict import Address, Name, Strict
from ppc.communication.driver.base import Table
from ppc.datamodel.rating import EquipmentType
from ppc.keys import Key


class Timing(Strict):
    """What the model of device asks of the connection. Defaults of the driver's."""

    timeout_s: float | None = Field(default=None, gt=0)
    """Longest wait for an answer."""
    connect_delay_s: float | None = Field(default=None, ge=0)
    """Silence after connecting, before the first request."""
    request_gap_s: float | None = Field(default=None, ge=0)
    """Silence between an answer and the next request."""
    station_gap_s: float | None = Field(default=None, ge=0)
    """The same, where the next request is to another station."""
    busy_delay_s: float | None = Field(default=None, ge=0)
    """Wait after the device said it is busy."""
    connections_max: int | None = Field(default=None, ge=1)
    """How many masters it serves at a time: told by `ppc check`."""


class Span(Strict):
    """Registers [first, last] of a table."""

    table: Table = Table.HOLDING
    first: Address
    """Its first register."""
    last: Address
    """Its last register; it belongs to the span."""


class Requests(Strict):
    """How points may be merged into requests."""

    read_max: int = Field(default=MOST_READ, ge=1, le=MOST_READ)
    """Most registers in one read."""
    write_max: int = Field(default=MOST_WRITTEN, ge=1, le=MOST_WRITTEN)
    """Most registers in one write."""
    gap_max: int = Field(default=0, ge=0)
    """So many registers that nobody asked for may be read along."""
    forbidden: tuple[Span, ...] = ()
    """Registers that no request may touch."""
    apart: tuple[Address, ...] = ()
    """A request must begin at each of these: where the device's own blocks begin."""


class OrderFrom(Strict):
    """A register of the device that tells the word order of all others."""

    address: Address
    table: Table = Table.HOLDING
    type: RegisterType = RegisterType.U16
    among: dict[int, WordOrder] = Field(min_length=1)
    """Which raw value means which order."""


class DeviceProfile(Strict):
    """Register map of one model of device."""

    source: str
    """The maker's document, its revision and its table: where the map was read."""
    type: EquipmentType
    """The part a device of this model can play."""
    maker: str = ""
    """Who makes the device."""
    models: tuple[str, ...] = ()
    """Names of the products it is for."""
    standing: str = ""
    """How far it was tried: "read" from the maker's document, "secondary" from what
    others made of it, "tried" on a device."""
    notes: tuple[str, ...] = ()
    """What one must know before using it."""
    word_order: WordOrder = "big"
    """Of numbers wider than a register: "big" most significant word first. Texts run
    on from register to register, whatever stands here."""
    byte_order: WordOrder = "big"
    """"little": the bytes of every register are swapped."""
    word_order_from: OrderFrom | None = None
    """Where the device itself tells the word order."""
    station: int | None = Field(default=None, ge=0, le=255)
    """The usual unit id, for `ppc scan`."""
    address_base: int = 0
    """Written address of the first register: 1 where the maker counts from one, 40001
    where he writes 4xxxx. Addresses of the checked profile count from 0."""
    options: dict[Name, Any] = Field(default_factory=dict)
    """Of the device, for `when`: model, firmware, ...; plant.yaml may say otherwise.
    Also numbers: "{name}" anywhere else is the option, "{name} * -0.1" a multiple."""
    identity: tuple[ExpectStep, ...] = ()
    """What `ppc scan` knows it by."""
    timing: Timing = Timing()
    """What it asks of the connection."""
    requests: Requests = Requests()
    """How points may be merged into requests."""
    blocks: tuple[Block, ...] = ()
    """Requests as they are made. Points outside blocks are merged into more of them."""
    points: tuple[Point, ...] = ()
    """Those without a key are for people: read when asked for, by `ppc read`."""
    sums: tuple[Sum, ...] = ()
    """Of points outside blocks."""
    commands: tuple[CommandBlock, ...] = ()
    """In the order they are sent."""
    actions: Actions = Actions()
    """What it wants besides set-points."""
    heartbeat: Heartbeat | None = None
    """How it knows that the controller is alive."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.reads:
            raise ValueError("there is nothing to read: blocks, or points with keys")
        keys = [key for block in self.reads for key in block.keys]
        for key in sorted({k for k in keys if keys.count(k) > 1}):
            raise ValueError(f"{key} is read in two places")
        if missing := [key.value for key in NEEDED[self.type] if key not in keys]:
            raise ValueError(f"a {self.type} must measure {', '.join(missing)}")
        taken = {p.key for block in self.commands for p in block.points if p.key}
        if lost := sorted(self._exponents - {point.label for point in self.points}):
            raise ValueError(f"commands need {', '.join(lost)}, which is no point")
        self._check_lengths()
        if foreign := sorted(taken - COMMANDED):
            raise ValueError(f"commands cannot hold {', '.join(foreign)}")
        if self.type.is_unit and Key.P_SET_W not in taken:
            raise ValueError("commands must hold p_set_w, and q_set_var if it can")
        if self.type is EquipmentType.BMS and self._is_led:
            raise ValueError(
                "a bms takes no set-points: no commands, no enable, ready, release"
            )
        return self

    def _check_lengths(self) -> None:
        """Whether the requests that are written out keep to what is said of all."""
        for block in self.blocks:
            if block.count > self.requests.read_max:
                raise ValueError(f"block at {block.address} is longer than read_max")
        for group in self.commands:
            if group.count > self.requests.write_max:
                raise ValueError(f"{group.name} is longer than write_max")

    @cached_property
    def reads(self) -> tuple[Block, ...]:
        """Every request of control: the blocks, then the merged points with keys."""
        points = {point.label: point for point in self.points}
        wanted = [point.label for point in self.points if point.key]
        wanted += [name for each in self.sums for name in each.of]
        wanted += sorted(self._exponents - set(wanted))
        for label in wanted:  # grows while it is looked through
            known = points[label].needs if label in points else frozenset()
            wanted += sorted(known - set(wanted))
        chosen = tuple(p for p in self.points if p.label in wanted)
        return self.blocks + planned(chosen, self.sums, self.requests)

    @property
    def _exponents(self) -> frozenset[str]:
        """Names of the points outside blocks that hold exponents of set-points."""
        within = {point.label for block in self.blocks for point in block.points}
        told = (p.scale_from for block in self.commands for p in block.points)
        return frozenset(name for name in told if name and name not in within)

    @cached_property
    def for_people(self) -> tuple[Block, ...]:
        """Requests for the points without keys, with those they lean on."""
        known = {point.label for block in self.reads for point in block.points}
        points = {point.label: point for point in self.points if point.readable}
        wanted = [label for label in points if label not in known]
        for label in wanted:  # grows while it is looked through
            wanted += sorted(points[label].needs - set(wanted))
        chosen = tuple(p for label, p in points.items() if label in wanted)
        return planned(chosen, (), self.requests)

    @property
    def _is_led(self) -> bool:
        """Whether something is to be sent with the set-points, or before them."""
        actions = self.actions
        return bool(self.commands or actions.enable or actions.ready or actions.release)

    @property
    def of_models(self) -> bool:
        """Whether something stands in a SunSpec model, whose place must be found."""
        return any(block.models for block in (*self.reads, *self.commands))

    @property
    def watchdog_s(self) -> float | None:
        """The shortest of its command groups'."""
        return min((b.watchdog_s for b in self.commands if b.watchdog_s), default=None)

    @classmethod
    def load(cls, path: Path, options: When | None = None) -> Self:
        """Read a profile, for a device with these options (over the profile's own).

        Raises:
            OSError, yaml.YAMLError: the file cannot be read.
            pydantic.ValidationError: an entry is wrong; it says which, and why.
        """
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls.of(data, options)

    @classmethod
    def of(cls, data: Any, options: When | None = None) -> Self:  # noqa: ANN401
        """The profile people have written as `data`. Raises ValidationError."""
        return cls.model_validate(expanded(data, options or {}))


COMMANDED = frozenset({Key.P_SET_W, Key.Q_SET_VAR})
NEEDED: dict[EquipmentType, tuple[Key, ...]] = {
    EquipmentType.POI: (Key.V_V, Key.F_HZ, Key.P_W, Key.Q_VAR),
    EquipmentType.BESS: (Key.P_W,),
    EquipmentType.PV: (Key.P_W,),
    EquipmentType.BMS: (Key.SOC_PU,),
}
"""What control cannot do without, by type of equipment. A battery's state of charge
may come from another device, its bms."""
