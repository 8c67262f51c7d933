"""What a device says, point by point, as people want to see it."""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from time import monotonic
from typing import Any

from ppc.adapter.block import Block
from ppc.adapter.block_image import BlockImage
from ppc.adapter.form import Raw
from ppc.adapter.point import Point
from ppc.application.requests import registers as in_registers
from ppc.commissioning.line import Answer, Line, Question
from ppc.commissioning.subject import NotThere, Subject, names_of, one_by_one
from ppc.communication.driver.base import READ_BY
from ppc.communication.errors import CommunicationError, ExceptionCode, Refused

GOOD, ABSENT, OUT_OF_RANGE, FAILURE = "good", "absent", "outOfRange", "failure"
NOT_READ = "notRead"
_NOT_THERE = (
    ExceptionCode.ILLEGAL_FUNCTION,
    ExceptionCode.ILLEGAL_ADDRESS,
    ExceptionCode.ILLEGAL_VALUE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One point of one device, read once."""

    name: str
    value: Raw
    """SI, or text; NaN where there is none."""
    unit: str
    quality: str
    """good, absent (the device says it has none), outOfRange, failure, notRead, or what
    it refused with."""
    registers: str
    """As on the wire, in hexadecimal figures."""
    where: str
    """Table and address, counted from 0."""
    read_s: float
    """When it was asked for, on the monotonic clock."""
    latency_s: float
    words: str = ""
    """What the value is called."""
    keyed: bool = False
    """Whether control uses it, or it is a signal of the record."""

    @property
    def shown(self) -> str:
        """The value, for people."""
        if isinstance(self.value, str):
            return self.value
        number = "—" if isnan(self.value) else f"{self.value:.10g}"
        return f"{number} ({self.words})" if self.words else number

    def as_dict(self, now_s: float) -> dict[str, Any]:
        """As JSON."""
        value = self.value
        return {
            "name": self.name,
            "value": value if isinstance(value, str) or isfinite(value) else None,
            "unit": self.unit,
            "quality": self.quality,
            "words": self.words,
            "registers": self.registers,
            "where": self.where,
            "age_s": round(now_s - self.read_s, 3),
            "latency_s": round(self.latency_s, 6),
        }


async def read(
    line: Line, subject: Subject, wanted: Collection[str] = ()
) -> AsyncIterator[Reading]:
    """Read the points of these names; all of them when none is named.

    What is refused as a whole is asked for point by point.
    """
    seen: set[str] = set()
    for block in subject.requests:
        if wanted and not set(wanted) & set(names_of(block)) - seen:
            continue
        async for reading in read_block(line, subject, block):
            if reading.name not in seen and (not wanted or reading.name in wanted):
                yield reading
        seen.update(names_of(block))


async def read_block(
    line: Line, subject: Subject, block: Block
) -> AsyncIterator[Reading]:
    """The points of one request."""
    try:
        answer = await line.ask(question(subject, block))
    except NotThere as error:
        answer = Answer(error, 0.0, monotonic())
    smaller = one_by_one(block) if refused(answer) else ()
    if len(smaller) < 2:  # noqa: PLR2004  (nothing to be taken apart)
        for reading in readings(subject, block, answer):
            yield reading
        return
    for part in smaller:
        answer = await line.ask(question(subject, part))
        for reading in readings(subject, part, answer):
            yield reading


def question(subject: Subject, block: Block) -> Question:
    """The request that reads the block. Raises NotThere."""
    address = subject.place(block, block.count)
    return Question(subject.station, READ_BY[block.table], address, block.count)


def refused(answer: Answer) -> bool:
    """Whether the device says it has no such registers."""
    return isinstance(answer.reply, Refused) and answer.reply.code in _NOT_THERE


def readings(subject: Subject, block: Block, answer: Answer) -> Iterator[Reading]:
    """What an answer says of every point and sum of its block."""
    if isinstance(answer.reply, CommunicationError):
        yield from _without(block, answer, answer.reply)
        return
    payload = in_registers(block.table, answer.reply, block.count)
    moved = subject.place(block, block.count) - block.address
    image = subject.image(block)
    raws, values = image.raws(payload), image.values(payload)
    good = {}
    for point in block.points:
        value = values[point.label]
        quality = quality_of(point, raws[point.label], value)
        good[point.label] = quality == GOOD
        yield Reading(
            name=point.label,
            value=value,
            unit=unit_of(point),
            quality=quality,
            registers=registers(block, point, payload),
            where=f"{block.table} {place([p + moved for p in point.places])}",
            read_s=answer.asked_s,
            latency_s=answer.latency_s,
            words=words_of(point, raws[point.label]),
            keyed=point.key is not None,
        )
    yield from _sums(block, image, payload, answer, good)


def _sums(
    block: Block,
    image: BlockImage,
    payload: bytes,
    answer: Answer,
    good: dict[str, bool],
) -> Iterator[Reading]:
    values = image.values(payload)
    for each in block.sums:
        parts = [(values[name], factor) for name, factor in each.of.items()]
        value = sum(f * v for v, f in parts if not isinstance(v, str))
        low, high = each.valid or (-inf, inf)
        quality = GOOD if low <= value <= high else OUT_OF_RANGE
        whole = all(good[name] for name in each.of)
        yield Reading(
            name=each.key.value,
            value=value,
            unit=each.key.unit,
            quality=quality if whole else FAILURE,
            registers="",
            where="sum of " + ", ".join(each.of),
            read_s=answer.asked_s,
            latency_s=answer.latency_s,
            keyed=True,
        )


def _without(
    block: Block, answer: Answer, error: CommunicationError
) -> Iterator[Reading]:
    """Every point of a request that brought nothing."""
    units = {point.label: unit_of(point) for point in block.points}
    units |= {each.key.value: each.key.unit for each in block.sums}
    keyed = {point.label for point in block.points if point.key}
    places = {p.label: f"{block.table} {place(p.places)}" for p in block.points}
    for name, unit in units.items():
        yield Reading(
            name=name,
            value=nan,
            unit=unit,
            quality=_short(error),
            registers="",
            where=places.get(name, ""),
            read_s=answer.asked_s,
            latency_s=answer.latency_s,
            keyed=name in keyed or name not in places,
        )


def _short(error: CommunicationError) -> str:
    if isinstance(error, Refused):
        return f"refused {error.code:02X}h"
    return type(error).__name__[0].lower() + type(error).__name__[1:]


def quality_of(point: Point, raw: Raw | None, value: Raw) -> str:
    """How far one value may be trusted by itself."""
    if isinstance(value, str):
        return GOOD
    if raw is not None and raw in point.absents:
        return ABSENT
    if not isfinite(value):
        return FAILURE
    low, high = point.valid or (-inf, inf)
    return GOOD if low <= value <= high else OUT_OF_RANGE


def unit_of(point: Point) -> str:
    """SI where it is a signal."""
    return point.key.unit if point.key else point.unit


def words_of(point: Point, raw: Raw | None) -> str:
    """What the raw value is called, or those of its bits that are set."""
    if point.words is None or raw is None or isinstance(raw, str):
        return ""
    if not point.bits:
        return point.words.get(int(raw), "")
    set_bits = [name for bit, name in point.words.items() if int(raw) >> bit & 1]
    return ", ".join(set_bits)


def registers(block: Block, point: Point, payload: bytes) -> str:
    """The words of a point in the payload of its block."""
    at = [2 * (place - block.address) for place in point.places]
    return " ".join(payload[i : i + 2].hex() for i in at)


def place(places: Sequence[int]) -> str:
    """Its first register, or all where they do not lie side by side."""
    first = places[0]
    if tuple(places) == tuple(range(first, first + len(places))):
        return str(first)
    return ",".join(map(str, places))
