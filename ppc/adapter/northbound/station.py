"""The station SCADA talks to: one image of all its segments, of one control cycle."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.segment import Segment
from ppc.adapter.plant_view import PlantView
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused

_FRESH_S = 0.2
"""An image is made anew after this long, also without a new cycle."""
_NOT_AVAILABLE = b"\xff\xff"


class ScadaStation:
    """Answers reads from the newest cycle, and hands writes to the segment they meet.

    One read shows one cycle, also across segments; both register tables show the same.
    A segment is rendered when somebody reads in it. Lives in the event loop; `view` is
    called for the newest cycle, and may return None before the first. `gaps`: runs
    [first, end) that read as not available; what no segment holds is 0 elsewhere.
    ValueError: two segments overlap.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        refusals: Refusals,
        *,
        view: Callable[[], PlantView | None],
        now_s: Callable[[], float],
        gaps: Sequence[tuple[int, int]] = (),
    ) -> None:
        self._shelves = [_Shelf(s) for s in sorted(segments, key=lambda s: s.address)]
        for shelf, after in zip(self._shelves, self._shelves[1:], strict=False):
            if after.first < shelf.end:
                raise ValueError(f"two segments meet at register {after.first}")
        self._firsts = [shelf.first for shelf in self._shelves]
        self._end = self._shelves[-1].end
        self._gaps = sorted(gaps)
        self._refusals = refusals
        self._view = view
        self._now_s = now_s
        self._writes_count = 0

    def read(self, table: Table, address: int, count: int) -> bytes:  # noqa: ARG002
        """Registers of the newest cycle; beyond all of them ILLEGAL_ADDRESS."""
        end = address + count
        if end > self._end:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        view, now_s = self._view(), self._now_s()
        payload = bytearray(2 * count)
        for shelf in self._met(address, end):
            first, last = max(address, shelf.first), min(end, shelf.end)
            image = shelf.image(view, now_s, self._writes_count)
            part = image[2 * (first - shelf.first) : 2 * (last - shelf.first)]
            payload[2 * (first - address) : 2 * (last - address)] = part
        at = max(bisect_right(self._gaps, (address, 0)) - 1, 0)
        for begins, ends in self._gaps[at:]:
            if begins >= end:
                break
            first, last = max(address, begins), min(end, ends)
            if first < last:
                filling = _NOT_AVAILABLE * (last - first)
                payload[2 * (first - address) : 2 * (last - address)] = filling
        return bytes(payload)

    def write(self, address: int, payload: bytes) -> None:
        """Hand it to the segment it lies in; what is refused has changed nothing."""
        self._writes_count += 1
        count = len(payload) // 2
        try:
            self._at(address, count).write(address, payload, self._now_s())
        except Refused as refusal:
            self._refusals.refused(address, count, refusal)
            raise
        self._refusals.taken()

    def _at(self, address: int, count: int) -> Segment:
        """The segment all the registers lie in. Raises Refused: there is none."""
        for shelf in self._met(address, address + count):
            if shelf.first <= address and address + count <= shelf.end:
                return shelf.segment
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)

    def _met(self, address: int, end: int) -> "Iterator[_Shelf]":
        """Those that hold registers of [address, end), by address."""
        for i in range(
            max(bisect_right(self._firsts, address) - 1, 0), len(self._firsts)
        ):
            shelf = self._shelves[i]
            if shelf.first >= end:
                return
            if shelf.end > address:
                yield shelf


class _Shelf:
    """A segment with its newest image."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.first, self.end = segment.address, segment.address + segment.count
        self._image = b""
        self._of: tuple[PlantView | None, int] | None = None
        self._made_s = 0.0

    def image(self, view: PlantView | None, now_s: float, writes_count: int) -> bytes:
        """The image of this cycle, made once, and again after a write."""
        of = self._of
        if (
            of is None
            or of[0] is not view
            or of[1] != writes_count
            or now_s - self._made_s >= _FRESH_S
        ):
            self._image = self.segment.render(view, now_s)
            self._of, self._made_s = (view, writes_count), now_s
        return self._image
