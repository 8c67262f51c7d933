"""One number or text in the registers of a device, and what it means."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from math import isfinite
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.adapter.strict import Address, Name, Strict
from ppc.adapter.sunspec.of_model import OfModel
from ppc.communication.driver.base import Table
from ppc.keys import Key

When = Mapping[str, Any]
"""Option of the device (`model`, `firmware`, ...) to the value, the list of values, or
the text ">=1.20" it must agree with."""


Number = int | float
"""A whole number stays whole: 0xFFFFFFFFFFFFFFFF is no float."""


class Base(StrEnum):
    """A rating of the unit, where registers hold parts of it: in plant.yaml."""

    P_MAX_W = "p_max_w"
    P_MIN_W = "p_min_w"
    Q_MAX_VAR = "q_max_var"
    S_MAX_VA = "s_max_va"
    E_MAX_WH = "e_max_wh"


class SignFrom(Strict):
    """Another point tells the sign: the value is turned round where it says so."""

    point: Name
    """Name of the point that tells, in the same block."""
    negative: tuple[int, ...] = ()
    """Its raw values that turn round."""
    mask: int | None = None
    """Or: its bits any one of which turns round."""
    magnitude: bool = False
    """The sign the value itself may have says nothing, and is dropped."""

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if bool(self.negative) == (self.mask is not None):
            raise ValueError("sign_from needs either negative or mask")
        return self


class Point(OfModel):
    """One entry of a maker's table.

    raw: what the registers hold, by `type`, then `mask` and `shift`.
    value = special[raw], else map[raw] where a map is given, else
    (raw * scale / divisor * 10^scale_from + offset) * sign_from * base.
    """

    key: Key | None = None
    """The signal it is, for what control, record and dashboards use."""
    name: Name = ""
    """Its name among people, and for other points to refer to. Left out: the key."""
    unit: str = ""
    """Of a point for people; that of a signal is known by its key."""
    meaning: str = ""
    """What it tells, for people."""

    address: Address | None = None
    """Of its first register, counted from 0 (or from the profile's address_base)."""
    registers: tuple[Address, ...] | None = None
    """Where its registers do not lie side by side, the most significant first."""
    type: RegisterType = RegisterType.U16
    """Form of what the registers hold."""
    length: int | None = Field(default=None, ge=1, le=125)
    """Registers of a text, a version, or hexadecimal digits."""
    word_order: WordOrder | None = None
    """Where it differs from the profile's; `registers` tell it themselves."""
    byte_order: WordOrder | None = None
    """"little": the bytes of each register are swapped."""
    mask: int | None = Field(default=None, ge=1)
    """Bits that count."""
    shift: int | None = Field(default=None, ge=0, le=63)
    """Then shifted right by. Left out: to the lowest bit of the mask."""

    scale: float = 1.0
    """SI value of one raw; negative where the device counts the other way."""
    divisor: float = 1.0
    """For scales that have no short decimal figure."""
    offset: float = 0.0
    """SI value of raw 0."""
    scale_from: Name | None = None
    """Name of the point in the same block that holds the exponent of ten."""
    sign_from: SignFrom | None = None
    """Where the registers hold only a magnitude."""
    times: Name | None = None
    """Name of the point in the same block whose value it is multiplied by: a limit of
    current times the voltage is one of power. Read only."""
    base: Base | None = None
    """The value is a part of this rating of the unit: 1.0 is all of it."""
    absent: Number | tuple[Number, ...] | None = None
    """Raw values by which the device says "I have no such measurement"."""
    special: dict[int, float] | None = None
    """Raw values with a meaning of their own, as SI values: {255: 1.0e+9}."""
    map: dict[int, float] | None = None
    """What single raw values mean, for state words; any other is a failure."""
    default: float | None = None
    """What any other raw value means, where a map is given."""
    words: dict[int, str] | None = None
    """What raw values (or, with `bits`, bit numbers) are called, for people."""
    bits: bool = False
    """The bits are flags of their own: `words` names them by number."""
    valid: tuple[float, float] | None = None
    """Range of credible SI values; outside it the quality is outOfRange."""
    step_max: float | None = Field(default=None, gt=0)
    """Largest credible change from one read to the next."""
    rising: bool = False
    """It never falls (an energy counter), but for a reset to below a tenth."""

    table: Table | None = None
    """Left out: that of its block, else holding."""
    every_s: float | None = Field(default=None, gt=0)
    """Poll period, for points outside blocks. Left out: once in every cycle."""
    readable: bool = True
    """False: the device only lets it be written."""
    write_address: Address | None = None
    """Where it is written, if not where it is read."""
    writable: bool = False
    """Whether `ppc write` may write it."""
    when: When | None = None
    """Only devices whose options agree have it."""

    @model_validator(mode="after")
    def _sane(self) -> Self:
        for entry in ("scale", "divisor"):
            number = getattr(self, entry)
            if number == 0.0 or not isfinite(number):
                raise ValueError(f"{entry} must be a number other than 0")
        if self.valid and not self.valid[0] <= self.valid[1]:
            raise ValueError("valid must be [low, high]")
        if not self.label and not isinstance(self, CommandPoint):
            raise ValueError("a point needs a key or a name")
        if (self.address is None) == (self.registers is None):
            raise ValueError("a point needs one of address, registers, sunspec")
        if self.default is not None and self.map is None:
            raise ValueError("default needs a map")
        if self.key and self.type.is_text:
            raise ValueError(f"{self.key} is a number, {self.type} a text")
        if self.key and not self.readable and not isinstance(self, CommandPoint):
            raise ValueError(f"{self.key} is a signal: it must be readable")
        self._check_size()
        return self

    def _check_size(self) -> None:
        if (self.type.size == 0) != (self.length is not None):
            raise ValueError(f"length is for text, version, hex, not {self.type}")
        if self.registers is not None and len(self.registers) != self.size:
            raise ValueError(f"{self.type} needs {self.size} registers")
        if self.registers is not None and self.word_order is not None:
            raise ValueError("registers are in their order: leave word_order out")
        if (self.mask is not None or self.shift is not None) and not self.type.is_bits:
            raise ValueError(f"mask and shift need plain bits, not {self.type}")
        if self.mask is not None and not self._holds(self.mask + self.type.range[0]):
            raise ValueError(f"mask {self.mask:#x} is wider than {self.type}")
        if self.map is not None and self.type.is_float:
            raise ValueError(f"a map needs a whole number, not {self.type}")
        for entry, raw in self._raws():
            if not self._holds(raw):
                raise ValueError(f"{entry}: no {self.type} is {raw:g}")

    def _raws(self) -> Iterator[tuple[str, float]]:
        """Each raw value that is written out, and in which entry."""
        yield from (("absent", raw) for raw in self.absents)
        for entry in ("map", "special"):
            yield from ((entry, raw) for raw in getattr(self, entry) or ())

    def _holds(self, raw: float) -> bool:
        """Whether the registers can hold `raw`."""
        if self.type.is_text or self.type.is_float:
            return self.type.is_float
        low, high = self.type.range
        return low <= raw <= high and raw == int(raw)

    @property
    def label(self) -> str:
        """Its name, or its key where it has none."""
        return self.name or self.key or ""

    @property
    def size(self) -> int:
        """Registers occupied."""
        return self.length or self.type.size

    @property
    def places(self) -> tuple[int, ...]:
        """Addresses of its registers, the most significant first."""
        if self.registers is not None:
            return self.registers
        assert self.address is not None, "a point has one or the other"
        return tuple(range(self.address, self.address + self.size))

    @property
    def needs(self) -> frozenset[str]:
        """Names of the points it cannot be understood without."""
        sign = self.sign_from.point if self.sign_from else None
        return frozenset(n for n in (self.scale_from, sign, self.times) if n)

    @property
    def absents(self) -> tuple[float, ...]:
        """The raw values of `absent`, as many as there are."""
        given = self.absent
        if given is None:
            return ()
        return given if isinstance(given, tuple) else (given,)


class BySign(Strict):
    """Raw values that tell the direction, where a register takes only that."""

    negative: int
    """Raw value for a set-point below zero."""
    zero: int
    """Raw value for none."""
    positive: int
    """Raw value for a set-point above zero."""


class CommandPoint(Point):
    """A register that takes a set-point, and the value that does no harm."""

    safe: float = 0.0
    """SI value written when the controller stops in order."""
    part: Literal["all", "positive", "negative", "magnitude"] = "all"
    """What of the set-point it takes: "positive" only the part above zero, "negative"
    only the part below, told as it is (turn it round with scale: -1), "magnitude" it
    without its sign, which another point of the group tells (`by_sign`)."""
    by_sign: BySign | None = None
    """It takes the direction of the set-point, by these raw values."""
    limit_pu: tuple[float, float] | None = None
    """Least and greatest part of the `base` that it takes."""
    constant: Number | None = None
    """Raw value always written: what must go along in the same frame."""
    always: float | None = None
    """The same, as an SI value: where the device tells the scale factor."""

    def _raws(self) -> Iterator[tuple[str, float]]:
        yield from super()._raws()
        if self.constant is not None:
            yield "constant", self.constant
        if self.by_sign is not None:
            sign = self.by_sign
            for raw in (sign.negative, sign.zero, sign.positive):
                yield "by_sign", raw

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        given = (self.key, self.constant, self.always)
        if sum(each is not None for each in given) != 1:
            raise ValueError("a register to write needs a key or a constant")
        if self.times:
            raise ValueError("times is for what is read")
        if self.limit_pu and (not self.base or self.limit_pu[0] > self.limit_pu[1]):
            raise ValueError("limit_pu is [low, high] of the base")
        return self


class Sum(Strict):
    """A signal made of several points of one block: key = sum of factor times point."""

    key: Key
    of: dict[Name, float] = Field(min_length=1)
    """Factor of each point."""
    valid: tuple[float, float] | None = None
    when: When | None = None
