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
    if function is Function.WRITE_ONE:
        return head + question.payload
    ranged = head + struct.pack(">H", question.count)
    if not function.writes:
        return ranged
    return ranged + bytes((len(question.payload),)) + question.payload
