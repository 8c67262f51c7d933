"""What is asked of a device: a request of Modbus, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from math import inf
from typing import Any

from ppc.communication.errors import CommunicationError


class Table(StrEnum):
    """The four tables of Modbus: two of registers, two of single bits."""

    HOLDING = "holding"
    INPUT = "input"
    COIL = "coil"
    DISCRETE = "discrete"


class Function(IntEnum):
    """The Modbus function codes in use."""

    READ_COILS = 1
    READ_DISCRETES = 2
    READ_HOLDING = 3
    READ_INPUT = 4
    WRITE_COIL = 5
    WRITE_ONE = 6
    WRITE_COILS = 15
    WRITE_MANY = 16
    MASK_WRITE = 22
    READ_WRITE = 23

    @property
    def writes(self) -> bool:
        return self >= Function.WRITE_COIL


READ_BY: Mapping[Table, Function] = {
    Table.HOLDING: Function.READ_HOLDING,
    Table.INPUT: Function.READ_INPUT,
    Table.COIL: Function.READ_COILS,
    Table.DISCRETE: Function.READ_DISCRETES,
}
"""With which function a table is read."""


class Priority(IntEnum):
    """Who goes first when several exchanges wait for one line."""

    COMMAND = 0
    FAST = 1
    SLOW = 2


Reply = bytes | CommunicationError
"""What was asked for, as on the wire: registers big-endian, bits eight to a byte, the
first the lowest; empty for a write; or why there is nothing."""


def ignore(_: Reply) -> None:
    """Receive a reply nobody waits for."""


@dataclass(slots=True, eq=False)
class Exchange:
    """One request that is made again and again: a slot, not an entry of a queue.

    `payload`, what is written as on the wire, may be replaced by one as long while the
    exchange waits: the newest set-point is sent and the older one never. For a single
    coil it is FF 00 or 00 00, for a mask write the AND mask and the OR mask. `done` is
    called in the loop, once for each time the exchange was taken up, with the reply.
    A write that is still waiting after `expires_s` (monotonic) is not sent.

    `count` is in registers or bits; of a read and write in one it is what is read from
    `address`, while `payload` goes to `write_address`.
    """

    station: int
    function: Function
    address: int
    count: int
    priority: Priority = Priority.FAST
    payload: bytes = b""
    expires_s: float = inf
    done: Callable[[Reply], None] = field(default=ignore)
    compiled: Any = None
    """What the driver has made of the request, to make it only once."""
    write_address: int = 0
