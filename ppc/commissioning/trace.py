"""Frames of a bus in words: questions with their answers, registers by name."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from ppc.adapter.form import Raw
from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec, Ratings, join
from ppc.adapter.profile import DeviceProfile
from ppc.application.requests import registers
from ppc.commissioning.bus import Frame
from ppc.communication.driver.base import READ_BY, Function, Table
from ppc.communication.errors import Refused

_TABLES = {function: table for table, function in READ_BY.items()}
_WORDS = {
    Function.READ_COILS: "read coils",
    Function.READ_DISCRETES: "read discrete inputs",
    Function.READ_HOLDING: "read holding",
    Function.READ_INPUT: "read input",
    Function.WRITE_COIL: "write coil",
    Function.WRITE_ONE: "write",
    Function.WRITE_COILS: "write coils",
    Function.WRITE_MANY: "write",
    Function.MASK_WRITE: "mask",
    Function.READ_WRITE: "write and read",
}
_COILS = (Function.WRITE_COIL, Function.WRITE_COILS)


@dataclass(frozen=True, slots=True)
class Talk:
    """A question and what came of it."""

    time_s: float
    station: int
    function: int
    address: int
    count: int
    written: bytes = b""
    read: bytes = b""
    failed: str = ""
    latency_s: float | None = None

    def line(self) -> str:
        """In one line."""
        known = self.function in set(Function)
        what = _WORDS[Function(self.function)] if known else f"function {self.function}"
        last = self.address + max(self.count, 1) - 1
        where = f"{self.address}" if last == self.address else f"{self.address}..{last}"
        moved = self.written or self.read
        said = f" {moved.hex(' ', 2)}" if moved else ""
        took = "" if self.latency_s is None else f"  {1e3 * self.latency_s:.1f} ms"
        failed = f"  {self.failed}" if self.failed else ""
        return f"unit {self.station} {what} {where}:{said}{failed}{took}"


class Pairing:
    """Puts answers to their questions, on a bus where only one is open at a time."""

    def __init__(self) -> None:
        self._open: Frame | None = None

    def take(self, frame: Frame) -> Iterator[Talk]:
        """What is complete with this frame."""
        question = self._open
        if question is not None and _answers(question, frame):
            self._open = None
            yield _talk(question, frame)
            return
        if question is not None:
            yield _talk(question, None)
        self._open = None if frame.asked is False else frame

    def end(self) -> Iterator[Talk]:
        """The question that is still open."""
        if self._open is not None:
            yield _talk(self._open, None)
        self._open = None


def _answers(question: Frame, frame: Frame) -> bool:
    if frame.asked is not None:
        return not frame.asked
    same = frame.station == question.station
    return same and frame.pdu[0] & 0x7F == question.pdu[0] and _fits(question, frame)


def _fits(question: Frame, frame: Frame) -> bool:
    """Whether it can be the answer; a read asked again looks like a question."""
    if frame.pdu[0] & 0x80 or question.pdu[0] not in _TABLES:
        return True
    count = int.from_bytes(question.pdu[3:5])
    bits = _TABLES[Function(question.pdu[0])] in (Table.COIL, Table.DISCRETE)
    return frame.pdu[1] == ((count + 7) // 8 if bits else 2 * count)


def _talk(question: Frame, answer: Frame | None) -> Talk:
    function = question.pdu[0]
    address, count, written = _asked(question.pdu)
    read, failed = b"", "no answer"
    if answer is not None:
        failed = ""
        if answer.pdu[0] & 0x80:
            failed = str(Refused(answer.pdu[1]))
        elif function in _TABLES or function == Function.READ_WRITE:
            read = answer.pdu[2:]
    latency_s = None if answer is None else answer.time_s - question.time_s
    return Talk(
        question.time_s,
        question.station,
        function,
        address,
        count,
        written,
        read,
        failed,
        latency_s,
    )


def _asked(pdu: bytes) -> tuple[int, int, bytes]:
    """Address, count, and what is written."""
    if len(pdu) < 5:  # noqa: PLR2004  (an answer without a question)
        return 0, 0, b""
    address, count = struct.unpack_from(">HH", pdu, 1)
    if pdu[0] in (Function.WRITE_ONE, Function.WRITE_COIL):
        return address, 1, pdu[3:5]
    if pdu[0] in (Function.WRITE_MANY, Function.WRITE_COILS):
        return address, count, pdu[6:]
    if pdu[0] == Function.MASK_WRITE:
        return address, 1, pdu[3:7]
    if pdu[0] == Function.READ_WRITE:
        return address, count, pdu[10:]
    return address, count, b""


class Names:
    """Names and values of the registers, by a profile."""

    def __init__(self, profile: DeviceProfile, ratings: Ratings | None = None) -> None:
        self._profile = profile
        self._ratings = ratings or {}

    def of(self, talk: Talk) -> Iterator[str]:
        """What a talk moved, point by point."""
        if talk.failed or talk.function not in set(Function):
            return
        function = Function(talk.function)
        if function in _TABLES:
            table = _TABLES[function]
            held = registers(table, talk.read, talk.count)
            yield from self._said(list(self._read(table)), talk.address, held)
        elif function in (Function.WRITE_ONE, Function.WRITE_MANY):
            points = list(self._written())
            yield from self._said(points, talk.address, talk.written)

    def _read(self, table: Table) -> Iterator[Point]:
        for block in self._profile.blocks:
            if block.table is table and not block.models:
                yield from block.points
        for point in self._profile.points:
            if (point.table or Table.HOLDING) is table and not point.models:
                yield point

    def _written(self) -> Iterator[Point]:
        for group in self._profile.commands:
            if not group.models:
                yield from group.points

    def _said(self, points: list[Point], first: int, held: bytes) -> Iterator[str]:
        end = first + len(held) // 2
        inside = [
            point
            for point in points
            if point.label and all(first <= place < end for place in point.places)
        ]
        names = {point.label for point in inside}
        codecs = [
            PointCodec(
                *(point, first, self._profile.word_order, self._profile.byte_order),
                self._ratings,
            )
            for point in inside
            if point.needs <= names
            and (point.base is None or point.base in self._ratings)
        ]
        join(codecs)
        raws = {codec.point.label: codec.raw(held) for codec in codecs}
        for codec in codecs:
            if codec.times is not None or codec.point.times is None:
                yield _named(codec, raws)


def _named(codec: PointCodec, raws: dict[str, Raw | None]) -> str:
    point, raw = codec.point, raws[codec.point.label]
    if isinstance(raw, str):
        return f"{point.label} = {raw}"
    value = codec.value(raw, raws)
    unit = point.key.unit if point.key else point.unit
    shown = f"{value:.10g} {unit}".strip() if isfinite(value) else "none"
    return f"{point.label} = {shown}"
