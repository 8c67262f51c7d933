"""Modbus TCP on the wire: frames, heads of requests and of the answers they deserve.

Source: Modbus Application Protocol V1.1b3, 6; Modbus Messaging on TCP/IP V1.0b, 3.
"""

import struct
from typing import NamedTuple

from ppc.communication.driver.base import Function

HEADER = struct.Struct(">HHHB")
"""Transaction, protocol id (0), length of what follows, station."""
RANGE = struct.Struct(">BHH")
"""Function, address, count; in FC 6 the value stands for the count."""
LEAST_LENGTH, MOST_LENGTH = 2, 254
"""Station and PDU, in bytes: what the length field may say."""
MOST_READ, MOST_WRITTEN = 125, 123
"""Registers in one request."""


class Heads(NamedTuple):
    """How a request begins and how its right answer does, from the function code on."""

    request: bytes
    answer: bytes
    answer_size: int
    """Bytes that follow the head of the answer: the registers of a read."""


def heads(function: Function, address: int, count: int) -> Heads:
    """A read is answered with its byte count and the registers, a write with its echo.

    In FC 6 the payload belongs to both heads: the caller adds it.
    """
    if function is Function.WRITE_ONE:
        head = struct.pack(">BH", function, address)
        return Heads(head, head, 0)
    head = RANGE.pack(function, address, count)
    if function is Function.WRITE_MANY:
        return Heads(head + bytes((2 * count,)), head, 0)
    return Heads(head, bytes((function, 2 * count)), 2 * count)


def split(buffer: bytes) -> tuple[list[bytes], bytes]:
    """Whole frames, and what is left over.

    Raises ValueError when what stands where a header should is none: the stream
    cannot be trusted any more.
    """
    frames: list[bytes] = []
    while len(buffer) >= HEADER.size:
        _, protocol, length, _ = HEADER.unpack_from(buffer)
        if protocol != 0 or not LEAST_LENGTH <= length <= MOST_LENGTH:
            raise ValueError(f"no Modbus TCP header: {buffer[:7].hex(' ')}")
        end = 6 + length
        if len(buffer) < end:
            break
        frames.append(buffer[:end])
        buffer = buffer[end:]
    return frames, buffer
