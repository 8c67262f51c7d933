"""Which registers of a block a device refuses: found by halves."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from ppc.adapter.block import Block
from ppc.communication.errors import ExceptionCode, Refused

Run = tuple[int, int]
"""Registers from the first to before the second, counted from that of the block."""
Probe = Callable[[int, int], Awaitable[bytes]]
"""Reads `count` registers from a place in the block. Raises CommunicationError."""
UNKNOWN_THERE = (ExceptionCode.ILLEGAL_ADDRESS, ExceptionCode.ILLEGAL_VALUE)
"""Refusals that may be due to single registers. Source: Modbus Application Protocol
V1.1b3, 7; devices differ in which of the two they say."""


class Survey(NamedTuple):
    """What came of it."""

    runs: tuple[Run, ...]
    """What can be read, in so many requests."""
    refused: tuple[Run, ...]
    """Points that cannot."""


async def survey(block: Block, probe: Probe) -> Survey:
    """Read `block` in parts until every refusal is that of a single point.

    No request parts a point. Raises CommunicationError for any other failure.
    """
    whole = (0, block.count)
    if await _readable(whole, probe):
        return Survey((whole,), ())
    refused: list[Run] = []
    good = await _halved(whole_points(block), probe, refused, known=whole)
    runs: list[Run] = []
    for run in good:
        if runs and not _between(runs[-1], run, refused):
            joined = runs[-1][0], run[1]
            if await _readable(joined, probe):
                runs[-1] = joined
                continue
        runs.append(run)
    return Survey(tuple(runs), tuple(refused))


def whole_points(block: Block) -> list[Run]:
    """The runs of registers that must not be parted, in order."""
    found: list[Run] = []
    for places in sorted(sorted(point.places) for point in block.points):
        first, end = places[0] - block.address, places[-1] + 1 - block.address
        if found and first < found[-1][1]:
            first, before = found.pop()
            end = max(end, before)
        found.append((first, end))
    return found


async def _halved(
    points: list[Run], probe: Probe, refused: list[Run], known: Run | None = None
) -> list[Run]:
    """Those of `points` that can be read, side by side where that was tried.

    `known`: what is refused as a whole.
    """
    whole = points[0][0], points[-1][1]
    if whole != known and await _readable(whole, probe):
        return [whole]
    if len(points) == 1:
        refused.append(whole)
        return []
    half = len(points) // 2
    left = await _halved(points[:half], probe, refused)
    return left + await _halved(points[half:], probe, refused)


async def _readable(run: Run, probe: Probe) -> bool:
    try:
        await probe(run[0], run[1] - run[0])
    except Refused as refusal:
        if refusal.code in UNKNOWN_THERE:
            return False
        raise
    return True


def _between(before: Run, after: Run, refused: list[Run]) -> bool:
    return any(before[1] <= first < after[0] for first, _ in refused)
