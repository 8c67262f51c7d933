"""What is doubtful about a register map, though it is well-formed."""

from collections.abc import Iterator
from typing import NamedTuple

from ppc.adapter.block import Block, CommandBlock, overlap
from ppc.adapter.point import CommandPoint, Point
from ppc.adapter.point_codec import PointCodec
from ppc.adapter.profile import NEEDED, DeviceProfile
from ppc.adapter.register_type import RegisterType
from ppc.communication.driver.base import Table
from ppc.datamodel.rating import EquipmentType
from ppc.keys import Key

STANDINGS = ("read", "secondary", "tried")
REACH = {"W": 1e3, "var": 1e3, "V": 100.0, "Hz": 60.0, "Wh": 1e5, "pu": 0.9}
"""What a register of a power plant should reach at the least, by unit of its key."""
STEP_HZ = 0.05
"""A coarser frequency is of no use to a frequency response."""
SLOW_S = 1.0
"""What control cannot do without should not come more seldom."""
WEAR_S = 10.0
"""Memory that wears out, of 1e5 to 1e6 writes, lasts for days at this interval."""
HALF = 0.5
BIT_TABLES = ("coil", "discrete")


class Remark(NamedTuple):
    """One doubt, and where in the expanded profile."""

    place: tuple[str, ...]
    reason: str
    error: bool = False
    """It cannot work, whatever was meant."""


def remarks(profile: DeviceProfile) -> Iterator[Remark]:
    """All doubts about a profile that is well-formed."""
    yield from _head(profile)
    leaned_on = _leaned_on(profile)
    for place, point, table in _points(profile):
        if not (point.key or point.label in leaned_on or _is_told(point)):
            yield Remark(place, f"{point.label} has neither key nor unit nor meaning")
        if (point.type is RegisterType.BIT) != (table in BIT_TABLES):
            reason = f"{point.label} is a {point.type}, and its table is {table}"
            yield Remark(place, reason)
        yield from _range(place, point)
    yield from _order(profile)
    yield from _overlaps(profile)
    yield from _cycle(profile)
    yield from _commands(profile)


def _head(profile: DeviceProfile) -> Iterator[Remark]:
    if not profile.source.strip():
        yield Remark(("source",), "must say where the map was read", error=True)
    if not profile.maker:
        yield Remark((), "no maker is named")
    if not profile.models:
        yield Remark((), "no models are named")
    if profile.standing not in STANDINGS:
        known = ", ".join(STANDINGS)
        yield Remark((), f"standing does not say how far it was tried: {known}")
    if not profile.identity and not all(block.sunspec for block in profile.reads):
        yield Remark((), "no identity: ppc scan cannot know the device by it")


def _points(
    profile: DeviceProfile,
) -> Iterator[tuple[tuple[str, ...], Point, Table]]:
    """Every point, its place and its table."""
    for kind in ("blocks", "commands"):
        for i, block in enumerate(getattr(profile, kind)):
            for j, point in enumerate(block.points):
                yield (kind, str(i), "points", str(j)), point, block.table
    for j, point in enumerate(profile.points):
        yield ("points", str(j)), point, point.table or Table.HOLDING


def _leaned_on(profile: DeviceProfile) -> set[str]:
    """Names of the points that are there for others."""
    names = {name for _, point, _ in _points(profile) for name in point.needs}
    for sums in (profile.sums, *(block.sums for block in profile.blocks)):
        names.update(name for each in sums for name in each.of)
    return names


def _is_told(point: Point) -> bool:
    """Whether people know what it is without a key."""
    words = point.words or point.bits or point.unit or point.meaning
    placed = point.type.is_text or point.sunspec or isinstance(point, CommandPoint)
    return bool(words or placed)


def _range(place: tuple[str, ...], point: Point) -> Iterator[Remark]:
    """What its registers can tell, against what is credible and what is usual."""
    line = _line(point)
    if line is None:
        return
    low, high = line
    if point.valid:
        least, most = point.valid
        if most < low or least > high:
            reason = f"can only tell {low:g} to {high:g}, none of which is valid"
            yield Remark((*place, "valid"), reason, error=True)
            return
        if most > high or least < low:
            reason = f"reaches beyond what the registers can tell, {low:g} to {high:g}"
            yield Remark((*place, "valid"), reason)
    unit = point.key.unit if point.key else ""
    if max(high, -low) < REACH.get(unit, 0.0):
        yield Remark(
            place, f"can only tell {low:g} to {high:g} {unit}: is scale right?"
        )
    step = abs(point.scale / point.divisor)
    if unit == "Hz" and not point.type.is_float and step > STEP_HZ:
        yield Remark(
            place, f"steps of {step:g} Hz: too coarse for a frequency response"
        )
    for reason in _absent(point):
        yield Remark((*place, "absent"), reason)


