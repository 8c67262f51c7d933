"""What a station answers to a request of Modbus: every function, every refusal.

Source: Modbus Application Protocol V1.1b3, 6.
"""

import struct
from collections.abc import Callable, Mapping

from ppc.communication.driver.base import Function, Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.communication.modbus import (
    ADDRESSES,
    MOST_BITS_READ,
    MOST_BITS_WRITTEN,
    MOST_READ,
    MOST_WRITTEN,
    MOST_WRITTEN_READING,
    RANGE,
)
from ppc.communication.server.base import BitStation, Station

_ON, _OFF = 0xFF00, 0x0000
_SIZE, _MASK_SIZE = 5, 7
"""Bytes of a request of one address and one number; of a mask write."""
_MANY_HEAD, _BOTH_HEAD = 6, 10
"""Bytes of a request before what it writes: 15 and 16, 23."""
_BOTH = struct.Struct(">HHHHB")
_TABLES: Mapping[int, Table] = {
    Function.READ_HOLDING: Table.HOLDING,
    Function.READ_INPUT: Table.INPUT,
    Function.READ_COILS: Table.COIL,
    Function.READ_DISCRETES: Table.DISCRETE,
}


def answer(station: Station, pdu: bytes) -> bytes:
    """The answer to a whole PDU. Raises Refused; nothing has then been changed."""
    function = pdu[0]
    work = _WORK.get(function)
    if work is None:
        raise Refused(ExceptionCode.ILLEGAL_FUNCTION)
    return work(station, pdu)


def _read(station: Station, pdu: bytes) -> bytes:
    function, address, count = _range(pdu)
    if not 1 <= count <= MOST_READ:
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    if address + count > ADDRESSES:
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
    registers = station.read(_TABLES[function], address, count)
    return bytes((function, 2 * count)) + registers


def _read_bits(station: Station, pdu: bytes) -> bytes:
    bits = _bits(station)
    function, address, count = _range(pdu)
    _check(address, count, MOST_BITS_READ)
    packed = bits.read_bits(_TABLES[function], address, count)
    return bytes((function, len(packed))) + packed


def _write_one(station: Station, pdu: bytes) -> bytes:
    _, address, _ = _range(pdu)
    station.write(address, pdu[3:])
    return pdu


def _write_coil(station: Station, pdu: bytes) -> bytes:
    bits = _bits(station)
    _, address, state = _range(pdu)
    if state not in (_ON, _OFF):
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    bits.write_bits(address, 1, bytes((state == _ON,)))
    return pdu


def _write_many(station: Station, pdu: bytes) -> bytes:
    address, count, payload = _many(pdu)
    _check(address, count, MOST_WRITTEN, len(payload) == 2 * count)
    station.write(address, payload)
    return pdu[:_SIZE]


def _write_coils(station: Station, pdu: bytes) -> bytes:
    bits = _bits(station)
    address, count, payload = _many(pdu)
    whole = len(payload) == (count + 7) // 8
    _check(address, count, MOST_BITS_WRITTEN, whole)
    bits.write_bits(address, count, payload)
    return pdu[:_SIZE]


def _mask_write(station: Station, pdu: bytes) -> bytes:
    """Bits of `or_mask` where `and_mask` has none; where it has, they stay."""
    if len(pdu) != _MASK_SIZE:
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    address, and_mask, or_mask = struct.unpack_from(">HHH", pdu, 1)
    (before,) = struct.unpack(">H", station.read(Table.HOLDING, address, 1))
    after = before & and_mask | or_mask & ~and_mask
    station.write(address, struct.pack(">H", after))
    return pdu


def _read_write(station: Station, pdu: bytes) -> bytes:
    """Write, then read. The read is tried before: refused, nothing is written."""
    if len(pdu) < _BOTH_HEAD:
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    address, count, write_address, written, size = _BOTH.unpack_from(pdu, 1)
    payload = pdu[_BOTH_HEAD:]
    whole = size == len(payload) == 2 * written
    _check(address, count, MOST_READ)
    _check(write_address, written, MOST_WRITTEN_READING, whole)
    station.read(Table.HOLDING, address, count)
    station.write(write_address, payload)
    registers = station.read(Table.HOLDING, address, count)
    return bytes((pdu[0], 2 * count)) + registers


_WORK: Mapping[int, Callable[[Station, bytes], bytes]] = {
    Function.READ_COILS: _read_bits,
    Function.READ_DISCRETES: _read_bits,
    Function.READ_HOLDING: _read,
    Function.READ_INPUT: _read,
    Function.WRITE_COIL: _write_coil,
    Function.WRITE_ONE: _write_one,
    Function.WRITE_COILS: _write_coils,
    Function.WRITE_MANY: _write_many,
    Function.MASK_WRITE: _mask_write,
    Function.READ_WRITE: _read_write,
}


def _bits(station: Station) -> BitStation:
    if not isinstance(station, BitStation):
        raise Refused(ExceptionCode.ILLEGAL_FUNCTION)
    return station


def _range(pdu: bytes) -> tuple[int, int, int]:
    """Function, address and count of a request that consists of nothing else."""
    if len(pdu) != _SIZE:
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    function, address, count = RANGE.unpack(pdu)
    return function, address, count


def _many(pdu: bytes) -> tuple[int, int, bytes]:
    """Address, count, and as many bytes as the request says it has."""
    payload = pdu[_MANY_HEAD:]
    if len(pdu) < _MANY_HEAD or pdu[_MANY_HEAD - 1] != len(payload):
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    _, address, count = RANGE.unpack_from(pdu)
    return address, count, payload


def _check(address: int, count: int, most: int, whole: bool = True) -> None:  # noqa: FBT001, FBT002
    """The value is checked before the address, as the source has it."""
    if not whole or not 1 <= count <= most:
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    if address + count > ADDRESSES:
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
