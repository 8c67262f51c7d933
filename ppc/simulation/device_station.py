"""A simulated device on the wire: the registers its profile says it has."""

from collections.abc import Callable, Mapping
from functools import partial
from math import isfinite

from ppc.adapter.block import Block, CommandBlock
from ppc.adapter.codec import BlockCodec
from ppc.adapter.command_codec import CommandCodec, decoded
from ppc.adapter.point import CommandPoint
from ppc.adapter.point_codec import Ratings
from ppc.adapter.profile import DeviceProfile
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.keys import Key
from ppc.simulation.aside import Aside
from ppc.simulation.faults.base import StationFault
from ppc.simulation.registers import patched, touched


class DeviceStation:
    """Answers reads from the device's signals of this moment; hands set-points on.

    `slow_signals` gives those of blocks that are not read in every cycle.

    A read must lie within one block of the profile, or within its command registers,
    which show what was last written, or be of something else the profile names
    (`Aside`); else ILLEGAL_ADDRESS. A write must lie within the command registers, of
    whole and credible values (ILLEGAL_VALUE), or be of something else the profile
    writes; else ILLEGAL_ADDRESS.
    """

    def __init__(
        self,
        profile: DeviceProfile,
        *,
        signals: Callable[[], Mapping[Key, float]],
        slow_signals: Callable[[], Mapping[Key, float]] | None = None,
        command: Callable[[Mapping[Key, float]], None],
        ratings: Ratings | None = None,
    ) -> None:
        self._signals = signals
        self._slow_signals = slow_signals or signals
        self._command = command
        order, byte_order = profile.word_order, profile.byte_order
        self._aside = aside = Aside(profile)
        codecs = [
            BlockCodec(
                *(block, order, block.every_s or 1.0),
                byte_order=byte_order,
                ratings=ratings,
            )
            for block in profile.reads
        ]
        groups = [
            CommandCodec(block, order, byte_order=byte_order, ratings=ratings)
            for block in profile.commands
        ]
        needed = frozenset(name for codec in groups for name in codec.needs)
        self._blocks = [
            _Block(codec, aside.place(codec.block, codec.block.count), needed)
            for codec in codecs
        ]
        exponents = self._exponents = {
            name: e for b in self._blocks for name, e in b.exponents.items()
        }
        self._groups = [
            _Group(codec, aside.place(codec.block, codec.block.count), exponents)
            for codec in groups
        ]
        self.hooks: list[StationFault] = []
        """Faults of the device."""

    def read(self, table: Table, address: int, count: int) -> bytes:
        ask = self._read
        for fault in self.hooks:
            ask = partial(fault.read, ask)
        return ask(table, address, count)

    def write(self, address: int, payload: bytes) -> None:
        self._tell(Table.HOLDING, address, payload)

    def read_bits(self, table: Table, address: int, count: int) -> bytes:
        """As `read`: a coil is what a register of 0 or 1 is elsewhere."""
        registers = self.read(table, address, count)
        on = (any(registers[2 * i : 2 * i + 2]) for i in range(count))
        bits = sum(1 << i for i, each in enumerate(on) if each)
        return bits.to_bytes((count + 7) // 8, "little")

    def write_bits(self, address: int, count: int, payload: bytes) -> None:
        bits = int.from_bytes(payload, "little")
        registers = b"".join((bits >> i & 1).to_bytes(2) for i in range(count))
        self._tell(Table.COIL, address, registers)

    def _tell(self, table: Table, address: int, payload: bytes) -> None:
        tell = partial(self._write, table)
        for fault in self.hooks:
            tell = partial(fault.write, tell)
        tell(address, payload)

    def _read(self, table: Table, address: int, count: int) -> bytes:
        for block in self._blocks:
            if block.table is table and block.holds(address, count):
                slow = block.codec.block.every_s is not None
                values = (self._slow_signals if slow else self._signals)()
                for fault in self.hooks:
                    values = fault.shown(values)
                return _cut(block.shown(values), address - block.first, count)
        for group in self._groups:
            if group.table is table and group.holds(address, count):
                return _cut(group.written, address - group.first, count)
        return self._aside.read(table, address, count)

    def _write(self, table: Table, address: int, payload: bytes) -> None:
        group = self._group_at(table, address, len(payload) // 2)
        if group is None:
            self._aside.write(address, payload, table)
            return
        taken = self._taken(group, address, payload)
        commanded: Mapping[Key, float] | None = taken
        for fault in self.hooks:
            commanded = None if commanded is None else fault.commanded(commanded)
        if commanded:
            self._command(commanded)

    def _taken(self, group: "_Group", address: int, payload: bytes) -> dict[Key, float]:
        """The set-points that `payload` changes; refused where not credible."""
        before = group.written
        touched_points = group.take(address, payload)
        held = ((each.codec, each.written) for each in self._groups)
        values = decoded(held, exponents=self._exponents)
        try:
            return {
                point.key: _credible(point, values[point.key])
                for point in touched_points
                if point.key is not None
            }
        except Refused:
            group.written = before
            raise

    def _group_at(self, table: Table, address: int, count: int) -> "_Group | None":
        for group in self._groups:
            if group.table is table and group.holds(address, count):
                return group
        return None


class _Placed:
    """Registers from `first` on."""

    def __init__(self, block: Block | CommandBlock, first: int) -> None:
        self.first = first
        self.table = block.table
        self._end = first + block.count

    def holds(self, address: int, count: int) -> bool:
        return self.first <= address and address + count <= self._end


class _Block(_Placed):
    """The registers of one block, as they are at the moment."""

    def __init__(self, codec: BlockCodec, first: int, needed: frozenset[str]) -> None:
        """`needed`: names of the points that set-points take for exponents."""
        super().__init__(codec.block, first)
        self.codec = codec
        told = codec.encode({})
        self._exponents = [
            (point, 0 if raw in point.point.absents else int(raw))
            for point in codec.image.points
            if point.point.label in needed
            and isinstance(raw := point.raw(told), int | float)
        ]
        self.exponents = {point.point.label: raw for point, raw in self._exponents}

    def shown(self, values: Mapping[Key, float]) -> bytes:
        registers = self.codec.encode(values)
        if not self._exponents:
            return registers
        changed = bytearray(registers)
        for point, exponent in self._exponents:
            point.put(changed, exponent)
        return bytes(changed)


class _Group(_Placed):
    """The registers of one command group, as they were last written."""

    def __init__(
        self, codec: CommandCodec, first: int, exponents: Mapping[str, int]
    ) -> None:
        super().__init__(codec.block, first)
        self.codec = codec
        self.written = codec.encode(codec.safe, exponents=exponents)

    def take(self, address: int, payload: bytes) -> list[CommandPoint]:
        """Hold `payload`; the points it changes."""
        block = self.codec.block
        address += block.address - self.first  # as the profile counts
        points = touched(block.points, address, payload)
        self.written = patched(self.written, block.address, address, payload)
        return points


def _cut(registers: bytes, first: int, count: int) -> bytes:
    return registers[2 * first : 2 * (first + count)]


def _credible(point: CommandPoint, value: float) -> float:
    low, high = point.valid or (value, value)
    if not isfinite(value) or not low <= value <= high:
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    return value
