"""The role that a certificate tells of who shows it.

Source: MODBUS/TCP Security Protocol Specification (MB-TCP-Security-v21), R-21 to R-23:
an extension 1.3.6.1.4.1.50316.802.1 with one UTF8String; without it there is no role.
The encoding is that of X.690 (DER), the place that of RFC 5280, 4.1; both from memory.
"""

from collections.abc import Iterator

_ROLE_OID = bytes.fromhex("2b0601040183890c862201")
_OID, _OCTETS, _UTF8, _EXTENSIONS = 0x06, 0x04, 0x0C, 0xA3
_LONG = 0x80


def role(certificate: bytes) -> str | None:
    """The role in a certificate, in DER; None: there is none, or more than one."""
    try:
        found = [_text(value) for value in _values(certificate)]
    except (ValueError, IndexError):
        return None
    return found[0] or None if len(found) == 1 else None


def _values(certificate: bytes) -> Iterator[bytes]:
    """What the extensions of the role hold."""
    ((_, whole),) = _items(certificate)
    _, to_be_signed = next(_items(whole), (0, b""))
    for tag, wrapped in _items(to_be_signed):
        if tag != _EXTENSIONS:
            continue
        ((_, extensions),) = _items(wrapped)
        for _, extension in _items(extensions):
            parts = list(_items(extension))
            if parts[0] == (_OID, _ROLE_OID) and parts[-1][0] == _OCTETS:
                yield parts[-1][1]


def _text(value: bytes) -> str:
    ((tag, text),) = _items(value)
    if tag != _UTF8:
        raise ValueError("a role is a UTF8String")
    return text.decode()


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags and contents of what stands one after the other in `data`."""
    at = 0
    while at < len(data):
        tag, size = data[at], data[at + 1]
        at += 2
        if size & _LONG:
            first, at = at, at + (size & ~_LONG)
            size = int.from_bytes(data[first:at])
        if at + size > len(data):
            raise ValueError("an item is longer than what holds it")
        yield tag, data[at : at + size]
        at += size
