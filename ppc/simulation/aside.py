"""Registers of a simulated device beside its blocks and set-points."""

from collections.abc import Iterable, Iterator

from ppc.adapter.action import ExpectStep, Heartbeat, Step, WriteStep
from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec
from ppc.adapter.profile import DeviceProfile, OrderFrom
from ppc.adapter.sunspec.chain import BASES, END, MARK, FoundModel
from ppc.adapter.sunspec.facts import HEAD
from ppc.adapter.sunspec.resolution import Target, wire_address
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused

_Value = ExpectStep | Heartbeat | OrderFrom | WriteStep


class Aside:
    """What actions write and expect, heartbeat, word order, heads of SunSpec models.

    It remembers what is written, and shows at the start what actions expect, so that
    a controller finds the device ready.
    """

    def __init__(self, profile: DeviceProfile) -> None:
        self._profile = profile
        self.models = _models(profile)
        self._held: dict[tuple[Table, int], int] = {}
        for i, head in enumerate(_heads(self.models)):
            self._held[Table.HOLDING, BASES[0] + i] = head
        for step in _written(profile):
            self._put(step, 0)
        for expected in _expected(profile):
            self._put(expected, expected.among[0])
        if rule := profile.word_order_from:
            orders = {order: raw for raw, order in rule.among.items()}
            self._put(rule, orders.get(profile.word_order, next(iter(rule.among))))
        self._known = frozenset(self._held)

    def place(self, target: Target, count: int) -> int:
        """Where `count` registers of the profile begin."""
        address = wire_address(self.models, target, count)
        assert address is not None, "the models are as long as they must be"
        return address

    def read(self, table: Table, address: int, count: int) -> bytes:
        """Refused where there is nothing."""
        places = [(table, address + i) for i in range(count)]
        if not self._known.issuperset(places):
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        return b"".join(self._held[place].to_bytes(2) for place in places)

    def write(self, address: int, payload: bytes, table: Table = Table.HOLDING) -> None:
        """Refused where there is nothing."""
        words = [payload[i : i + 2] for i in range(0, len(payload), 2)]
        places = [(table, address + i) for i in range(len(words))]
        if not self._known.issuperset(places):
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        self._held |= zip(places, map(int.from_bytes, words), strict=True)

    def _put(self, value: _Value, raw: float) -> None:
        size, profile = value.type.size, self._profile
        order = getattr(value, "word_order", None)
        mask = getattr(value, "mask", None)
        point = Point(
            name="value", address=0, type=value.type, word_order=order, mask=mask
        )
        registers = bytearray(2 * size)
        codec = PointCodec(point, 0, profile.word_order, profile.byte_order)
        codec.put(registers, raw)
        first = value.address
        if not isinstance(value, OrderFrom):
            first = self.place(value, size)
        for i in range(size):
            word = int.from_bytes(registers[2 * i : 2 * i + 2])
            self._held[value.table, first + i] = word


def _expected(profile: DeviceProfile) -> list[ExpectStep]:
    steps = _steps(profile)
    return [*profile.actions.ready, *(s.expect for s in steps if s.expect)]


def _written(profile: DeviceProfile) -> list[WriteStep | Heartbeat]:
    beats = [profile.heartbeat] if profile.heartbeat else []
    return [*beats, *(step.write for step in _steps(profile) if step.write)]


def _steps(profile: DeviceProfile) -> list[Step]:
    actions = profile.actions
    steps = [*actions.on_connect, *actions.enable, *actions.release]
    for block in profile.commands:
        steps += [*block.before, *block.after]
    return steps


def _models(profile: DeviceProfile) -> tuple[FoundModel, ...]:
    """The first model that each part of the profile may stand in, long enough."""
    lengths: dict[tuple[int, int], int] = {}
    for target, count in _targets(profile):
        if target.models:
            key = target.models[0], target.instance
            lengths[key] = max(lengths.get(key, 0), target.address + count)
    found = []
    address = BASES[0] + len(MARK) // 2
    for (number, instance), length in sorted(lengths.items()):
        found.append(FoundModel(number, address + HEAD, length, instance))
        address += HEAD + length
    return tuple(found)


def _targets(profile: DeviceProfile) -> Iterator[tuple[Target, int]]:
    for block in (*profile.reads, *profile.commands):
        yield block, block.count
    values: Iterable[WriteStep | Heartbeat | ExpectStep]
    values = (*_written(profile), *_expected(profile))
    for value in values:
        yield value, value.type.size


def _heads(models: tuple[FoundModel, ...]) -> Iterator[int]:
    """The registers of the chain; those of the data are 0 unless a block tells them."""
    if not models:
        return
    yield from (int.from_bytes(MARK[:2]), int.from_bytes(MARK[2:]))
    for model in models:
        yield from (model.number, model.length)
        yield from [0] * model.length
    yield from (END, 0)
