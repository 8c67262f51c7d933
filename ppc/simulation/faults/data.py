"""Answers that are well-formed and wrong."""

from math import nan
from typing import Annotated, ClassVar

from pydantic import Field, PrivateAttr

from ppc.communication.driver.base import Table
from ppc.keys import Key
from ppc.simulation.faults.base import Layer, Read, StationFault, Values


class _Data(StationFault):
    layer: ClassVar[Layer] = "data"


class _OfKey(_Data):
    """One signal of the device."""

    key: Key


class Frozen(_Data):
    """Every block shows what it showed when the fault began."""

    reaction: ClassVar[str] = "a meter that stands still moves nothing: Q, P hold"
    _seen: dict[tuple[Table, int, int], bytes] = PrivateAttr(default_factory=dict)

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        place = (table, address, count)
        if place not in self._seen:
            self._seen[place] = ask(table, address, count)
        return self._seen[place]


class AllOnes(_Data):
    """Every register reads 0xFFFF, as many do at night."""

    reaction: ClassVar[str] = "absent or out of range: never a number"

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        return b"\xff" * len(ask(table, address, count))


class Zeros(_Data):
    """Every register reads 0."""

    reaction: ClassVar[str] = "0 is a credible power, but no voltage or frequency"

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        return bytes(len(ask(table, address, count)))


class Garbage(_Data):
    """Registers hold bits of chance."""

    reaction: ClassVar[str] = "what is out of range is no number; limits are kept"
    _seed: int = PrivateAttr(default=1)

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        found = bytearray()
        for _ in ask(table, address, count):
            self._seed = (self._seed * 1103515245 + 12345) % 2**31
            found.append(self._seed >> 16 & 0xFF)
        return bytes(found)


class SwappedWords(_Data):
    """The two words of 32-bit values have changed places: another firmware."""

    reaction: ClassVar[str] = "mostly out of range: never a number"

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        right = ask(table, address, count)
        pairs = [right[i : i + 4] for i in range(0, len(right), 4)]
        return b"".join(pair[2:] + pair[:2] for pair in pairs)


class Torn(_Data):
    """High words are of this moment, low words of the reading before."""

    reaction: ClassVar[str] = "an error of up to 65535 units: limits are kept"
    _last: dict[tuple[Table, int, int], bytes] = PrivateAttr(default_factory=dict)

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        place, now = (table, address, count), ask(table, address, count)
        last, self._last[place] = self._last.get(place, now), now
        return b"".join(
            now[i : i + 2] + last[i + 2 : i + 4] for i in range(0, len(now), 4)
        )


class Shifted(_Data):
    """The map has moved by one register."""

    reaction: ClassVar[str] = "mostly out of range: never a number"

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        right = ask(table, address, count)
        return right[2:] + right[:2]


class Absent(_OfKey):
    """A signal is shown as not available, as the device's map says it."""

    reaction: ClassVar[str] = "unknown: the unit or the loop does without"

    def shown(self, values: Values) -> Values:
        return {k: v for k, v in values.items() if k is not self.key}


class NotANumber(_OfKey):
    """A signal is NaN where the register is a float, not available elsewhere."""

    reaction: ClassVar[str] = "unknown: never a number"

    def shown(self, values: Values) -> Values:
        return {**values, self.key: nan}


class Scaled(_OfKey):
    """A signal is too large by a factor; 0.001: kW for W, -1: turned."""

    reaction: ClassVar[str] = "implausible against the sum of the units"
    factor: float = 0.001

    def shown(self, values: Values) -> Values:
        if self.key not in values:
            return values
        return {**values, self.key: self.factor * values[self.key]}


class Offset(_OfKey):
    """A signal is wrong by an amount in its own unit."""

    reaction: ClassVar[str] = "limits are kept on the truth as well as they can be"
    by: float

    def shown(self, values: Values) -> Values:
        if self.key not in values:
            return values
        return {**values, self.key: values[self.key] + self.by}


class Stuck(_OfKey):
    """One signal stands still."""

    reaction: ClassVar[str] = "limits are kept"
    _value: float | None = PrivateAttr(default=None)

    def shown(self, values: Values) -> Values:
        if self.key not in values:
            return values
        if self._value is None:
            self._value = values[self.key]
        return {**values, self.key: self._value}


class SocWrong(_Data):
    """The state of charge is shown with an error, as before a recalibration."""

    reaction: ClassVar[str] = "the window is kept on the charge that is shown"
    by_pu: Annotated[float, Field(ge=-1, le=1)] = 0.1

    def shown(self, values: Values) -> Values:
        if Key.SOC_PU not in values:
            return values
        told_pu = min(max(values[Key.SOC_PU] + self.by_pu, 0.0), 1.0)
        return {**values, Key.SOC_PU: told_pu}


DATA = (
    Frozen,
    AllOnes,
    Zeros,
    Garbage,
    SwappedWords,
    Torn,
    Shifted,
    Absent,
    NotANumber,
    Scaled,
    Offset,
    Stuck,
    SocWrong,
)
