"""Bytes overheard, made into frames: RTU on a line, Modbus TCP on a connection.

Nothing on a line of RTU says where a frame begins; its lengths and its checksum do.
Source: Modbus Application Protocol V1.1b3, 6; Modbus over Serial Line V1.02, 2.5.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ppc.communication.driver.framing import Rtu
from ppc.communication.modbus import HEADER, split

_CHECKSUM, _LONGEST = 2, 256
_RANGED = (1, 2, 3, 4, 5, 6)
"""Functions whose requests are 8 bytes on the line."""
_FIXED = {5: 8, 6: 8, 15: 8, 16: 8, 22: 10}
"""Bytes of answers that echo."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Station, PDU, and when its last byte came."""

    station: int
    pdu: bytes
    time_s: float
    asked: bool | None = None
    """Whether it goes to the device; None: the line does not tell."""


class RtuListener:
    """Frames of a line, found by length and checksum."""

    def __init__(self) -> None:
        self._buffer = b""
        self.lost_count = 0
        """Bytes that belong to no frame."""

    def feed(self, data: bytes, time_s: float) -> Iterator[Frame]:
        """The frames that are whole with this."""
        self._buffer += data
        while self._buffer:
            size = _whole(self._buffer)
            if size:
                content = self._buffer[: size - _CHECKSUM]
                self._buffer = self._buffer[size:]
                yield Frame(content[0], content[1:], time_s)
            elif len(self._buffer) >= _LONGEST:
                self._drop(1)
            else:
                return

    def silence(self, time_s: float) -> Iterator[Frame]:
        """The line is quiet: what is no frame now never will be; what follows may."""
        while self._buffer:
            self._drop(1)
            yield from self.feed(b"", time_s)

    def _drop(self, count: int) -> None:
        self._buffer = self._buffer[count:]
        self.lost_count += count


def _whole(buffer: bytes) -> int:
    """Bytes of the frame at the beginning; 0: there is none, or none yet."""
    for size in sorted(set(_sizes(buffer))):
        if len(buffer) >= size:
            content = buffer[: size - _CHECKSUM]
            if Rtu().frame(content) == buffer[:size]:
                return size
    return 0


def _sizes(buffer: bytes) -> Iterator[int]:
    """How long a request or an answer that begins so may be."""
    if len(buffer) < 4:  # noqa: PLR2004  (the shortest frame)
        return
    function = buffer[1]
    if function & 0x80:
        yield 5
    elif function in _RANGED:
        yield 8
        if function <= 4:  # noqa: PLR2004  (reads)
            yield 3 + buffer[2] + _CHECKSUM
    elif function in _FIXED:
        yield _FIXED[function]
        if function in (15, 16) and len(buffer) > 6:  # noqa: PLR2004
            yield 7 + buffer[6] + _CHECKSUM
    elif function == 23:  # noqa: PLR2004
        yield 3 + buffer[2] + _CHECKSUM
        if len(buffer) > 10:  # noqa: PLR2004
            yield 11 + buffer[10] + _CHECKSUM


class TcpListener:
    """Frames of one direction of a connection."""

    def __init__(self, *, asked: bool) -> None:
        self._asked = asked
        self._buffer = b""

    def feed(self, data: bytes, time_s: float) -> Iterator[Frame]:
        """The frames that are whole with this. Raises ValueError: no Modbus TCP."""
        frames, self._buffer = split(self._buffer + data)
        for frame in frames:
            station = frame[HEADER.size - 1]
            yield Frame(station, frame[HEADER.size :], time_s, self._asked)
