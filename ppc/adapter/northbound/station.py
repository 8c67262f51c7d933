"""The station SCADA talks to: one image of all its segments, of one control cycle."""

from collections.abc import Callable, Sequence

from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.segment import Segment
from ppc.adapter.plant_view import PlantView
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused

_FRESH_S = 0.2
"""An image is made anew after this long, also without a new cycle."""


class ScadaStation:
    """Answers reads from the newest cycle, and hands writes to the segment they meet.

    One read shows one cycle, also across segments; both register tables show the same.
    Lives in the event loop; `view` is called for the newest cycle, and may return None
    before the first. ValueError: two segments overlap.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        refusals: Refusals,
        *,
        view: Callable[[], PlantView | None],
        now_s: Callable[[], float],
    ) -> None:
        self._segments = sorted(segments, key=lambda s: s.address)
        ends = [segment.address + segment.count for segment in self._segments]
        for end, after in zip(ends, self._segments[1:], strict=False):
            if after.address < end:
                raise ValueError(f"two segments meet at register {after.address}")
        self._end = ends[-1]
        self._refusals = refusals
        self._view = view
        self._now_s = now_s
        self._image = b""
        self._shown: PlantView | None = None
        self._made_s: float | None = None

    def read(self, table: Table, address: int, count: int) -> bytes:  # noqa: ARG002
        """Registers of the newest cycle; gaps read 0, beyond all ILLEGAL_ADDRESS."""
        if address + count > self._end:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        return self._newest()[2 * address : 2 * (address + count)]

    def write(self, address: int, payload: bytes) -> None:
        """Hand it to the segment it lies in; what is refused has changed nothing."""
        self._made_s = None
        count = len(payload) // 2
        try:
            self._at(address, count).write(address, payload, self._now_s())
        except Refused as refusal:
            self._refusals.refused(address, count, refusal)
            raise
        self._refusals.taken()

    def _at(self, address: int, count: int) -> Segment:
        """The segment all the registers lie in. Raises Refused: there is none."""
        for segment in self._segments:
            end = segment.address + segment.count
            if segment.address <= address and address + count <= end:
                return segment
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)

    def _newest(self) -> bytes:
        """The image of the newest cycle, made once."""
        view, now_s = self._view(), self._now_s()
        made_s = self._made_s
        if made_s is None or view is not self._shown or now_s - made_s >= _FRESH_S:
            image = bytearray(2 * self._end)
            for segment in self._segments:
                first = 2 * segment.address
                shown = segment.render(view, now_s)
                image[first : first + 2 * segment.count] = shown
            self._image, self._shown, self._made_s = bytes(image), view, now_s
        return self._image