def _line(point: Point) -> tuple[float, float] | None:
    """Least and greatest SI value; None where other points have a say."""
    others = (point.map, point.scale_from, point.base, point.special, point.times)
    if point.type.is_text or point.bits or any(each is not None for each in others):
        return None
    low, high = PointCodec(point, 0).range
    ends = [raw * (point.scale / point.divisor) + point.offset for raw in (low, high)]
    if point.sign_from is not None:
        ends += [-end for end in ends]
    return min(ends), max(ends)


def _absent(point: Point) -> Iterator[str]:
    """Whether what says "none" is also a credible value."""
    if point.valid is None:
        return
    low, high = point.valid
    for raw in point.absents:
        value = raw * (point.scale / point.divisor) + point.offset
        if low <= value <= high:
            yield f"{raw:g} means {value:g}, which valid takes for credible"


def _order(profile: DeviceProfile) -> Iterator[Remark]:
    """The first number wider than a register whose word order is left to chance."""
    if "word_order" in profile.model_fields_set or profile.word_order_from:
        return
    for place, point, _ in _points(profile):
        free = point.type.is_text or point.sunspec or point.word_order
        if point.size > 1 and not free:
            reason = "is wider than a register, and no word_order is written"
            yield Remark(place, f"{point.label or 'a constant'} {reason}")
            return


def _overlaps(profile: DeviceProfile) -> Iterator[Remark]:
    """Points outside blocks that share bits: a block would refuse them."""
    taken: dict[tuple[Table, int], list[Point]] = {}
    for j, point in enumerate(profile.points):
        if point.sunspec:
            continue
        for register in point.places:
            others = taken.setdefault((point.table or Table.HOLDING, register), [])
            for other in others:
                if overlap(point, other):
                    reason = f"{point.label} and {other.label} overlap at {register}"
                    yield Remark(("points", str(j)), reason)
            others.append(point)


def _cycle(profile: DeviceProfile) -> Iterator[Remark]:
    """What control cannot do without: that it comes often, and by itself."""
    needed = set(NEEDED[profile.type]) - {Key.SOC_PU}
    for block in profile.reads:
        found = sorted(needed.intersection(block.keys))
        if found and block.every_s is not None and block.every_s > SLOW_S:
            said = ", ".join(found)
            yield Remark((), f"{said} comes only every {block.every_s:g} s")
        if profile.type is EquipmentType.POI and found:
            yield from _alone(block, needed)


def _alone(block: Block, needed: set[Key]) -> Iterator[Remark]:
    """A request of a meter is believed as a whole: what may be missing stands apart."""
    parts = {name for each in block.sums for name in each.of}
    for point in block.points:
        if point.key and point.key not in needed and point.label not in parts:
            reason = (
                f"{point.key} comes with what control needs: where it is missing, "
                "nothing of the request is believed; give it an every_s"
            )
            yield Remark((), reason)


def _commands(profile: DeviceProfile) -> Iterator[Remark]:
    for i, group in enumerate(profile.commands):
        for reason, error in _group(group):
            yield Remark(("commands", str(i)), reason, error)
    minds = profile.watchdog_s or profile.heartbeat
    if profile.type.is_unit and not minds:
        reason = (
            "neither watchdog_s nor heartbeat: the device goes on for ever when "
            "the controller is gone"
        )
        yield Remark((), reason)


def _group(group: CommandBlock) -> Iterator[tuple[str, bool]]:
    watchdog_s, interval_s = group.watchdog_s, group.interval_s or 0.0
    if watchdog_s and group.stored:
        yield "what is stored is not renewed: the watchdog drops it", True
    if watchdog_s and interval_s >= watchdog_s:
        yield f"interval_s is not shorter than the watchdog of {watchdog_s:g} s", True
    if watchdog_s and group.refresh_s and group.refresh_s > HALF * watchdog_s:
        yield (
            "refresh_s is over half of watchdog_s: one lost frame, and it drops",
            False,
        )
    if group.stored and interval_s < WEAR_S and group.change_pu == 0.0:
        reason = f"stored in memory that wears out: interval_s of {WEAR_S:g} or more"
        yield f"{reason}, or change_pu", False
