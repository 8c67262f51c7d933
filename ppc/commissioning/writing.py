"""What is to be written to a device, and what is there before: shown, then done."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import inf, isfinite, nan

from ppc.adapter.block import CommandBlock, bits_of
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.point import CommandPoint, Point
from ppc.adapter.point_codec import PointCodec, rating_bases
from ppc.application.requests import payload, setting, writing
from ppc.application.requests import registers as registers_of
from ppc.commissioning.line import Line, Question
from ppc.commissioning.reading import question
from ppc.commissioning.subject import Subject
from ppc.communication.driver.base import READ_BY, Function, Table
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
    taken: bytes
    """What the registers hold when it was taken."""
    means: Mapping[str, float | str]
    """What is written, as the device understands it: rounded, and within its range."""
    meant: Mapping[str, float | str]
    """The same of `before`; empty where that cannot be read."""
    table: Table = Table.HOLDING


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
    for point in group.points:
        _check_range(point, key, value, subject)
    codec = _codec(subject, group)
    exponents = await _exponents(line, subject, codec.needs)
    address = subject.place(group, group.count)
    look = Question(subject.station, READ_BY[group.table], address, group.count)
    before = await _look(line, group.table, look)
    meant = codec.decode(before, exponents=exponents) if before else {}
    values = {
        other: meant[other] if isfinite(meant.get(other, nan)) else safe
        for other, safe in codec.safe.items()
    }
    values[key] = value
    if group.keep_others and before is None:
        raise CannotWrite(f"{key}: what else is in its registers cannot be read")
    kept = before if group.keep_others else None
    registers = codec.encode(values, exponents=exponents, present=kept)
    return Change(
        f"{key} = {value:g} {key.unit}",
        _frame(subject, group, address, registers),
        look,
        before,
        registers,
        {k.value: v for k, v in codec.decode(registers, exponents=exponents).items()},
        {k.value: v for k, v in meant.items()},
        group.table,
    )


async def set_point_frame(
    line: Line, subject: Subject, group: CommandBlock, values: Mapping[Key, float]
) -> Question:
    """The request that writes a group of set-points. Raises CannotWrite, NotThere."""
    codec = _codec(subject, group)
    exponents = await _exponents(line, subject, codec.needs)
    address = subject.place(group, group.count)
    look = Question(subject.station, READ_BY[group.table], address, group.count)
    kept = await _look(line, group.table, look) if group.keep_others else None
    if group.keep_others and kept is None:
        raise CannotWrite(f"{group.name}: its registers cannot be read")
    registers = codec.encode(values, exponents=exponents, present=kept)
    return _frame(subject, group, address, registers)


def safe_set_points(subject: Subject) -> dict[Key, float]:
    """The set-points that do no harm."""
    groups = subject.profile.commands
    return {k: v for group in groups for k, v in _codec(subject, group).safe.items()}


def _codec(subject: Subject, group: CommandBlock) -> CommandCodec:
    profile = subject.profile
    return CommandCodec(
        group,
        profile.word_order,
        byte_order=profile.byte_order,
        ratings=rating_bases(subject.rating),
    )


def _frame(
    subject: Subject, group: CommandBlock, address: int, registers: bytes
) -> Question:
    function = setting(group, subject.station).function
    written = payload(function, registers, _covered(group))
    both = address if function is Function.READ_WRITE else 0
    return Question(subject.station, function, address, group.count, written, both)


def _covered(group: CommandBlock) -> bytes:
    """The bits of its registers that belong to points."""
    bits = [0] * group.count
    for point in group.points:
        for place in point.places:
            bits[place - group.address] |= bits_of(point) & 0xFFFF
    return b"".join(each.to_bytes(2, "big") for each in bits)


def _check_range(point: CommandPoint, key: Key, value: float, subject: Subject) -> None:
    """Refuse what the device would be given clamped."""
    if point.key is not key or point.part != "all" or point.by_sign is not None:
        return
    low, high = point.valid or (-inf, inf)
    if point.limit_pu is not None and point.base is not None:
        rated = rating_bases(subject.rating).get(point.base, 0.0)
        low, high = (part * rated for part in point.limit_pu)
    if not low <= value <= high:
        raise CannotWrite(f"{key}: {value:g} is not within {low:g} to {high:g}")


async def _point(
    line: Line, subject: Subject, point: Point, text: str, *, single: bool
) -> Change:
    profile = subject.profile
    first, size = min(point.places), max(point.places) - min(point.places) + 1
    codec = PointCodec(
        *(point, first, profile.word_order, profile.byte_order),
        rating_bases(subject.rating),
    )
    needs = frozenset({point.scale_from} if point.scale_from else ())
    exponents = await _exponents(line, subject, needs)
    table = point.table or Table.HOLDING
    at = first + subject.moved(point)
    if point.write_address is not None:
        at = point.write_address
    look = Question(subject.station, READ_BY[table], at, size)
    before = await _look(line, table, look) if point.readable else None
    if before is None and (point.mask is not None or size > point.size):
        raise CannotWrite(f"{point.label}: what else is in its registers is not known")
    if single and size > 1:
        raise CannotWrite(f"{point.label}: function 6 writes one register, not {size}")
    registers = bytearray(before or bytes(2 * size))
    codec.put(registers, _raw(point, codec, text, exponents))
    taken = bytes(registers)
    function = writing(subject.station, table, at, size, single=single).function
    return Change(
        f"{point.label} = {text} {point.key.unit if point.key else point.unit}".strip(),
        Question(subject.station, function, at, size, payload(function, taken, b"")),
        look,
        before,
        taken,
        _told(point, codec, taken, exponents),
        _told(point, codec, before, exponents) if before else {},
        table,
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


async def _look(line: Line, table: Table, question: Question) -> bytes | None:
    reply = (await line.ask(question)).reply
    if isinstance(reply, CommunicationError):
        return None
    return registers_of(table, reply, question.count)


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
        held = await _look(line, block.table, question(subject, block))
        raw = None if held is None else subject.image(block).raws(held)[name]
        if raw is None or isinstance(raw, str):
            raise CannotWrite(f"{name}, the exponent, cannot be read")
        found[name] = int(raw)
    return found


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
        return
    asked = change.read_back
    held = registers_of(change.table, after.payload, asked.count)
    if held != change.taken:
        yield f"not taken: the registers hold {held.hex(' ', 2)}"
