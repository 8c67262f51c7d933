"""A whole model of a device: every point by name, as SI values.

Names of points within groups tell which: "module.2.DCW", "Crv.1.Pt.3.V".
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from math import isnan
from struct import unpack

from ppc.adapter.sunspec.chain import FoundModel, Read
from ppc.adapter.sunspec.facts import GroupFact, PointFact, model
from ppc.adapter.sunspec.point_type import SunSpecType as T

Value = float | int | str | None
"""None: the device says it has none, or its scale factor is no such."""
MOST_READ = 125
GREATEST_EXPONENT = 10
"""Scale factors are within -10 to 10. Source: SunSpec Device Information Model
Specification 1.1, "sunssf"."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A point and its registers, `start` counted from the model's first."""

    path: str
    fact: PointFact
    start: int
    sf: str | int | None = None
    """Its exponent, or the path of the point that holds it."""

    @property
    def end(self) -> int:
        return self.start + self.fact.size

    def raw(self, payload: bytes) -> Value:
        return _raw(self.fact.type, payload[2 * self.start : 2 * self.end])


def decode(number: int, payload: bytes) -> dict[str, Value]:
    """The points of model `number` in the registers after its length, by path.

    A payload shorter than the model ends with the last point that is whole.
    ValueError when the model is not known here.
    """
    spans = tuple(_Layout(number, payload).spans())
    raws = {span.path: span.raw(payload) for span in spans}
    return {span.path: _scaled(raws[span.path], span.sf, raws) for span in spans}


async def read_model(read: Read, found: FoundModel) -> dict[str, Value]:
    """Read `found` and decode it. No request is longer than 125 registers or parts a
    point, so that none is torn.

    Raises CommunicationError, or ValueError when the model is not known here.
    """
    payload = b""
    while (at := len(payload) // 2) < found.length:
        until = found.length
        if until - at > MOST_READ:
            ends = (s.end for s in _Layout(found.number, payload).spans(found.length))
            until = max((e for e in ends if at < e <= at + MOST_READ), default=0)
        until = until or min(found.length, at + MOST_READ)
        payload += await read(found.address + at, until - at)
    return decode(found.number, payload)


class _Layout:
    """Where the points of a model stand: counts may be told by its own registers."""

    def __init__(self, number: int, payload: bytes) -> None:
        top = model(number)
        if top is None:
            raise ValueError(f"SunSpec model {number} is not known")
        self._top = top
        self._payload = payload

    def spans(self, length: int | None = None) -> Iterator[_Span]:
        """Point after point, as far as the counts are known, and within `length`
        registers; left out: those of the payload.
        """
        self._length = len(self._payload) // 2 if length is None else length
        with suppress(_End):
            yield from self._group(self._top, "", 0, {})

    def _group(
        self, group: GroupFact, prefix: str, start: int, outer: Mapping[str, _Span]
    ) -> Generator[_Span, None, int]:
        """`outer`: points that those within may refer to. Returns where it ends."""
        known = dict(outer)
        for fact in group.points:
            span = _Span(prefix + fact.name, fact, start)
            if span.end > self._length:
                break
            known[fact.name] = span
            start = span.end
        for fact in group.points:
            if fact.name not in known or known[fact.name].fact is not fact:
                raise _End
            sf = fact.sf
            if isinstance(sf, str):
                sf = known[sf].path if sf in known else sf
            yield replace(known[fact.name], sf=sf)
        for each in group.groups:
            for path in self._repeats(each, start, known):
                start = yield from self._group(each, f"{prefix}{path}.", start, known)
        return start

    def _repeats(
        self, group: GroupFact, start: int, known: Mapping[str, _Span]
    ) -> list[str]:
        """The paths of the group's repetitions."""
        count = group.count
        if count is None:
            return [group.name]
        if isinstance(count, str):
            teller = known[count]
            if 2 * teller.end > len(self._payload):
                raise _End
            raw = teller.raw(self._payload)
            count = raw if isinstance(raw, int) else 0
        elif count == 0:
            count = (self._length - start) // group.points_size
        return [f"{group.name}.{i + 1}" for i in range(count)]


class _End(Exception):
    """No more points: out of registers, or a count is not read yet."""


def _raw(kind: T, data: bytes) -> Value:
    """What the registers of one point hold; None where they say "not implemented"."""
    if kind is T.STRING:
        return data.split(b"\0", 1)[0].decode("utf-8", "replace").strip() or None
    if kind is T.IPV6ADDR:
        return data.hex(":", 2) if any(data) else None
    if kind is T.EUI48:
        address = data[2:].hex(":").upper()
        return (
            None if address in {"FF:FF:FF:FF:FF:FF", "00:00:00:00:00:00"} else address
        )
    form = kind.register_type
    assert form is not None, "all others are numbers"
    raw: float = unpack(">" + form.code, data)[0]
    if raw == kind.absent or (form.is_float and isnan(raw)):
        return None
    if kind is T.IPADDR:
        return ".".join(str(byte) for byte in data)
    return raw


def _scaled(raw: Value, sf: str | int | None, raws: Mapping[str, Value]) -> Value:
    exponent = raws.get(sf) if isinstance(sf, str) else sf
    if sf is None or raw is None or isinstance(raw, str):
        return raw
    if not isinstance(exponent, int) or abs(exponent) > GREATEST_EXPONENT:
        return None
    power: int = 10 ** abs(exponent)
    return raw / power if exponent < 0 else raw * power
