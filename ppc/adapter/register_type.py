"""How a number or a text is written in registers."""

from enum import StrEnum
from typing import Literal

WordOrder = Literal["big", "little"]
"""Of what is wider than a register: "big" most significant word first."""


class RegisterType(StrEnum):
    """Name of a form. Those with a letter in `struct` are plain, the others special."""

    U16 = "u16"
    S16 = "s16"
    U32 = "u32"
    S32 = "s32"
    U64 = "u64"
    S64 = "s64"
    """Whole numbers: u has no sign, s is two's complement."""
    F32 = "f32"
    F64 = "f64"
    """IEEE 754."""

    BIT = "bit"
    """A coil or a discrete input."""
    U8_HIGH = "u8_high"
    U8_LOW = "u8_low"
    S8_HIGH = "s8_high"
    S8_LOW = "s8_low"
    """One byte of a register, the upper or the lower."""
    U24 = "u24"
    S24 = "s24"
    U48 = "u48"
    S48 = "s48"
    """24 and 48 bits: right-aligned in two and three registers."""
    M16 = "m16"
    M32 = "m32"
    """Sign and magnitude: the first bit is the sign, not two's complement."""
    BCD16 = "bcd16"
    BCD32 = "bcd32"
    BCD64 = "bcd64"
    """Four decimal digits a register."""

    TEXT = "text"
    """Characters, two a register, `length` registers; ends at the first zero byte."""
    VERSION = "version"
    """Bytes as numbers, told with points between: "1.2.10.3"."""
    HEX = "hex"
    """Bytes as pairs of hexadecimal digits: "00a0de01"."""
    DATE_WORDS = "date_words"
    """Six registers: year, month, day, hour, minute, second."""
    DATE_BYTES = "date_bytes"
    """Three registers, six bytes: year since 2000, month, day, hour, minute, second."""
    TIME_BYTES = "time_bytes"
    """One register: hour, minute."""
    TIME_DIGITS = "time_digits"
    """One register: hour times 100 plus minute."""

    @property
    def size(self) -> int:
        """Registers occupied; 0 where the point's `length` tells."""
        return _SIZES[self]

    @property
    def plain(self) -> bool:
        """Whether the module `struct` knows it."""
        return self in _CODES

    @property
    def code(self) -> str:
        """Its letter in the `struct` module."""
        return _CODES[self]

    @property
    def is_float(self) -> bool:
        return self in (self.F32, self.F64)

    @property
    def is_bits(self) -> bool:
        """Whether the number is its bits, so that some of them are a number too."""
        return self in _BITS or self in _SIGNED_BITS

    @property
    def is_text(self) -> bool:
        """Whether it is told as text: such a point is for people, not for control."""
        return self in _TEXTS

    @property
    def range(self) -> tuple[float, float]:
        """Least and greatest number it can hold."""
        return _RANGES[self]


_CODES = {
    RegisterType.U16: "H",
    RegisterType.S16: "h",
    RegisterType.U32: "I",
    RegisterType.S32: "i",
    RegisterType.U64: "Q",
    RegisterType.S64: "q",
    RegisterType.F32: "f",
    RegisterType.F64: "d",
}
_TEXTS = (
    RegisterType.TEXT,
    RegisterType.VERSION,
    RegisterType.HEX,
    RegisterType.DATE_WORDS,
    RegisterType.DATE_BYTES,
    RegisterType.TIME_BYTES,
    RegisterType.TIME_DIGITS,
)
_BITS = {
    RegisterType.BIT: 1,
    RegisterType.U8_HIGH: 8,
    RegisterType.U8_LOW: 8,
    RegisterType.U16: 16,
    RegisterType.U24: 24,
    RegisterType.U32: 32,
    RegisterType.U48: 48,
    RegisterType.U64: 64,
}
_SIGNED_BITS = {
    RegisterType.S8_HIGH: 8,
    RegisterType.S8_LOW: 8,
    RegisterType.S16: 16,
    RegisterType.S24: 24,
    RegisterType.S32: 32,
    RegisterType.S48: 48,
    RegisterType.S64: 64,
}
_MAGNITUDE_BITS = {RegisterType.M16: 15, RegisterType.M32: 31}
_DIGITS = {RegisterType.BCD16: 4, RegisterType.BCD32: 8, RegisterType.BCD64: 16}
_RANGES: dict[RegisterType, tuple[float, float]] = {
    **{kind: (0, 2**bits - 1) for kind, bits in _BITS.items()},
    **{k: (-(2 ** (b - 1)), 2 ** (b - 1) - 1) for k, b in _SIGNED_BITS.items()},
    **{k: (-(2**b - 1), 2**b - 1) for k, b in _MAGNITUDE_BITS.items()},
    **{kind: (0, 10**digits - 1) for kind, digits in _DIGITS.items()},
    RegisterType.F32: (-3.4028234663852886e38, 3.4028234663852886e38),
    RegisterType.F64: (-1.7976931348623157e308, 1.7976931348623157e308),
}
_SIZES = {
    **{kind: -(-bits // 16) for kind, bits in (_BITS | _SIGNED_BITS).items()},
    **{kind: digits // 4 for kind, digits in _DIGITS.items()},
    RegisterType.M16: 1,
    RegisterType.M32: 2,
    RegisterType.F32: 2,
    RegisterType.F64: 4,
    RegisterType.TEXT: 0,
    RegisterType.VERSION: 0,
    RegisterType.HEX: 0,
    RegisterType.DATE_WORDS: 6,
    RegisterType.DATE_BYTES: 3,
    RegisterType.TIME_BYTES: 1,
    RegisterType.TIME_DIGITS: 1,
}
