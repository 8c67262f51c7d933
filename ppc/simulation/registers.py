"""Registers of a simulated device that can be written: whole values, or nothing."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from ppc.communication.errors import ExceptionCode, Refused


class Placed(Protocol):
    """What stands in registers."""

    @property
    def places(self) -> Sequence[int]: ...


FieldT = TypeVar("FieldT", bound=Placed)


def touched(fields: Sequence[FieldT], address: int, payload: bytes) -> list[FieldT]:
    """The fields that `payload`, written from `address` on, replaces.

    Refused with ILLEGAL_VALUE when it holds only part of one of them.
    """
    end = address + len(payload) // 2
    found = []
    for field in fields:
        inside = [address <= place < end for place in field.places]
        if any(inside) and not all(inside):
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
        if any(inside):
            found.append(field)
    return found


def patched(registers: bytes, first: int, address: int, payload: bytes) -> bytes:
    """`registers`, which begin at `first`, with `payload` in them from `address` on.

    Refused with ILLEGAL_ADDRESS when it does not lie inside.
    """
    at = 2 * (address - first)
    if at < 0 or at + len(payload) > len(registers):
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
    return registers[:at] + payload + registers[at + len(payload) :]
