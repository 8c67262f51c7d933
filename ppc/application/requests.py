"""What is moved in one request: registers on our side, what Modbus wants on its own."""

from collections.abc import Callable

from ppc.adapter.block import CommandBlock
from ppc.communication.driver.base import (
    READ_BY,
    Exchange,
    Function,
    Priority,
    Table,
)

BITS = (Table.COIL, Table.DISCRETE)
"""Tables of single bits: to codecs each is a register that holds 0 or 1."""
Payload = Callable[[bytes], bytes]


def reading(
    station: int, table: Table, address: int, count: int, priority: Priority
) -> Exchange:
    """The request that reads so many registers, or bits."""
    return Exchange(station, READ_BY[table], address, count, priority)


def registers(table: Table, reply: bytes, count: int) -> bytes:
    """The registers, or bits as registers, that `reply` to a read carries."""
    if table not in BITS:
        return reply
    bits = int.from_bytes(reply, "little")
    return b"".join((bits >> i & 1).to_bytes(2, "big") for i in range(count))


def writing(
    station: int, table: Table, address: int, count: int, *, single: bool = False
) -> Exchange:
    """The request that writes so many registers, or coils; the payload is not in it.

    Raises ValueError for a table that is only read.
    """
    if table not in (Table.HOLDING, Table.COIL):
        raise ValueError(f"{table} is only read")
    if table is Table.COIL:
        function = Function.WRITE_COIL if single else Function.WRITE_COILS
    else:
        function = Function.WRITE_ONE if single else Function.WRITE_MANY
    return Exchange(station, function, address, count, Priority.COMMAND)


def setting(block: CommandBlock, station: int) -> Exchange:
    """The request of a group of set-points, by the function the profile names."""
    single = block.function == "one"
    exchange = writing(station, block.table, block.address, block.count, single=single)
    if block.function == "mask":
        exchange.function = Function.MASK_WRITE
    elif block.function == "read_write":
        exchange.function = Function.READ_WRITE
        exchange.write_address = block.address
    return exchange


def payload(function: Function, written: bytes, covered: bytes) -> bytes:
    """The payload by which `function` writes these registers.

    `covered`: the bits that belong to points; a mask write leaves the others.
    """
    if function is Function.MASK_WRITE:
        return masked(b"\xff\xff", bytes(~b & 0xFF for b in covered)) + masked(
            written, covered
        )
    if function is Function.WRITE_COIL:
        return b"\xff\x00" if any(written) else b"\x00\x00"
    if function is Function.WRITE_COILS:
        count = len(written) // 2
        bits = sum(1 << i for i in range(count) if any(written[2 * i : 2 * i + 2]))
        return bits.to_bytes((count + 7) // 8, "little")
    return written


def masked(these: bytes, mask: bytes) -> bytes:
    """The bits of `these` that `mask` has too."""
    return bytes(a & b for a, b in zip(these, mask, strict=True))
