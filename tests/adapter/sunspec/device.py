"""A SunSpec device made of models, and the read function the walk wants."""

import struct

from ppc.communication.errors import ExceptionCode, Refused

MARK = (0x5375, 0x6E53)
END = (0xFFFF, 0)


def image(*models: tuple[int, tuple[int, ...]], base=40000, end=END):
    """The registers of these models (number, data), by address."""
    flat = [*MARK]
    for number, data in models:
        flat += [number, len(data), *data]
    return dict(enumerate((*flat, *end), base))


def reader(registers, asked=None):
    """Reads `registers`; what is not there is refused."""

    async def read(address, count):
        if asked is not None:
            asked.append((address, count))
        if any(place not in registers for place in range(address, address + count)):
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        wanted = (registers[place] for place in range(address, address + count))
        return struct.pack(f">{count}H", *wanted)

    return read
