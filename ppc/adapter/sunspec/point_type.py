"""The types of points that SunSpec knows, and how each says "not implemented".

Source: SunSpec Device Information Model Specification 1.1, table of point types.
"""

from enum import StrEnum

from ppc.adapter.register_type import RegisterType as R


class SunSpecType(StrEnum):
    """Name of a type, as the models write it."""

    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    UINT16 = "uint16"
    UINT32 = "uint32"
    UINT64 = "uint64"
    RAW16 = "raw16"
    COUNT = "count"
    ACC16 = "acc16"
    ACC32 = "acc32"
    ACC64 = "acc64"
    ENUM16 = "enum16"
    ENUM32 = "enum32"
    BITFIELD16 = "bitfield16"
    BITFIELD32 = "bitfield32"
    BITFIELD64 = "bitfield64"
    FLOAT32 = "float32"
    FLOAT64 = "float64"
    SUNSSF = "sunssf"
    """Exponent of ten for other points."""
    STRING = "string"
    IPADDR = "ipaddr"
    IPV6ADDR = "ipv6addr"
    EUI48 = "eui48"
    PAD = "pad"

    @property
    def register_type(self) -> R | None:
        """Its form in registers; None: eight registers, no number of ours."""
        return _FORMS[self]

    @property
    def absent(self) -> int | None:
        """The raw number that says "not implemented"; None: no number says so."""
        form = self.register_type
        if self in _ZERO_IS_ABSENT:
            return 0
        if self in _NEVER_ABSENT or form is None or form.is_float or form.is_text:
            return None
        low, high = form.range
        return int(low) if low else int(high)

    @property
    def is_bits(self) -> bool:
        return self in (self.BITFIELD16, self.BITFIELD32, self.BITFIELD64)


_ZERO_IS_ABSENT = {
    *(SunSpecType.ACC16, SunSpecType.ACC32, SunSpecType.ACC64),
    SunSpecType.IPADDR,
}
_NEVER_ABSENT = {SunSpecType.PAD, SunSpecType.RAW16}
_FORMS: dict[SunSpecType, R | None] = {
    SunSpecType.INT16: R.S16,
    SunSpecType.INT32: R.S32,
    SunSpecType.INT64: R.S64,
    SunSpecType.UINT16: R.U16,
    SunSpecType.UINT32: R.U32,
    SunSpecType.UINT64: R.U64,
    SunSpecType.RAW16: R.U16,
    SunSpecType.COUNT: R.U16,
    SunSpecType.ACC16: R.U16,
    SunSpecType.ACC32: R.U32,
    SunSpecType.ACC64: R.U64,
    SunSpecType.ENUM16: R.U16,
    SunSpecType.ENUM32: R.U32,
    SunSpecType.BITFIELD16: R.U16,
    SunSpecType.BITFIELD32: R.U32,
    SunSpecType.BITFIELD64: R.U64,
    SunSpecType.FLOAT32: R.F32,
    SunSpecType.FLOAT64: R.F64,
    SunSpecType.SUNSSF: R.S16,
    SunSpecType.STRING: R.TEXT,
    SunSpecType.IPADDR: R.U32,
    SunSpecType.IPV6ADDR: None,
    SunSpecType.EUI48: R.U64,
    SunSpecType.PAD: R.U16,
}
