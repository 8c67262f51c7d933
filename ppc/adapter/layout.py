"""Where numbers lie in a run of registers: compiled once, then fast."""

import struct
from collections.abc import Sequence
from operator import itemgetter
from typing import Protocol

from ppc.adapter.register_type import RegisterType, WordOrder


class Field(Protocol):
    """A number at an address."""

    @property
    def address(self) -> int: ...

    @property
    def type(self) -> RegisterType: ...

    @property
    def word_order(self) -> WordOrder | None: ...


class Layout:
    """Numbers of several fields in the registers [address, address + count).

    Fields must lie inside and must not overlap, else ValueError. Registers that no
    field covers are skipped when reading and zero when writing. `word_order` holds for
    the fields that have none of their own.
    """

    def __init__(
        self,
        fields: Sequence[Field],
        address: int,
        count: int,
        word_order: WordOrder = "big",
    ) -> None:
        ordered = sorted(range(len(fields)), key=lambda i: fields[i].address)
        code, at, swap = ">", address, list(range(2 * count))
        for i in ordered:
            field = fields[i]
            size = field.type.size
            if not at <= field.address <= address + count - size:
                raise ValueError(
                    f"registers [{field.address}, {field.address + size}) overlap "
                    f"another point or leave [{address}, {address + count})"
                )
            code += "xx" * (field.address - at) + field.type.code
            at = field.address + size
            if (field.word_order or word_order) == "little":
                first = 2 * (field.address - address)
                words = [swap[b : b + 2] for b in range(first, first + 2 * size, 2)]
                swap[first : first + 2 * size] = [b for w in words[::-1] for b in w]
        self._struct = struct.Struct(code + "xx" * (address + count - at))
        self._swap = None if swap == sorted(swap) else itemgetter(*swap)
        self._order = ordered if ordered != sorted(ordered) else None
        self._back = (
            sorted(ordered, key=ordered.__getitem__)
            if self._order is not None
            else None
        )

    def unpack(self, payload: bytes) -> tuple[float, ...]:
        """The raw numbers, in the order the fields were given."""
        if self._swap is not None:
            payload = bytes(self._swap(payload))
        raw = self._struct.unpack(payload)
        return raw if self._back is None else tuple([raw[i] for i in self._back])

    def pack(self, raw: Sequence[float]) -> bytes:
        """The registers that carry `raw`. struct.error: a number does not fit."""
        if self._order is not None:
            raw = [raw[i] for i in self._order]
        payload = self._struct.pack(*raw)
        return payload if self._swap is None else bytes(self._swap(payload))
