"""Requests: registers that are read, or written, in one frame."""

from typing import Literal, Self

from pydantic import Field, model_validator

from ppc.adapter.action import WRITABLE, Steps
from ppc.adapter.point import CommandPoint, Point, Sum, When
from ppc.adapter.register_type import RegisterType
from ppc.adapter.strict import Address, Name, Strict
from ppc.communication.driver.base import Table
from ppc.keys import Key

MOST_READ, MOST_WRITTEN = 125, 123
"""Registers in one request. Source: Modbus Application Protocol V1.1b3, 6.3, 6.12."""
MOST_WRITTEN_READING = 121
"""Written in one request that reads as well. Source: the same, 6.17."""


class _Registers(Strict):
    """A run of registers moved in one request."""

    table: Table = Table.HOLDING
    address: Address = 0
    count: int = Field(ge=1, le=MOST_READ)
    """Registers in the request."""
    sunspec: tuple[int, ...] = ()
    """Addresses count from the first register of the data of this model (the one after
    its length): the first of these models that the device has."""
    instance: int = Field(default=0, ge=0)
    """Which, where the device has the model several times."""
    when: When | None = None

    @property
    def models(self) -> tuple[int, ...]:
        """SunSpec models any one of which it stands in; none: at its own address."""
        return self.sunspec

    @model_validator(mode="after")
    def _of_one_model(self) -> Self:
        points: tuple[Point, ...] = getattr(self, "points", ())
        for point in points:
            own = point.models, point.instance
            if point.models and own != (self.models, self.instance):
                raise ValueError(f"{point.label or 'a constant'} is of another model")
        return self

    @model_validator(mode="after")
    def _points_fit(self) -> Self:
        points: tuple[Point, ...] = getattr(self, "points", ())
        last = self.address + self.count
        for point in points:
            if not all(self.address <= place < last for place in point.places):
                raise ValueError(
                    f"{point.label or 'a constant'} leaves [{self.address}, {last})"
                )
        return self


class Block(_Registers):
    """One read request: registers that are fetched together."""

    every_s: float | None = Field(default=None, gt=0)
    """Poll period. Left out: once in every control cycle."""
    life_s: float | None = Field(default=None, gt=0)
    """How long its values may be believed. Left out: three poll periods."""
    points: tuple[Point, ...] = Field(min_length=1)
    """What the registers mean; those of no point are read along."""
    sums: tuple[Sum, ...] = ()
    """Signals made of several of its points."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [point.label for point in self.points]
        for name in sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"{name} stands twice in one block")
        for point in self.points:
            for name in sorted(point.needs - set(names)):
                raise ValueError(f"{point.label} needs {name}, not in its block")
            if point.times and self.points[names.index(point.times)].times:
                raise ValueError(f"{point.times} is a product: it multiplies no other")
        for each in self.sums:
            for name in sorted(set(each.of) - set(names)):
                raise ValueError(f"{each.key} needs {name}, not in its block")
        _do_not_overlap(self.points)
        return self

    @property
    def keys(self) -> tuple[Key, ...]:
        """The signals it gives: those of its points, then the sums."""
        own = tuple(point.key for point in self.points if point.key)
        return own + tuple(each.key for each in self.sums)


class CommandBlock(_Registers):
    """One write request: set-points that go in one frame."""

    count: int = Field(ge=1, le=MOST_WRITTEN)
    """Registers in the request."""
    points: tuple[CommandPoint, ...] = Field(min_length=1)
    """What is written; see keep_others for what is not."""
    function: Literal["many", "one", "mask", "read_write"] | None = None
    """many: 16 (15 for coils); one: 6 (5); mask: 22; read_write: 23. Left out: many."""
    refresh_s: float | None = Field(default=None, gt=0)
    """Write an unchanged set-point again after this time. Left out: every cycle."""
    watchdog_s: float | None = Field(default=None, gt=0)
    """Time after which the device itself drops a set-point that is not renewed."""
    stored: bool = False
    """The device keeps it in memory that wears out: written only when it changes."""
    change_pu: float = Field(default=0.0, ge=0, lt=1)
    """A change smaller than this part of the range of `valid` is not written."""
    interval_s: float | None = Field(default=None, gt=0)
    """Least time between two writes."""
    read_back: bool = False
    """After each write that changes something: read, and write again if not taken."""
    keep_others: bool = False
    """What no point covers, bits too, is read first and written as it is."""
    before: Steps = ()
    """Before each write that changes something: unlock."""
    after: Steps = ()
    """After it: activate, commit."""
    name: Name = "set_points"
    """For people, where there are several groups."""

    @property
    def keys(self) -> tuple[Key, ...]:
        """The set-points it takes, each once."""
        return tuple(dict.fromkeys(point.key for point in self.points if point.key))

    @model_validator(mode="after")
    def _refreshed_in_time(self) -> Self:
        if self.refresh_s and self.watchdog_s and self.refresh_s >= self.watchdog_s:
            raise ValueError("refresh_s must be shorter than watchdog_s")
        if self.stored and self.refresh_s:
            raise ValueError("what is stored is not refreshed: leave refresh_s out")
        _do_not_overlap(self.points)
        return self

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        if self.table not in WRITABLE:
            raise ValueError(f"{self.table} is only read")
        if self.table is Table.COIL and self.function in ("mask", "read_write"):
            raise ValueError(f"function {self.function} is for holding registers")
        if self.function == "read_write" and self.count > MOST_WRITTEN_READING:
            raise ValueError(f"read_write writes at most {MOST_WRITTEN_READING}")
        if self.function in ("one", "mask") and self.count != 1:
            raise ValueError(f"function {self.function} writes one register")
        covered = {place for point in self.points for place in point.places}
        if self.models and not self.keep_others and len(covered) < self.count:
            raise ValueError("a gap would be written as 0: constants, or keep_others")
        return self


def _do_not_overlap(points: tuple[Point, ...] | tuple[CommandPoint, ...]) -> None:
    """Two points may share a register only if their bits differ."""
    taken: dict[int, list[Point]] = {}
    for point in points:
        for place in point.places:
            others = taken.setdefault(place, [])
            if any(overlap(point, other) for other in others):
                raise ValueError(
                    f"{point.label or 'a constant'} and another overlap at {place}"
                )
            others.append(point)


def overlap(one: Point, other: Point) -> bool:
    """Whether two points that share a register share bits of it.

    Of what is wider than a register only the same registers are told apart by bits.
    """
    return one.places != other.places or bool(_bits(one) & _bits(other))


def bits_of(point: Point) -> int:
    """The bits it takes of each of its registers: all, of what is wider than one."""
    return _bits(point) if point.size == 1 else WHOLE


def _bits(point: Point) -> int:
    """Which bits of its registers, read as one number, it takes."""
    high = point.type in (RegisterType.U8_HIGH, RegisterType.S8_HIGH)
    low = point.type in (RegisterType.U8_LOW, RegisterType.S8_LOW)
    every = 0xFF if high or low else (1 << 16 * point.size) - 1
    if point.mask is not None:
        every = point.mask
    elif point.shift is not None:
        every = every >> point.shift << point.shift
    return every << 8 if high else every


WHOLE = 0xFFFF
"""All bits of a register."""
