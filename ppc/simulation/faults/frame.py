"""Frames that are not what they should be.

Their head: transaction (2 bytes), protocol (2), length (2), unit (1), function (1).
"""

from typing import Annotated, ClassVar

from pydantic import Field, PrivateAttr

from ppc.simulation.faults.base import Layer, Piece, WireFault


class _Frame(WireFault):
    layer: ClassVar[Layer] = "frame"
    reaction: ClassVar[str] = "BadReply, never data; the stream is begun anew"


def _with(frame: bytes, at: int, data: bytes) -> list[Piece]:
    return [Piece(frame[:at] + data + frame[at + len(data) :])]


class Partial(_Frame):
    """Only the first part of an answer comes."""

    reaction: ClassVar[str] = "NoReply; a new connection, for the stream is lost"

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return [Piece(frame[:-1])]


class Split(_Frame):
    """Every byte of an answer is a segment of its own."""

    reaction: ClassVar[str] = "put together: no error at all"
    seen = "harmless"

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return [Piece(bytes((byte,)), 0.0005) for byte in frame]


class Duplicated(_Frame):
    """Every answer comes twice."""

    reaction: ClassVar[str] = "the second is an answer to nothing, counted and dropped"
    seen = "harmless"

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return [Piece(frame), Piece(frame, 0.002)]


class Joined(_Frame):
    """Every second answer waits, and comes together with the next one."""

    reaction: ClassVar[str] = "NoReply for the one; the late answer is not data"
    _kept: bytes = PrivateAttr(default=b"")

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        if not self._kept:
            self._kept = frame
            return []
        kept, self._kept = self._kept, b""
        return [Piece(kept + frame)]


class LateReply(_Frame):
    """The answer to the question before comes instead of the right one."""

    reaction: ClassVar[str] = "counted as late, then NoReply: never taken for data"

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return [Piece(before)] if before else []


class WrongTransaction(_Frame):
    """Another transaction identifier."""

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        other = (int.from_bytes(frame[:2], "big") + 0x4000) & 0xFFFF
        return _with(frame, 0, other.to_bytes(2, "big"))


class WrongStation(_Frame):
    """Another unit answers."""

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return _with(frame, 6, bytes(((frame[6] + 1) % 256,)))


class WrongFunction(_Frame):
    """The answer is to another function."""

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return _with(frame, 7, bytes((frame[7] ^ 0x07,)))


class WrongCount(_Frame):
    """An answer holds one register less than asked for, or echoes another range."""

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        if frame[7] in {3, 4}:
            length = int.from_bytes(frame[4:6], "big") - 2
            head = frame[:4] + length.to_bytes(2, "big") + frame[6:8]
            return [Piece(head + bytes((frame[8] - 2,)) + frame[9:-2])]
        return _with(frame, len(frame) - 1, bytes(((frame[-1] + 1) % 256,)))


class WrongLength(_Frame):
    """The length field is nonsense; `length` 0 or above 254."""

    length: Annotated[int, Field(ge=0, le=65535)] = 0

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return _with(frame, 4, self.length.to_bytes(2, "big"))


class WrongProtocol(_Frame):
    """The protocol identifier is not that of Modbus."""

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return _with(frame, 2, b"\x00\x01")


class Noise(_Frame):
    """Bytes without meaning stand before each answer."""

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return [Piece(b"\xa5\x5a\xff" + frame)]


FRAME = (
    Partial,
    Split,
    Duplicated,
    Joined,
    LateReply,
    WrongTransaction,
    WrongStation,
    WrongFunction,
    WrongCount,
    WrongLength,
    WrongProtocol,
    Noise,
)
