"""Who we are, for those who ask by Modbus: function 43, MEI type 14.

Source: Modbus Application Protocol V1.1b3, 6.21.
"""

from dataclasses import astuple, dataclass
from unicodedata import category, normalize

from ppc.communication.errors import ExceptionCode, Refused

IDENTIFY = 0x2B
"""The function code."""

_MEI = 0x0E
_BASIC, _ONE = 1, 4
"""Codes: 2 is regular, and 3, extended, is answered by what there is of it: regular."""
_LAST_BASIC = 2
"""Vendor, product code and revision; all others are regular."""
_CONFORMITY = 0x82
"""Regular identification, as a stream and one object at a time."""
_SIZE, _HEAD, _MOST_PDU = 4, 7, 253
"""Bytes of a request, of an answer before its objects, and of any PDU."""
_MOST_TEXT = _MOST_PDU - _HEAD - 2
_COMBINING = "M"
"""Unicode categories that begin so are of marks upon the letter before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The objects 0 to 6, in their order. ASCII, at most 244 characters each."""

    vendor_name: str
    product_code: str
    revision: str
    vendor_url: str = ""
    product_name: str = ""
    model_name: str = ""
    user_application_name: str = ""

    def __post_init__(self) -> None:
        for text in astuple(self):
            if not text.isascii() or len(text) > _MOST_TEXT:
                raise ValueError(f"{text[:40]!r} is not 244 characters of ASCII")


def plain(text: str) -> str:
    """As much of a text as an object holds: letters without marks, others as `?`."""
    letters = (
        letter
        for letter in normalize("NFKD", text)
        if not category(letter).startswith(_COMBINING)
    )
    return "".join(letters).encode("ascii", "replace").decode()[:_MOST_TEXT]


def identify(identity: Identity | None, pdu: bytes) -> bytes:
    """The answer to a request of function 43. Raises Refused."""
    if identity is None or pdu[1:2] != bytes((_MEI,)):
        raise Refused(ExceptionCode.ILLEGAL_FUNCTION)
    if len(pdu) != _SIZE or not _BASIC <= pdu[2] <= _ONE:
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    code, first = pdu[2], pdu[3]
    texts = [text.encode() for text in astuple(identity)]
    if code == _ONE:
        if first >= len(texts):
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        return _head(code, 0, 0, 1) + _object(first, texts[first])
    known = texts[: _LAST_BASIC + 1] if code == _BASIC else texts
    if first >= len(known):
        first = 0  # so says the source: as if the first were asked for
    return _stream(code, first, known)


def _stream(code: int, first: int, texts: list[bytes]) -> bytes:
    """As many objects from `first` on as go into one answer, and which is next."""
    objects, number = b"", first
    while number < len(texts):
        more = _object(number, texts[number])
        if _HEAD + len(objects) + len(more) > _MOST_PDU:
            return _head(code, 0xFF, number, number - first) + objects
        objects += more
        number += 1
    return _head(code, 0, 0, number - first) + objects


def _head(code: int, follows: int, following: int, count: int) -> bytes:
    return bytes((IDENTIFY, _MEI, code, _CONFORMITY, follows, following, count))


def _object(number: int, text: bytes) -> bytes:
    return bytes((number, len(text))) + text
