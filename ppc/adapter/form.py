"""The special forms of numbers and texts: bytes to raw, and back.

Bytes come as big-endian registers, the most significant first. What `struct` knows
(`RegisterType.plain`) is not repeated here for blocks of such points only: `layout`.
"""

import struct
from collections.abc import Callable

from ppc.adapter.register_type import RegisterType as T

Raw = float | str
"""A whole number, a float, or a text."""


class NotARaw(ValueError):
    """The bytes are none of this form: a digit above 9 in BCD, a thirteenth month."""


def raw_of(kind: T, data: bytes) -> Raw:
    """What `data` holds. Raises NotARaw."""
    if kind.plain:
        value: float = struct.unpack(">" + kind.code, data)[0]
        return value
    return _READERS[kind](data)


def bytes_of(kind: T, raw: Raw, size: int) -> bytes:
    """`size` registers that hold `raw`, which must be within the range of the form.

    Raises ValueError for a text the registers cannot hold, or a form that is only read.
    """
    if kind.is_text:
        if kind is not T.TEXT:
            raise ValueError(f"{kind} is only read")
        data = str(raw).encode("utf-8")
        if len(data) > 2 * size:
            raise ValueError(f"a text of {len(data)} bytes, {2 * size} are there")
        return data.ljust(2 * size, b"\0")
    if kind.is_float:
        return struct.pack(">" + kind.code, raw)
    return _unsigned(kind, int(raw)).to_bytes(2 * size, "big")


def _unsigned(kind: T, raw: int) -> int:
    """The bits of a whole number, as they stand in its registers."""
    bits = 24 if kind in (T.U24, T.S24) else 16 * kind.size
    if kind in (T.M16, T.M32):
        return (1 << bits - 1) - raw if raw < 0 else raw
    if kind in (T.BCD16, T.BCD32, T.BCD64):
        return int(str(raw), 16)
    if kind in (T.U8_HIGH, T.S8_HIGH):
        return (raw & 0xFF) << 8
    if kind in (T.U8_LOW, T.S8_LOW):
        return raw & 0xFF
    return raw % (1 << bits)


def _whole(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _signed(bits: int) -> Callable[[bytes], int]:
    def read(data: bytes) -> int:
        value = _whole(data) & (1 << bits) - 1
        return value - (1 << bits) if value >> bits - 1 else value

    return read


def _magnitude(data: bytes) -> int:
    value, top = _whole(data), 1 << 8 * len(data) - 1
    return top - value if value & top else value


def _digits(data: bytes) -> int:
    try:
        return int(data.hex())
    except ValueError:
        raise NotARaw(f"{data.hex(' ')} is not BCD") from None


def _text(data: bytes) -> str:
    return data.split(b"\0", 1)[0].decode("utf-8", "replace").strip()


def _date(numbers: tuple[int, ...]) -> str:
    year, month, day, hour, minute, second = numbers
    day_is_one = 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004
    if not day_is_one or hour > 23 or max(minute, second) > 59:  # noqa: PLR2004
        raise NotARaw(f"{numbers} is no date")
    return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"


def _clock(hour: int, minute: int) -> str:
    if hour > 24 or minute > 59:  # noqa: PLR2004
        raise NotARaw(f"{hour}:{minute} is no time of day")
    return f"{hour:02}:{minute:02}"


def _date_bytes(data: bytes) -> str:
    year, *rest = data
    return _date((2000 + year, *rest))


_READERS: dict[T, Callable[[bytes], Raw]] = {
    T.BIT: lambda data: _whole(data) & 1,
    T.U8_HIGH: lambda data: data[0],
    T.U8_LOW: lambda data: data[1],
    T.S8_HIGH: lambda data: _signed(8)(data[:1]),
    T.S8_LOW: lambda data: _signed(8)(data[1:]),
    T.U24: lambda data: _whole(data) & 0xFFFFFF,
    T.S24: _signed(24),
    T.U48: _whole,
    T.S48: _signed(48),
    T.M16: _magnitude,
    T.M32: _magnitude,
    T.BCD16: _digits,
    T.BCD32: _digits,
    T.BCD64: _digits,
    T.TEXT: _text,
    T.VERSION: lambda data: ".".join(str(byte) for byte in data),
    T.HEX: lambda data: data.hex(),
    T.DATE_WORDS: lambda data: _date(struct.unpack(">6H", data)),
    T.DATE_BYTES: _date_bytes,
    T.TIME_BYTES: lambda data: _clock(data[0], data[1]),
    T.TIME_DIGITS: lambda data: _clock(*divmod(_whole(data), 100)),
}
