"""The cable and the connection."""

from typing import ClassVar

from pydantic import PrivateAttr

from ppc.configuration.simulation import NotNegative, Positive, Share
from ppc.simulation.faults.base import Layer, Piece, Target, Undo, WireFault


class _Link(WireFault):
    layer: ClassVar[Layer] = "link"


class Refuse(_Link):
    """Connections are refused, open ones are cut: the cable is pulled."""

    reaction: ClassVar[str] = "NotConnected; others take its share; it connects again"
    seen = "gone"

    def begin(self, target: Target) -> Undo:
        return target.held.set(target.line, "plugged", value=False)


class AcceptThenClose(_Link):
    """Connections are taken and closed at once."""

    reaction: ClassVar[str] = "NotConnected; connects again, ever more rarely"
    seen = "gone"

    def opened(self, connections_count: int) -> bool:  # noqa: ARG002
        return False

    def request(self, data: bytes, first: bool) -> list[Piece]:  # noqa: ARG002, FBT001
        return [Piece(None)]


class ConnectionsFull(_Link):
    """Others hold all connections the device has."""

    reaction: ClassVar[str] = "NotConnected until one is free; connects again"
    seen = "gone"
    most: int = 0

    def opened(self, connections_count: int) -> bool:
        return connections_count <= self.most

    def request(self, data: bytes, first: bool) -> list[Piece]:  # noqa: ARG002, FBT001
        return [Piece(None)] if self.most == 0 else [Piece(data)]


class HalfOpen(_Link):
    """Nothing comes back and nothing is closed: a black hole."""

    reaction: ClassVar[str] = "NoReply after the timeout; a new connection is tried"

    def request(self, data: bytes, first: bool) -> list[Piece]:  # noqa: ARG002, FBT001
        return []


class Latency(_Link):
    """Answers come late, by `delay_s` and a chance share of `jitter_s`."""

    reaction: ClassVar[str] = "late answers are no data; the cycle keeps its time"
    seen = "late"
    delay_s: NotNegative = 0.5
    jitter_s: NotNegative = 0.0
    _share: float = PrivateAttr(default=0.5)

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        self._share = (self._share * 997.0 + 0.1234) % 1.0
        return [Piece(frame, self.delay_s + self._share * self.jitter_s)]


class Loss(_Link):
    """A share of the requests is lost on the way."""

    reaction: ClassVar[str] = "NoReply for those; the next ones go through"
    share: Share = 0.2
    _left: float = PrivateAttr(default=0.0)

    def request(self, data: bytes, first: bool) -> list[Piece]:  # noqa: ARG002, FBT001
        self._left += self.share
        if self._left >= 1.0:
            self._left -= 1.0
            return []
        return [Piece(data)]


class Drip(_Link):
    """Answers come byte by byte."""

    reaction: ClassVar[str] = "put together in time, or NoReply; never half a value"
    byte_s: Positive = 0.005

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return [Piece(bytes((byte,)), self.byte_s) for byte in frame]


class ResetInReply(_Link):
    """The connection is reset in the middle of an answer."""

    reaction: ClassVar[str] = "NotConnected; connects again"
    seen = "gone"

    def reply(self, frame: bytes, before: bytes) -> list[Piece]:  # noqa: ARG002
        return [Piece(frame[: len(frame) // 2]), Piece(None)]


class FirstSwallowed(_Link):
    """The first request after connecting is lost, as some loggers do."""

    reaction: ClassVar[str] = "NoReply once; the next request is answered"

    def request(self, data: bytes, first: bool) -> list[Piece]:  # noqa: FBT001
        return [] if first else [Piece(data)]


LINK = (
    Refuse,
    AcceptThenClose,
    ConnectionsFull,
    HalfOpen,
    Latency,
    Loss,
    Drip,
    ResetInReply,
    FirstSwallowed,
)
