"""Modbus requests as bytes, for people to see: station and PDU, no checksum.

Source: Modbus Application Protocol V1.1b3, 6.
"""

import struct

from ppc.commissioning.line import Question
from ppc.communication.driver.base import Function


def request(question: Question) -> bytes:
    """Station, function, and what belongs to it."""
    station, function = question.station, question.function
    head = struct.pack(">BBH", station, function, question.address)
    if function in (Function.WRITE_ONE, Function.WRITE_COIL, Function.MASK_WRITE):
        return head + question.payload
    ranged = head + struct.pack(">H", question.count)
    if not function.writes:
        return ranged
    size = len(question.payload)
    if function is Function.READ_WRITE:
        written = struct.pack(">HHB", question.write_address, size // 2, size)
        return ranged + written + question.payload
    return ranged + bytes((size,)) + question.payload
