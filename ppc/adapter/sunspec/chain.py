"""Which SunSpec models a device has, and where: the chain is walked, never assumed.

Source: SunSpec Device Information Model Specification 1.1, "Device Modbus Map": the
mark "SunS" at 40000, 50000 or 0, then models, each with its number and its length, then
0xFFFF. Models that nobody here knows are passed by their length.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ppc.adapter.sunspec.facts import HEAD
from ppc.communication.driver.base import Driver, Exchange, Function, Priority, ask
from ppc.communication.errors import CommunicationError, NotConnected, Refused

Read = Callable[[int, int], Awaitable[bytes]]
"""Holding registers: address and count to bytes. Raises CommunicationError."""

BASES = (40000, 50000, 0)
MARK = b"SunS"
END = 0xFFFF
MOST_MODELS = 500
"""More than any device has: a chain of them leads in circles or into other data."""


@dataclass(frozen=True, slots=True)
class FoundModel:
    """One model of a device."""

    number: int
    address: int
    """Of its data: the register after its length."""
    length: int
    """Registers of its data."""
    instance: int = 0
    """How many of the same number stand before it."""

    def __str__(self) -> str:
        return f"model {self.number} at {self.address}, {self.length} registers"


class NoSunSpec(Exception):
    """No "SunS" at any of the usual places."""


class BrokenChain(Exception):
    """The chain does not lead to its end."""

    def __init__(self, why: str, found: tuple[FoundModel, ...]) -> None:
        after = f" after {found[-1]}" if found else ""
        super().__init__(f"the chain of SunSpec models breaks off{after}: {why}")
        self.found = found
        """What stands before the break."""


async def discover(
    read: Read, bases: tuple[int, ...] = BASES
) -> tuple[FoundModel, ...]:
    """The models of the device, in their order.

    Raises:
        NoSunSpec: it answers, but not with the mark, or refuses everywhere.
        BrokenChain: what follows the mark is no chain.
        NotConnected: nobody there.
    """
    answers: list[str] = []
    for base in bases:
        try:
            head = await read(base, HEAD)
        except NotConnected:
            raise
        except CommunicationError as error:
            answers.append(f"{base}: {error}")
            continue
        if head == MARK:
            return await walk(read, base + HEAD)
        answers.append(f"{base}: {head.hex(' ')}")
    raise NoSunSpec(f'no "SunS" ({"; ".join(answers)})')


async def walk(read: Read, address: int) -> tuple[FoundModel, ...]:
    """The models of the chain that begins at `address`, the register after the mark."""
    found: list[FoundModel] = []
    while True:
        number, length = await _head(read, address, tuple(found))
        if number == END:
            return tuple(found)
        address += HEAD
        instance = sum(model.number == number for model in found)
        found.append(FoundModel(number, address, length, instance))
        address += length


async def _head(
    read: Read, address: int, found: tuple[FoundModel, ...]
) -> tuple[int, int]:
    """Number and length of the model at `address`; BrokenChain if there is none."""
    if len(found) == MOST_MODELS:
        raise BrokenChain(f"{MOST_MODELS} models and no end", found)
    try:
        head = await _head_or_end(read, address)
    except NotConnected:
        raise
    except CommunicationError as error:
        raise BrokenChain(f"{error} at {address}", found) from error
    number = int.from_bytes(head[:2])
    length = int.from_bytes(head[2:])
    if number == 0:
        raise BrokenChain(f"no model has the number 0, at {address}", found)
    if length == 0 and number != END:
        raise BrokenChain(f"model {number} at {address} has no length", found)
    if number != END and address + HEAD + length + HEAD > 2**16:
        raise BrokenChain(f"model {number} at {address} is too long: {length}", found)
    return number, length


async def _head_or_end(read: Read, address: int) -> bytes:
    """Number and length. Some devices end with the number alone."""
    try:
        return await read(address, HEAD)
    except Refused:
        number = await read(address, 1)
        if int.from_bytes(number) != END:
            raise
        return number + bytes(2)


def holding(driver: Driver, station: int) -> Read:
    """Reads the holding registers of a station, in the background."""

    async def read(address: int, count: int) -> bytes:
        return await ask(
            driver,
            Exchange(
                station,
                Function.READ_HOLDING,
                address,
                count,
                priority=Priority.SLOW,
            ),
        )

    return read
