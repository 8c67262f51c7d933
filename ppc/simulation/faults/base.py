"""What a fault is, and where it takes hold.

Every kind is a class: its fields are its parameters, its docstring says what it does,
`reaction` what a good controller does about it. `begin` puts it into force on a target
and returns what takes it back.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar, Literal, Protocol

from ppc.adapter.strict import Strict
from ppc.communication.driver.base import Table
from ppc.keys import Key
from ppc.simulation.faults.held import Held
from ppc.simulation.physics.plant import Plant

Layer = Literal["link", "frame", "pdu", "data", "set_point", "unit", "grid", "host"]
Undo = Callable[[], None]
Read = Callable[[Table, int, int], bytes]
Write = Callable[[int, bytes], None]
Values = Mapping[Key, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """What goes on the wire, and how long after the piece before. None: a reset."""

    data: bytes | None
    after_s: float = 0.0


class Line(Protocol):
    """The wire to a device: on sockets, or within the process."""

    plugged: bool

    def add(self, fault: "WireFault") -> Undo: ...


class Station(Protocol):
    """A simulated device on which faults can be hung."""

    hooks: "list[StationFault]"

    def read(self, table: Table, address: int, count: int) -> bytes: ...

    def write(self, address: int, payload: bytes) -> None: ...


@dataclass(slots=True)
class Target:
    """Where a fault takes hold: a device, its wire, and the plant around it."""

    device: str
    plant: Plant
    station: Station
    line: Line
    later: Callable[[float, Callable[[], None]], None]
    """Has something done after so many seconds of the field's time."""
    held: Held = field(default_factory=Held)
    """Of the whole field."""
    rng: Random = field(default_factory=Random)


class Fault(Strict, ABC):
    """Base of all kinds."""

    layer: ClassVar[Layer]
    reaction: ClassVar[str]
    plant_wide: ClassVar[bool] = False
    """It needs no device."""

    @abstractmethod
    def begin(self, target: Target) -> Undo: ...


class WireFault(Fault):
    """Something between two sockets. As delivered, everything passes.

    `seen`: what it amounts to where there are no frames, within one process.
    """

    seen: ClassVar[Literal["silent", "gone", "late", "harmless"]] = "silent"

    def begin(self, target: Target) -> Undo:
        return target.line.add(self)

    def opened(self, connections_count: int) -> bool:  # noqa: ARG002
        """Whether a new connection may stay; they are so many with it."""
        return True

    def request(self, data: bytes, first: bool) -> list[Piece]:  # noqa: ARG002, FBT001
        """What the device hears; `first`: on this connection."""
        return [Piece(data)]

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        """What the device's answer becomes; `before`: its last one, as it was."""
        return [Piece(frame)]


class StationFault(Fault):
    """Something within the device: what it reads, takes, shows and does."""

    def begin(self, target: Target) -> Undo:
        target.station.hooks.append(self)
        return lambda: target.station.hooks.remove(self)

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        return ask(table, address, count)

    def write(self, tell: Write, address: int, payload: bytes) -> None:
        tell(address, payload)

    def shown(self, values: Values) -> Values:
        """What it shows instead of these signals."""
        return values

    def commanded(self, values: Values) -> Values | None:
        """What it does instead of these set-points; None: nothing."""
        return values
