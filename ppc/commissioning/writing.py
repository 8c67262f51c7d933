"""What is to be written to a device, and what is there before: shown, then done."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite

from ppc.adapter.block import CommandBlock
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.point import CommandPoint, Point
from ppc.adapter.point_codec import PointCodec, rating_bases
from ppc.commissioning.line import Line, Question
from ppc.commissioning.reading import READ_BY
from ppc.commissioning.subject import Subject
from ppc.communication.driver.base import Function, Table
from ppc.communication.errors import CommunicationError
from ppc.keys import Key


class CannotWrite(ValueError):
    """This is nothing that may be written to the device; it says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One write request."""

    what: str
    question: Question
    read_back: Question
    before: bytes | None
    """None: the registers cannot be read."""
    means: Mapping[str, float | str]
    """What is written, as the device understands it: rounded, and within its range."""
    meant: Mapping[str, float | str]
    """The same of `before`; empty where that cannot be read."""

    @property
    def taken(self) -> bytes:
        """What the registers hold when it was taken."""
        return self.question.payload


def writable(subject: Subject) -> tuple[str, ...]:
    """Names of all that may be written."""
    profile = subject.profile
    keys = [key.value for group in profile.commands for key in group.keys]
    names = [point.label for point in all_points(subject) if point.writable]
    return (*dict.fromkeys(keys), *names)


def all_points(subject: Subject) -> Iterator[Point]:
    """Of all requests, and those that are only written."""
    seen = set()
    profile = subject.profile
    blocks = [point for block in profile.blocks for point in block.points]
    for point in (*blocks, *profile.points):
        if point.label not in seen:
            seen.add(point.label)
            yield point


async def change(
    line: Line, subject: Subject, name: str, text: str, *, single: bool = False
) -> Change:
    """The request that writes `text` to a set-point or a point.

    `single`: by function 6. Raises CannotWrite.
    """
    for group in subject.profile.commands:
        key = next((key for key in group.keys if key == name), None)
        if key is not None:
            number = _number(name, text)
            return await _set_point(line, subject, group, key, number)
    points = [p for p in all_points(subject) if name in (p.label, p.key)]
    if not points:
        raise CannotWrite(f"{subject.name} has no point {name}")
    if not points[0].writable:
        raise CannotWrite(f"{name} is not marked writable in the profile")
    return await _point(line, subject, points[0], text, single=single)


async def _set_point(
    line: Line, subject: Subject, group: CommandBlock, key: Key, value: float
) -> Change:
    """One set-point; what goes along in its frame stays as it is, else is harmless."""
    profile = subject.profile
    for point in group.points:
        _check_range(point, key, value)
    codec = CommandCodec(
        group,
        profile.word_order,
        byte_order=profile.byte_order,
        ratings=rating_bases(subject.rating),
    )
    exponents = await _exponents(line, subject, codec.needs)
    look = Question(subject.station, READ_BY[group.table], group.address, group.count)
    before = await _look(line, look)
    meant = codec.decode(before, exponents=exponents) if before else {}
    values = {
        other: meant[other] if isfinite(meant.get(other, float("nan"))) else safe
        for other, safe in codec.safe.items()
    }
    values[key] = value
    kept = before if group.keep_others else None
    if group.keep_others and before is None:
        raise CannotWrite(f"{key}: what else is in its registers cannot be read")
    payload = codec.encode(values, exponents=exponents, present=kept)
    function = _function(group.table, single=group.function == "one")
    return Change(
        f"{key} = {value:g} {key.unit}",
        Question(subject.station, function, group.address, group.count, payload),
        look,
        before,
        {k.value: v for k, v in codec.decode(payload, exponents=exponents).items()},
        {k.value: v for k, v in meant.items()},
    )


def _check_range(point: CommandPoint, key: Key, value: float) -> None:
    if point.key is not key or point.valid is None or point.part != "all":
        return
    low, high = point.valid
    if not low <= value <= high:
        raise CannotWrite(f"{key}: {value:g} is not within {low:g} to {high:g}")


async def _point(
    line: Line, subject: Subject, point: Point, text: str, *, single: bool
) -> Change:
    profile = subject.profile
    offset = 0
    if point.write_address is not None:
        offset = point.write_address - min(point.places)
    first, size = min(point.places), max(point.places) - min(point.places) + 1
    codec = PointCodec(
        *(point, first, profile.word_order, profile.byte_order),
        rating_bases(subject.rating),
    )
    needs = frozenset({point.scale_from} if point.scale_from else ())
    exponents = await _exponents(line, subject, needs)
    table = point.table or Table.HOLDING
    look = Question(subject.station, READ_BY[table], first + offset, size)
    before = await _look(line, look) if point.readable else None
    if before is None and (point.mask is not None or size > point.size):
        raise CannotWrite(f"{point.label}: what else is in its registers is not known")
    raw = _raw(point, codec, text, exponents)
    registers = bytearray(before or bytes(2 * size))
    codec.put(registers, raw)
    payload = bytes(registers)
    function = _function(table, single=single)
    if single and size > 1:
        raise CannotWrite(f"{point.label}: function 6 writes one register, not {size}")
    return Change(
        f"{point.label} = {text} {point.key.unit if point.key else point.unit}".strip(),
        Question(subject.station, function, first + offset, size, payload),
        look,
        before,
        _told(point, codec, payload, exponents),
        _told(point, codec, before, exponents) if before else {},
    )


def _told(
    point: Point, codec: PointCodec, payload: bytes, exponents: Mapping[str, int]
) -> dict[str, float | str]:
    raw = codec.raw(payload)
    value = raw if isinstance(raw, str) else codec.value(raw, exponents)
    return {point.label: value}


def _raw(
    point: Point, codec: PointCodec, text: str, exponents: Mapping[str, int]
) -> float | str:
    """The raw value for what somebody wrote: a number, or the word for it."""
    if point.type.is_text:
        return text
    for raw, word in (point.words or {}).items():
        if word == text and not point.bits:
            return raw
    value = _number(point.label, text)
    low, high = point.valid or (value, value)
    if not low <= value <= high:
        raise CannotWrite(f"{point.label}: {text} is not within {low:g} to {high:g}")
    exponent = exponents[point.scale_from] if point.scale_from else 0
    try:
        return codec.raw_for(value, exponent)
    except ValueError as error:
        raise CannotWrite(str(error)) from None


def _number(name: str, text: str) -> float:
    with suppress(ValueError):
        value = float(int(text, 0)) if text.startswith("0x") else float(text)
        if isfinite(value):
            return value
    raise CannotWrite(f"{name}: {text} is no number")


async def _look(line: Line, question: Question) -> bytes | None:
    reply = (await line.ask(question)).reply
    return None if isinstance(reply, CommunicationError) else reply


async def _exponents(
    line: Line, subject: Subject, names: frozenset[str]
) -> dict[str, int]:
    """Raw values of the points that hold exponents of ten."""
    found: dict[str, int] = {}
    for name in sorted(names):
        block = next(
            (b for b in subject.requests if name in (p.label for p in b.points)), None
        )
        if block is None:
            raise CannotWrite(f"{name}, the exponent, is no point of the profile")
        payload = await _look(
            line,
            Question(subject.station, READ_BY[block.table], block.address, block.count),
        )
        raw = None if payload is None else subject.image(block).raws(payload)[name]
        if raw is None or isinstance(raw, str):
            raise CannotWrite(f"{name}, the exponent, cannot be read")
        found[name] = int(raw)
    return found


def _function(table: Table, *, single: bool) -> Function:
    if table is not Table.HOLDING:
        raise CannotWrite(f"nothing can be written to the table {table}")
    return Function.WRITE_ONE if single else Function.WRITE_MANY


async def written(line: Line, change: Change) -> AsyncIterator[str]:
    """Write it, then read it back; what is wrong, said as it comes."""
    answer = await line.ask(change.question)
    if answer.trouble:
        yield f"not written: {answer.trouble}"
        return
    if change.before is None:
        return
    after = await line.ask(change.read_back)
    if after.trouble:
        yield f"cannot be read back: {after.trouble}"
    elif after.reply != change.taken:
        yield f"not taken: the registers hold {after.payload.hex(' ', 2)}"
