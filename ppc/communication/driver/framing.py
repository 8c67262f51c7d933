"""How a request and its answer stand on a line: the frames of RTU and of ASCII.

Source: Modbus over Serial Line V1.02, 2.5. Checksums are those of pymodbus.
"""

from binascii import unhexlify
from typing import Protocol

from pymodbus.framer import FramerAscii, FramerRTU

_CHECKSUM, _LONGEST = 2, 513
"""Bytes of the checksum of RTU; of the longest frame of ASCII."""
_REFUSED = 3
"""Bytes of an exception: station, function, code."""


class Framing(Protocol):
    """Frames carry a station and a PDU, here in one piece."""

    def frame(self, content: bytes) -> bytes: ...

    def size(self, content_size: int) -> int:
        """Bytes on the line."""
        ...

    def unframe(self, data: bytes, head: bytes, size: int) -> bytes | None:
        """The content of the frame in `data`; None: it is not whole yet.

        `head` is how the right answer begins, `size` how long it is. Raises ValueError
        as soon as it is certain that this is not going to be an answer.
        """
        ...


class Rtu:
    """Bytes as they are, with a CRC. Nothing says where a frame begins or ends.

    So its length is that of the answer that is due, or that of an exception: there is
    no other.
    """

    def frame(self, content: bytes) -> bytes:
        return content + FramerRTU.compute_CRC(content).to_bytes(_CHECKSUM)

    def size(self, content_size: int) -> int:
        return content_size + _CHECKSUM

    def unframe(self, data: bytes, head: bytes, size: int) -> bytes | None:
        if not head.startswith(data[: len(head)]):
            if not data.startswith(bytes((head[0], head[1] | 0x80))):
                raise ValueError(f"wrong answer {data[:12].hex(' ')}")
            size = _REFUSED
        if len(data) < size + _CHECKSUM:
            return None
        if len(data) > size + _CHECKSUM:
            raise ValueError(f"{len(data)} bytes where {size + _CHECKSUM} belong")
        content = data[:size]
        if FramerRTU.compute_CRC(content).to_bytes(_CHECKSUM) != data[size:]:
            raise ValueError(f"wrong checksum: {data[:12].hex(' ')}")
        return content


class Ascii:
    """A colon, two hexadecimal digits for each byte, an LRC, and CR LF."""

    def frame(self, content: bytes) -> bytes:
        whole = content + bytes((FramerAscii.compute_LRC(content),))
        return b":" + whole.hex().upper().encode() + b"\r\n"

    def size(self, content_size: int) -> int:
        return 2 * (content_size + 1) + 3

    def unframe(self, data: bytes, head: bytes, size: int) -> bytes | None:  # noqa: ARG002
        if not data.startswith(b":"):
            raise ValueError(f"no frame: {data[:12].hex(' ')}")
        end = data.find(b"\n") + 1
        if not end and len(data) <= _LONGEST:
            return None
        if end != len(data) or not data.endswith(b"\r\n"):
            raise ValueError(f"more than a frame, or less: {data[-12:].hex(' ')}")
        whole = unhexlify(data[1:-2])
        if len(whole) < _REFUSED or FramerAscii.compute_LRC(whole[:-1]) != whole[-1]:
            raise ValueError(f"wrong checksum: {data[:12].hex(' ')}")
        return whole[:-1]
