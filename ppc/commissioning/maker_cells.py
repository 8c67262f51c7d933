"""What makers write in the cells of their tables: addresses, types, factors, units."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ppc.adapter.register_type import RegisterType as T
from ppc.commissioning.maker_table import plain

_TYPES: Mapping[str, T] = {
    **dict.fromkeys(("u16", "uint16", "uint", "word", "ushort", "unsigned16"), T.U16),
    **dict.fromkeys(
        ("uint 16", "unsigned 16", "unsigned int", "unsigned", "u 16"), T.U16
    ),
    **dict.fromkeys(
        ("bitfield16", "enum16", "enum", "bool", "boolean", "raw16"), T.U16
    ),
    **dict.fromkeys(
        ("bitfield", "bitfield 16", "unsigned short", "usint", "hex"), T.U16
    ),
    **dict.fromkeys(
        ("unsigned integer", "unsigned int16", "unsigned int 16", "uint16 t", "count"),
        T.U16,
    ),
    **dict.fromkeys(("s16", "i16", "int16", "int", "sint16", "short", "sunssf"), T.S16),
    **dict.fromkeys(
        ("signed 16", "signed16", "signed int", "integer", "int 16"), T.S16
    ),
    **dict.fromkeys(
        ("signed short", "signed integer", "signed int16", "int16 t"), T.S16
    ),
    **dict.fromkeys(("u32", "uint32", "udint", "dword", "ulong", "unsigned32"), T.U32),
    **dict.fromkeys(("unsigned 32", "acc32", "bitfield32", "enum32", "uint 32"), T.U32),
    **dict.fromkeys(("unsigned long", "unsigned int32", "ulint32", "uint32 t"), T.U32),
    **dict.fromkeys(
        ("s32", "i32", "int32", "dint", "sint32", "long", "signed32"), T.S32
    ),
    **dict.fromkeys(
        ("signed 32", "signed long", "signed int32", "int 32", "int32 t"), T.S32
    ),
    **dict.fromkeys(
        ("u64", "uint64", "acc64", "ulint", "unsigned 64", "uint 64"), T.U64
    ),
    **dict.fromkeys(("s64", "i64", "int64", "lint", "signed 64", "int 64"), T.S64),
    **dict.fromkeys(("f32", "float", "float32", "real", "single", "ieee754"), T.F32),
    **dict.fromkeys(
        ("ieee 754", "float 32", "floating point", "flt32", "real32"), T.F32
    ),
    **dict.fromkeys(("f64", "double", "float64", "lreal", "float 64", "real64"), T.F64),
    **dict.fromkeys(
        ("string", "str", "ascii", "text", "char", "chars", "utf8"), T.TEXT
    ),
    **dict.fromkeys(("utf 8", "zeichenkette", "mlt", "octet string"), T.TEXT),
    **dict.fromkeys(("u24", "uint24"), T.U24),
    **dict.fromkeys(("u48", "uint48"), T.U48),
    **dict.fromkeys(("bcd", "bcd16"), T.BCD16),
    **dict.fromkeys(("bcd32",), T.BCD32),
}
_BY_LENGTH: Mapping[tuple[T, int], T] = {
    (T.U16, 2): T.U32,
    (T.U16, 4): T.U64,
    (T.S16, 2): T.S32,
    (T.S16, 4): T.S64,
    (T.F32, 4): T.F64,
    (T.BCD16, 2): T.BCD32,
    (T.BCD16, 4): T.BCD64,
}
_UNITS: Mapping[str, tuple[str, float]] = {
    **{f"{p}{u}": (u, x) for u in ("W", "V", "A", "Wh", "Hz") for p, x in (
        ("", 1.0), ("k", 1e3), ("M", 1e6), ("m", 1e-3),
    )},
    **{f"{p}{u}": ("var", x) for u in ("var", "VAr", "VAR", "Var") for p, x in (
        ("", 1.0), ("k", 1e3), ("M", 1e6), ("K", 1e3),
    )},
    **{f"{p}VA": ("VA", x) for p, x in (("", 1.0), ("k", 1e3), ("M", 1e6))},
    "GWh": ("Wh", 1e9), "KW": ("W", 1e3), "KWh": ("Wh", 1e3), "kwh": ("Wh", 1e3),
    "%": ("pu", 0.01), "Volt": ("V", 1.0), "Watt": ("W", 1.0), "kWH": ("Wh", 1e3),
    "Ampere": ("A", 1.0), "kw": ("W", 1e3), "hz": ("Hz", 1.0), "HZ": ("Hz", 1.0),
    "w": ("W", 1.0), "v": ("V", 1.0), "a": ("A", 1.0), "wh": ("Wh", 1.0),
}  # fmt: skip
_SIGNS = str.maketrans({"\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00d7": "x"})
"""Dashes, minus and times as typesetters write them."""
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")


class Unreadable(ValueError):
    """A cell that nobody here understands."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row says its registers are: as written, not yet counted from 0."""

    first: int
    last: int | None = None
    table: str = ""


