"""Modbus: requests and the answers they deserve; the frames of Modbus TCP.

Source: Modbus Application Protocol V1.1b3, 6; Modbus Messaging on TCP/IP V1.0b, 3.
"""

import struct
from typing import NamedTuple

from ppc.communication.exchange import Exchange, Function

HEADER = struct.Struct(">HHHB")
"""Transaction, protocol id (0), length of what follows, station."""
RANGE = struct.Struct(">BHH")
"""Function, address, count; in FC 6 the value stands for the count."""
LEAST_LENGTH, MOST_LENGTH = 2, 254
"""Station and PDU, in bytes: what the length field may say."""
MOST_READ, MOST_WRITTEN = 125, 123
"""Registers in one request."""
MOST_WRITTEN_READING = 121
"""Registers written in a request that reads as well."""
MOST_BITS_READ, MOST_BITS_WRITTEN = 2000, 1968
"""Coils or discrete inputs in one request."""
LAST_STATION, ADDRESSES = 255, 0x10000

_MOST = {
    Function.READ_COILS: MOST_BITS_READ,
    Function.READ_DISCRETES: MOST_BITS_READ,
    Function.READ_HOLDING: MOST_READ,
    Function.READ_INPUT: MOST_READ,
    Function.WRITE_COILS: MOST_BITS_WRITTEN,
    Function.WRITE_MANY: MOST_WRITTEN,
    Function.READ_WRITE: MOST_READ,
}
"""The largest count; of those that are not here there is one."""
_BITS = {Function.READ_COILS, Function.READ_DISCRETES, Function.WRITE_COILS}
_ECHOED = {Function.WRITE_COIL: 2, Function.WRITE_ONE: 2, Function.MASK_WRITE: 4}
"""Bytes of payload that the answer repeats."""
_COIL_STATES = (b"\xff\x00", b"\x00\x00")


class Heads(NamedTuple):
    """How a request begins and how its right answer does, from the function code on.

    The payload of the exchange follows the head of the request.
    """

    request: bytes
    answer: bytes
    answer_size: int
    """Bytes that follow the head of the answer: what is read."""
    echoes: bool
    """Whether the payload follows the head of the answer too."""


def heads(exchange: Exchange) -> Heads:
    """A read is answered with its byte count and the data, a write with its echo.

    Raises ValueError, which says why, for a request that Modbus does not know.
    """
    function, address, count = exchange.function, exchange.address, exchange.count
    _check(exchange)
    if function in _ECHOED:
        head = struct.pack(">BH", function, address)
        return Heads(head, head, 0, echoes=True)
    head = RANGE.pack(function, address, count)
    size = (count + 7) // 8 if function in _BITS else 2 * count
    if function is Function.READ_WRITE:
        written = len(exchange.payload)
        head += struct.pack(">HHB", exchange.write_address, written // 2, written)
    elif function.writes:
        return Heads(head + bytes((size,)), head, 0, echoes=False)
    return Heads(head, bytes((function, size)), size, echoes=False)


def _check(exchange: Exchange) -> None:
    function, count, size = exchange.function, exchange.count, len(exchange.payload)
    most = _MOST.get(function, 1)
    if not 0 <= exchange.station <= LAST_STATION:
        raise ValueError(f"station {exchange.station} is not within 0 to 255")
    if not 1 <= count <= most:
        raise ValueError(f"count {count} is not within 1 to {most} of {function.name}")
    if exchange.address < 0 or exchange.address + count > ADDRESSES:
        raise ValueError(f"address {exchange.address} is not within 0 to 65535")
    if function is Function.READ_WRITE:
        end = exchange.write_address + size // 2
        if size % 2 or not 1 <= size // 2 <= MOST_WRITTEN_READING:
            raise ValueError(f"a payload of {size} bytes is not 1 to 121 registers")
        if exchange.write_address < 0 or end > ADDRESSES:
            raise ValueError(
                f"write_address {exchange.write_address} is not within 0 to 65535"
            )
        return
    right = _ECHOED.get(function, 0)
    if not right and function.writes:
        right = (count + 7) // 8 if function in _BITS else 2 * count
    if size != right:
        raise ValueError(f"a payload of {size} bytes where {right} belong")
    if function is Function.WRITE_COIL and exchange.payload not in _COIL_STATES:
        raise ValueError("a coil is written as FF 00 or 00 00")


def frame_end(data: bytes, first: int) -> int:
    """Where the frame that begins at `first` ends; 0: it is not whole yet.

    Raises ValueError when what stands where a header should is none: the stream
    cannot be trusted any more.
    """
    if len(data) - first < HEADER.size:
        return 0
    _, protocol, length, _ = HEADER.unpack_from(data, first)
    if protocol != 0 or not LEAST_LENGTH <= length <= MOST_LENGTH:
        head = data[first : first + HEADER.size].hex(" ")
        raise ValueError(f"no Modbus TCP header: {head}")
    end: int = first + 6 + length
    return end if end <= len(data) else 0


def split(buffer: bytes) -> tuple[list[bytes], bytes]:
    """Whole frames, and what is left over. Raises ValueError as `frame_end` does."""
    frames: list[bytes] = []
    first = 0
    while end := frame_end(buffer, first):
        frames.append(buffer[first:end])
        first = end
    return frames, buffer[first:]
