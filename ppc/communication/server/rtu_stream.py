"""Frames of RTU out of what is heard on a line where others speak as well.

Source: Modbus over Serial Line V1.02, 2.5.1; Modbus Application Protocol V1.1b3, 6. The
lengths of functions that are not ours are from memory.
"""

from collections.abc import Callable

from ppc.communication.driver.framing import Rtu

LEAST, MOST = 4, 256
"""Bytes of a frame: station, function and CRC; the most that Modbus allows."""
_CRC = 2
_EXCEPTION, _EXCEPTION_SIZE = 0x80, 5
_FIXED_REQUESTS = {
    **dict.fromkeys((1, 2, 3, 4, 5, 6, 8), 8),
    **dict.fromkeys((7, 11, 12, 17), 4),
    22: 10,
    24: 6,
    43: 7,
}
_COUNTED_REQUESTS = {15: 6, 16: 6, 20: 2, 21: 2, 23: 10}
"""Where the byte stands that says how many come after it."""
_FIXED_ANSWERS = {**dict.fromkeys((5, 6, 8, 11, 15, 16), 8), 7: 5, 22: 10}
_COUNTED_ANSWERS = dict.fromkeys((1, 2, 3, 4, 12, 17, 20, 21, 23), 2)


class RtuStream:
    """Cuts what is heard into requests and answers.

    Our system tells of silences only when they are long, so a frame ends where its
    function says it does and its CRC is right. After a request to another the next
    frame is taken for its answer first: no data in it can pass for a request. What is
    neither is kept until it is silent; then it is one frame of an unknown function, or
    wrong.
    """

    def __init__(self, is_ours: Callable[[int], bool]) -> None:
        """`is_ours`: whether we are a station, and nobody else answers for it."""
        self.heard = b""
        """What is not a whole frame yet."""
        self.wrong = 0
        """Pieces that were none."""
        self._framing = Rtu()
        self._is_ours = is_ours
        self._due = b""

    def hear(self, data: bytes) -> list[bytes]:
        """Requests in what has come, each with its station, without its CRC."""
        self.heard += data
        requests = []
        while (found := self._next()) is not None:
            size, is_request = found
            frame, self.heard = self.heard[:size], self.heard[size:]
            self._due = self._answer_due(frame) if is_request else b""
            if is_request:
                requests.append(frame[:-_CRC])
        if len(self.heard) > 2 * MOST:
            self.heard = self.heard[-2 * MOST :]  # noise, until it is silent
        return requests

    def silence(self) -> list[bytes]:
        """The line has been silent: what was heard is a whole frame, or nothing."""
        frame, self.heard = self.heard, b""
        if not frame:
            return []
        answers_due = self._due and frame[0] == self._due[0]
        if self._right(frame) and LEAST <= len(frame) <= MOST:
            self._due = b"" if answers_due else self._answer_due(frame)
            return [] if answers_due else [frame[:-_CRC]]
        self._due = b""
        self.wrong += 1
        return []

    def _answer_due(self, request: bytes) -> bytes:
        """How the answer to a request begins that somebody else gives."""
        return b"" if not request[0] or self._is_ours(request[0]) else request[:2]

    def _next(self) -> tuple[int, bool] | None:
        """Length of the frame that is heard first, and whether it is a request."""
        kinds = [(_request_size(self.heard), True), (_answer_size(self.heard), False)]
        if self._due and self.heard[:1] == self._due[:1]:
            kinds.reverse()
        for size, is_request in kinds:
            if 0 < size <= len(self.heard) and self._right(self.heard[:size]):
                return size, is_request
        return None

    def _right(self, frame: bytes) -> bool:
        return self._framing.frame(frame[:-_CRC]) == frame


def _request_size(heard: bytes) -> int:
    """How long the frame is if it is a request; 0: not known, or not yet."""
    return _size(heard, _FIXED_REQUESTS, _COUNTED_REQUESTS)


def _answer_size(heard: bytes) -> int:
    if len(heard) > 1 and heard[1] & _EXCEPTION:
        return _EXCEPTION_SIZE
    return _size(heard, _FIXED_ANSWERS, _COUNTED_ANSWERS)


def _size(heard: bytes, fixed: dict[int, int], counted: dict[int, int]) -> int:
    function = heard[1] if len(heard) > 1 else 0
    if function in fixed:
        return fixed[function]
    at = counted.get(function)
    if at is None or at >= len(heard):
        return 0
    return at + 1 + heard[at] + _CRC
