"""A simulated device on the wire: the registers its profile says it has."""

from collections.abc import Callable, Mapping
from functools import partial
from math import isfinite

from ppc.adapter.codec import BlockCodec, CommandCodec
from ppc.adapter.profile import Block, CommandBlock, CommandPoint, DeviceProfile
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
    ) -> None:
        self._signals = signals
        self._slow_signals = slow_signals or signals
        self._command = command
        self._codecs = [
            BlockCodec(block, profile.word_order, block.every_s or 1.0)
            for block in profile.blocks
        ]
        self._commands = (
            CommandCodec(profile.commands, profile.word_order)
            if profile.commands
            else None
        )
        self.hooks: list[StationFault] = []
        """Faults of the device."""
        self._written = self._commands.safe if self._commands else b""

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
        if self._commands and table is Table.HOLDING:
            first = self._commands.block.address
            if _inside(self._commands.block, address, count):
                return _cut(self._written, first, address, count)
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)

    def _write(self, address: int, payload: bytes) -> None:
        if self._commands is None:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        block = self._commands.block
        written = patched(self._written, block.address, address, payload)
        values = self._commands.decode(written)
        taken = {
            point.key: _credible(point, values[point.key])
            for point in touched(block.points, address, payload)
        }
        self._written = written
        commanded: Mapping[Key, float] | None = taken
        for fault in self.hooks:
            commanded = None if commanded is None else fault.commanded(commanded)
        if commanded:
            self._command(commanded)


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
