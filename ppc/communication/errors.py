"""Errors of communication.

CommunicationError
├── NotConnected    nobody there: the link is down
├── NoReply         the link is up, the device did not answer in time
│   └── StationSilent   nor did it the last time: it was asked in vain, or not at all
├── BadReply        the device answered something else than was asked
├── Expired         the request waited until it had lost its meaning
└── Refused         the answer is a Modbus exception code
"""

from enum import IntEnum


class ExceptionCode(IntEnum):
    """Modbus exception codes. Source: Modbus Application Protocol V1.1b3, 7."""

    ILLEGAL_FUNCTION = 0x01
    ILLEGAL_ADDRESS = 0x02
    ILLEGAL_VALUE = 0x03
    DEVICE_FAILURE = 0x04
    ACKNOWLEDGE = 0x05
    BUSY = 0x06
    MEMORY_PARITY = 0x08
    NO_PATH = 0x0A
    NO_TARGET_RESPONSE = 0x0B


class CommunicationError(Exception):
    """Base class: the exchange with one device failed."""


class NotConnected(CommunicationError):
    """The link is down."""


class NoReply(CommunicationError):
    """The device did not answer in time."""


class StationSilent(NoReply):
    """A station that has not answered lately: asked in vain again, or left alone."""


class BadReply(CommunicationError):
    """The answer does not belong to the question: never data."""


class Expired(CommunicationError):
    """A write waited past its expiry and was not sent."""


class Refused(CommunicationError):
    """The answer is an exception code. A station raises it to refuse a request."""

    def __init__(self, code: int) -> None:
        try:
            word = ExceptionCode(code).name.lower().replace("_", " ")
        except ValueError:
            word = "unknown"
        super().__init__(f"Modbus exception {code:#04x} ({word})")
        self.code = code
