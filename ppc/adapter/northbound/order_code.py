"""What has become of an order, as a number."""

from enum import IntEnum
from math import nan
from types import MappingProxyType
from typing import Self

from ppc.communication.errors import ExceptionCode, Refused
from ppc.keys import Key


class OrderCode(IntEnum):
    """What keeps the last value that was written from counting. Never renumbered."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Self:
        each = int.__new__(cls, code)
        each._value_ = code
        each.meaning = meaning
        return each

    NONE = 0, "nothing: it counts, or none was written"
    OUT_OF_RANGE = 1, "refused: not within what the map and the connection point allow"
    NOT_FINITE = 2, 'refused: no number, or the one that stands for "not available"'
    HALF_VALUE = 3, "refused: not all registers of the value in one request"
    NOT_ALLOWED = 4, "refused: this order is not the source's to give"
    TOO_FAST = 5, "refused: too far from the value before, for the time between them"
    LOCAL_MODE = 6, "taken: of no effect while the other place is in charge"
    EXPIRED = 7, "it counted, until it expired"
    CLAMPED = 8, "taken: as the nearest value that is allowed"
    NOT_STEADY = 9, "taken: counts once the heartbeat has been steady for long enough"
    NOT_COMMITTED = 10, "taken: counts once a sequence number is written"
    DISABLED = 11, "taken: counts once it is enabled"
    NO_SUCH_REGISTER = 12, "refused: there is no such register, or it is ours to say"
    FULL = 13, "refused: no more set-points with a date can be kept"
    NO_FUNCTION = 14, "refused: no control function of the plant does it"


_EXCEPTIONS = MappingProxyType(
    {
        OrderCode.NOT_ALLOWED: ExceptionCode.ILLEGAL_ADDRESS,
        OrderCode.NO_SUCH_REGISTER: ExceptionCode.ILLEGAL_ADDRESS,
        OrderCode.FULL: ExceptionCode.BUSY,
    }
)


class OrderRefused(Refused):
    """A write that is refused, and why. What is not of addresses is ILLEGAL_VALUE."""

    def __init__(
        self, why: OrderCode, key: Key | None = None, value: float = nan
    ) -> None:
        """`key`: the register it is about, with what was to be written there."""
        super().__init__(_EXCEPTIONS.get(why, ExceptionCode.ILLEGAL_VALUE))
        self.why = why
        self.key = key
        self.value = value