def place_of(text: str, *, hexadecimal: bool) -> Place:
    """Of "40001", "0x1000", "1000h", "40001-40002", "4:0021". Raises Unreadable."""
    table = ""
    text = text.translate(_SIGNS).strip().replace("_", "").replace("'", "")
    if colon := re.fullmatch(r"([34])[:x](\d+)", text, re.IGNORECASE):
        digit, text = colon.groups()
        table = "input" if digit == "3" else "holding"
    parts = re.split(r"\s*(?:-|\.\.+|~|to|bis|/)\s*", text)
    numbers = [_address(part, hexadecimal=hexadecimal) for part in parts if part]
    if not numbers:
        raise Unreadable(f"{text}: no address")
    last = numbers[1] if len(numbers) > 1 and numbers[1] >= numbers[0] else None
    return Place(numbers[0], last, table)


def _address(text: str, *, hexadecimal: bool) -> int:
    cleaned = re.sub(r"\(.*?\)|dec|hex", "", text.strip(), flags=re.IGNORECASE).strip()
    if marked := re.fullmatch(r"(?:0x|&h|\$|#|16#)([0-9a-f]+)", cleaned, re.IGNORECASE):
        return int(marked[1], 16)
    if marked := re.fullmatch(r"([0-9a-f]+)h(?:ex)?", cleaned, re.IGNORECASE):
        return int(marked[1], 16)
    if hexadecimal and re.fullmatch(r"[0-9a-fA-F]+", cleaned):
        return int(cleaned, 16)
    if re.fullmatch(r"\d+(?:\.0+)?", cleaned):
        return int(float(cleaned))
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})", cleaned):
        return int(re.sub(r"[.,]", "", cleaned))
    raise Unreadable(f"{text}: no address")


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is written in registers."""

    type: T
    length: int | None = None
    little: bool = False
    bits: bool = False


def form_of(text: str, registers: int | None) -> Form:
    """Of "UINT16", "Float 32 (CDAB)", "STRING[16]". Raises Unreadable."""
    said = plain(text)
    little = bool(re.search(r"\b(cdab|le|little|swapped|low word first|lsw)\b", said))
    said = re.sub(
        r"\b(cdab|abcd|be|le|big|little|endian|swapped|msb|lsb|msw|lsw|first|bit|bits)\b",
        "",
        said,
    )
    said = " ".join(said.split())
    kind = _TYPES.get(said) or _TYPES.get(said.replace(" ", ""))
    digits = re.fullmatch(r"([a-z]+(?: [a-z]+)?) ?(\d+)(?: bytes?| chars?)?", said)
    if kind is None and digits and _TYPES.get(digits[1]) is T.TEXT:
        characters = int(digits[2])
        length = registers or max((characters + 1) // 2, 1)
        return Form(T.TEXT, length)
    if kind is None and not said:
        kind = T.U16
    if kind is None:
        raise Unreadable(f"{text}: a type nobody here knows")
    if kind is T.TEXT:
        if registers is None:
            raise Unreadable(f"{text}: how many registers is not said")
        return Form(T.TEXT, registers)
    if registers and registers != kind.size:
        kind = _BY_LENGTH.get((kind, registers), kind)
    if registers and registers != kind.size:
        raise Unreadable(f"{text} in {registers} registers: one of them is wrong")
    return Form(kind, None, little, "bitfield" in said)


def number_of(text: str) -> float | None:
    """Of "0.1", "0,1", "x0.1", "1/10", "10^-2", "/10"; None: there is none.

    Raises Unreadable.
    """
    text = text.translate(_SIGNS).strip().replace(" ", "").lower()
    if text in ("", "-", "n/a", "na", "none", "/", "1:1"):
        return None
    if power := re.fullmatch(r"[x*]?10(?:\^|\*\*)\(?([-+]?\d+)\)?", text):
        return float(10.0 ** int(power[1]))
    if part := re.fullmatch(r"[x*]?(\d+(?:[.,]\d+)?)?[/:](\d+(?:[.,]\d+)?)", text):
        above, below = part.groups()
        return float((above or "1").replace(",", ".")) / float(below.replace(",", "."))
    text = text.lstrip("x*")
    found = _NUMBER.match(text)
    if not found or float(found[0].replace(",", ".")) == 0.0:
        raise Unreadable(f"{text}: no factor")
    return float(found[0].replace(",", "."))


def unit_of(text: str) -> tuple[str, float]:
    """The SI unit, and how many of it one of these is: "0.1 kW" is W and 100."""
    cleaned = text.strip().strip("[]()").strip()
    factor = 1.0
    found = re.match(r"(\d+(?:[.,]\d+)?)\s*[*x]?\s*(?=[A-Za-z%°])", cleaned)
    if found:
        factor = float(found[1].replace(",", "."))
        cleaned = cleaned[found.end() :]
    if cleaned.lower() in ("", "-", "n/a", "na", "none", "1", "--"):
        return "", factor
    unit, si = _UNITS.get(cleaned, (cleaned, 1.0))
    return unit, factor * si


def words_of(text: str) -> dict[int, str]:
    """Names of values in a comment: "0: off, 1: on" or "0=off;1=on"."""
    pairs = re.findall(
        r"(?:^|[\s,;(/|])(\d{1,5}|0x[0-9a-fA-F]+)\s*[:=-]\s*([A-Za-zÄÖÜäöü][^,;|\n\d:=]*)",
        text.translate(_SIGNS),
    )
    found = {int(raw, 0): word.strip(" .()/") for raw, word in pairs if word.strip()}
    return found if len(found) > 1 else {}
