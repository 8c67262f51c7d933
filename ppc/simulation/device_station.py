"""A simulated device on the wire: the registers its profile says it has."""

from collections.abc import Callable, Mapping
from functools import partial
from math import isfinite

from ppc.adapter.block import Block, CommandBlock
from ppc.adapter.codec import BlockCodec
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.point import CommandPoint
from ppc.adapter.point_codec import Ratings
from ppc.adapter.profile import DeviceProfile
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.keys import Key
from ppc.simulation.faults.base import StationFault
from ppc.simulation.registers import patched, touched


class DeviceStation:
    """Answers reads from the device's signals of this moment; hands set-points on.

    `slow_signals` gives those of blocks that are not read in every cycle.

    A read must lie within one block of the profile, or within its command registers,
    which show what was last written; else ILLEGAL_ADDRESS. A write must lie within the
    command registers (ILLEGAL_ADDRESS), of whole and credible values (ILLEGAL_VALUE).
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
        self._codecs = [
            BlockCodec(
                *(block, order, block.every_s or 1.0),
                byte_order=byte_order,
                ratings=ratings,
            )
            for block in profile.reads
        ]
        self._groups = [
            _Group(CommandCodec(block, order, byte_order=byte_order, ratings=ratings))
            for block in profile.commands
        ]
        self.hooks: list[StationFault] = []
        """Faults of the device."""

    def read(self, table: Table, address: int, count: int) -> bytes:
        ask = self._read
        for fault in self.hooks:
            ask = partial(fault.read, ask)
        return ask(table, address, count)

    def write(self, address: int, payload: bytes) -> None:
        tell = self._write
        for fault in self.hooks:
            tell = partial(fault.write, tell)
        tell(address, payload)

    def _read(self, table: Table, address: int, count: int) -> bytes:
        for codec in self._codecs:
            block = codec.block
            if block.table is table and _inside(block, address, count):
                shown = self._signals if block.every_s is None else self._slow_signals
                values = shown()
                for fault in self.hooks:
                    values = fault.shown(values)
                registers = codec.encode(values)
                return _cut(registers, block.address, address, count)
        for group in self._groups:
            run = group.codec.block
            if run.table is table and _inside(run, address, count):
                return _cut(group.written, run.address, address, count)
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)

    def _write(self, address: int, payload: bytes) -> None:
        group = self._group_at(address, len(payload) // 2)
        taken = group.take(address, payload)
        commanded: Mapping[Key, float] | None = taken
        for fault in self.hooks:
            commanded = None if commanded is None else fault.commanded(commanded)
        if commanded:
            self._command(commanded)

    def _group_at(self, address: int, count: int) -> "_Group":
        for group in self._groups:
            if _inside(group.codec.block, address, count):
                return group
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)


class _Group:
    """The registers of one command group, as they were last written."""

    def __init__(self, codec: CommandCodec) -> None:
        self.codec = codec
        exponents = dict.fromkeys(codec.needs, 0)
        self.written = codec.encode(codec.safe, exponents=exponents)
        self._exponents = exponents

    def take(self, address: int, payload: bytes) -> dict[Key, float]:
        """The set-points that `payload` changes; refused where not credible."""
        block = self.codec.block
        written = patched(self.written, block.address, address, payload)
        values = self.codec.decode(written, exponents=self._exponents)
        taken = {
            point.key: _credible(point, values[point.key])
            for point in touched(block.points, address, payload)
            if point.key is not None
        }
        self.written = written
        return taken


def _inside(block: Block | CommandBlock, address: int, count: int) -> bool:
    return block.address <= address and address + count <= block.address + block.count


def _cut(registers: bytes, first: int, address: int, count: int) -> bytes:
    at = 2 * (address - first)
    return registers[at : at + 2 * count]


def _credible(point: CommandPoint, value: float) -> float:
    low, high = point.valid or (value, value)
    if not isfinite(value) or not low <= value <= high:
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    return value
