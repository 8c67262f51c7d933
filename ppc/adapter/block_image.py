"""One block of registers, point by point: what people see, and what is not plain."""

from collections.abc import Mapping
from math import ceil, inf, isfinite, isnan, log10, nan

from ppc.adapter.block import Block
from ppc.adapter.form import Raw
from ppc.adapter.packing import Packing
from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec, Ratings, join
from ppc.adapter.register_type import WordOrder
from ppc.keys import Key


class BlockImage:
    """Decodes and encodes any block. Remembers the last read where a point asks it."""

    def __init__(
        self,
        block: Block,
        word_order: WordOrder,
        byte_order: WordOrder = "big",
        ratings: Ratings | None = None,
    ) -> None:
        self.block = block
        self.points = tuple(
            PointCodec(p, block.address, word_order, byte_order, ratings)
            for p in block.points
        )
        join(self.points)
        self._packing = Packing(
            self.points, block.address, block.count, word_order, byte_order
        )
        self._exponents = self._fitting_exponents()
        self._wanted = _wanted(block)
        self._courses = {
            c.point.label: _Course(c.point)
            for c in self.points
            if c.point.step_max is not None or c.point.rising
        }

    def raws(self, payload: bytes) -> dict[str, Raw | None]:
        """Every point's raw value, by name; None where the bits are no such form."""
        return {codec.point.label: codec.raw(payload) for codec in self.points}

    def values(self, payload: bytes) -> dict[str, Raw]:
        """Every point's value [SI, or text], by name; NaN where there is none."""
        raws = self.raws(payload)
        return {
            codec.point.label: raw
            if isinstance(raw := raws[codec.point.label], str)
            else codec.value(raw, raws)
            for codec in self.points
        }

    def signals(self, payload: bytes) -> tuple[tuple[float, ...], int]:
        """The values of `block.keys`, and which of them must not be trusted (bits)."""
        raws = {
            codec.point.label: codec.raw(payload)
            for codec in self.points
            if codec.point.label in self._wanted
        }
        found: dict[str, float] = {}
        good: dict[str, bool] = {}
        for codec in self.points:
            name, point = codec.point.label, codec.point
            if name not in self._wanted:
                continue
            value = codec.value(raws[name], raws)
            low, high = point.valid or (-inf, inf)
            good[name] = isfinite(value) and low <= value <= high
            if name in self._courses and good[name]:
                good[name] = self._courses[name].follows(value)
            found[name] = value if isfinite(value) else nan
        own = [p.label for p in self.block.points if p.key]
        values = [found[name] for name in own]
        trusted = [good[name] for name in own]
        for each in self.block.sums:
            value = sum(factor * found[name] for name, factor in each.of.items())
            low, high = each.valid or (-inf, inf)
            values.append(value)
            trusted.append(low <= value <= high and all(good[name] for name in each.of))
        return tuple(values), sum(1 << i for i, ok in enumerate(trusted) if not ok)

    def encode(self, values: Mapping[Key, float]) -> bytes:
        """The registers a device with these SI values shows; absent where none."""
        named = {
            p.label: values[p.key]
            for p in self.block.points
            if p.key and p.key in values
        }
        for each in self.block.sums:
            named = _shared_out(values.get(each.key, nan), each.of) | named
        for codec in self.points:
            if codec.times is not None:
                factor = codec.times.point
                by = named.setdefault(factor.label, _usual(factor))
                named[codec.point.label] = named.get(codec.point.label, nan) / by
        turned: dict[str, bool] = {}
        for codec in self.points:
            rule = codec.point.sign_from
            if rule is not None:
                turned[rule.point] = named.get(codec.point.label, nan) < 0.0
        return self._packing.pack(
            [self._raw(codec, named, turned) for codec in self.points]
        )

    def _raw(
        self,
        codec: PointCodec,
        named: Mapping[str, float],
        turned: Mapping[str, bool],
    ) -> Raw:
        point, name = codec.point, codec.point.label
        if name in self._exponents:
            return self._exponents[name]
        if name in turned:
            return _telling(point, self.points, turned=turned[name])
        if point.type.is_text:
            return ""
        value = named.get(name, nan)
        if isnan(value):
            return _absent(point)
        minus = point.sign_from is not None and value < 0.0
        exponent = self._exponents.get(point.scale_from or "", 0)
        return codec.raw_for(value, exponent, turned=minus)

    def _fitting_exponents(self) -> dict[str, int]:
        """The finest powers of ten with which all that lean on them fit."""
        found: dict[str, int] = {}
        for codec in self.points:
            point = codec.point
            if point.scale_from is None:
                continue
            most = max(map(abs, point.valid)) / codec.base if point.valid else 0.0
            if codec.times is not None:
                most /= _usual(codec.times.point)
            _, high = codec.range
            need = most * abs(point.divisor / point.scale) / high
            exponent = max(-3, ceil(log10(need))) if need > 0.0 else 0
            name = point.scale_from
            found[name] = max(found.get(name, exponent), exponent)
        return found


class _Course:
    """Whether a value may follow the one before: a lone outlier is not believed.

    What the next read confirms is.
    """

    def __init__(self, point: Point) -> None:
        self._step_max = inf if point.step_max is None else point.step_max
        self._rising = point.rising
        self._good = self._last = nan

    def follows(self, value: float) -> bool:
        good = self._fits(self._good, value) or self._fits(self._last, value)
        self._last = value
        if good:
            self._good = value
        return good

    def _fits(self, before: float, value: float) -> bool:
        if isnan(before):
            return isnan(self._good)
        if self._rising and 0.1 * before <= value < before:
            return False
        return abs(value - before) <= self._step_max


def _wanted(block: Block) -> frozenset[str]:
    """Names of the points that signals are made of."""
    needs = {p.label: p.needs for p in block.points}
    wanted = [p.label for p in block.points if p.key]
    wanted += [name for each in block.sums for name in each.of]
    for name in wanted:  # grows while it is looked through
        wanted += needs[name].difference(wanted)
    return frozenset(wanted)


def _usual(point: Point) -> float:
    """What a device shows of a factor nobody asks about: the middle of the credible."""
    return sum(point.valid) / 2.0 or 1.0 if point.valid else 1.0


def _shared_out(value: float, of: Mapping[str, float]) -> dict[str, float]:
    """A sum told by its parts: alike where all count alike, as in a mean.

    Where they do not, as in a difference, the first with the right sign carries it all.
    """
    total = sum(of.values())
    if len(set(of.values())) == 1 and total:
        return dict.fromkeys(of, value / total)
    named = dict.fromkeys(of, 0.0 * value)
    for name, factor in of.items():
        if value * factor > 0.0:
            named[name] = value / factor
            break
    return named


def _telling(point: Point, others: tuple[PointCodec, ...], *, turned: bool) -> float:
    """The raw value by which `point` tells the sign of those that lean on it."""
    rule = next(
        codec.point.sign_from
        for codec in others
        if codec.point.sign_from and codec.point.sign_from.point == point.label
    )
    if rule.mask is not None:
        return rule.mask if turned else 0
    if turned:
        return rule.negative[0]
    return next(raw for raw in range(2**16) if raw not in rule.negative)


def _absent(point: Point) -> float:
    """The raw number that says "none"; NaN or 0 where the profile knows no such."""
    if not point.absents:
        return nan if point.type.is_float else 0
    return point.absents[0] if point.type.is_float else int(point.absents[0])
