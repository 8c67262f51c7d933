"""The register map of one model of device: the YAML, checked."""

from math import isfinite
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ppc.adapter.layout import Layout, RegisterType, WordOrder
from ppc.communication.driver.base import Table
from ppc.datamodel.rating import EquipmentType
from ppc.keys import Key

Address = Annotated[int, Field(ge=0, le=65535)]


class Strict(BaseModel):
    """A part of a configuration file: frozen, and a misspelt name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Point(Strict):
    """One number in the registers, and how it becomes an SI value.

    value = raw * scale + offset, or map[raw] where a map is given.
    """

    key: Key
    address: Address
    """Counted from 0, as on the wire."""
    type: RegisterType
    scale: float = 1.0
    offset: float = 0.0
    absent: float | None = None
    """Raw value by which the device says "I have no such measurement"."""
    valid: tuple[float, float] | None = None
    """Range of credible SI values; outside it the quality is outOfRange."""
    map: dict[int, float] | None = None
    """What single raw values mean, for state words; any other is a failure."""
    word_order: WordOrder | None = None
    """Where it differs from the profile's."""

    @model_validator(mode="after")
    def _sane(self) -> Self:
        if self.scale == 0.0 or not isfinite(self.scale):
            raise ValueError("scale must be a number other than 0")
        if self.valid and not self.valid[0] <= self.valid[1]:
            raise ValueError("valid must be [low, high]")
        return self


class CommandPoint(Point):
    """A register that takes a set-point, and the one that does no harm."""

    safe: float = 0.0
    """SI value written when the controller stops in order."""


class _Registers(Strict):
    """A run of registers moved in one request."""

    address: Address
    count: int = Field(ge=1, le=125)

    @model_validator(mode="after")
    def _points_fit(self) -> Self:
        points: tuple[Point, ...] = getattr(self, "points", ())
        Layout(points, self.address, self.count)
        keys = [point.key for point in points]
        for key in {k for k in keys if keys.count(k) > 1}:
            raise ValueError(f"{key} stands twice in one block")
        return self


class Block(_Registers):
    """One read request: registers that are fetched together."""

    table: Table = Table.HOLDING
    every_s: float | None = Field(default=None, gt=0)
    """Poll period. Left out: once in every control cycle."""
    life_s: float | None = Field(default=None, gt=0)
    """How long its values may be believed. Left out: three poll periods."""
    points: tuple[Point, ...] = Field(min_length=1)


class CommandBlock(_Registers):
    """One write request: all set-points of the device, together."""

    count: int = Field(ge=1, le=123)
    points: tuple[CommandPoint, ...] = Field(min_length=1)
    refresh_s: float | None = Field(default=None, gt=0)
    """Write an unchanged set-point again after this time. Left out: every cycle."""
    watchdog_s: float | None = Field(default=None, gt=0)
    """Time after which the device itself drops a set-point that is not renewed."""

    @model_validator(mode="after")
    def _refreshed_in_time(self) -> Self:
        if self.refresh_s and self.watchdog_s and self.refresh_s >= self.watchdog_s:
            raise ValueError("refresh_s must be shorter than watchdog_s")
        return self


class DeviceProfile(Strict):
    """Register map of one model of device."""

    source: str
    """The maker's document, its revision and its table: where the map was read."""
    type: EquipmentType
    """The part a device of this model can play."""
    word_order: WordOrder = "big"
    """Of numbers wider than a register: "big" most significant word first."""
    blocks: tuple[Block, ...] = Field(min_length=1)
    commands: CommandBlock | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        keys = [point.key for block in self.blocks for point in block.points]
        for key in sorted({k for k in keys if keys.count(k) > 1}):
            raise ValueError(f"{key} is read in two places")
        needed = NEEDED[self.type]
        if missing := [key.value for key in needed if key not in keys]:
            raise ValueError(f"a {self.type} must measure {', '.join(missing)}")
        if self.type is not EquipmentType.POI:
            taken = {p.key for p in self.commands.points} if self.commands else set()
            if taken != {Key.P_SET_W, Key.Q_SET_VAR}:
                raise ValueError("commands must hold p_set_w and q_set_var, no others")
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a profile.

        Raises:
            OSError, yaml.YAMLError: the file cannot be read.
            pydantic.ValidationError: an entry is wrong; it says which, and why.
        """
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


NEEDED: dict[EquipmentType, tuple[Key, ...]] = {
    EquipmentType.POI: (Key.V_V, Key.F_HZ, Key.P_W, Key.Q_VAR),
    EquipmentType.BESS: (
        Key.P_W,
        Key.Q_VAR,
        Key.SOC_PU,
        Key.P_AVAILABLE_W,
        Key.P_AVAILABLE_MIN_W,
    ),
    EquipmentType.PV: (Key.P_W, Key.Q_VAR, Key.P_AVAILABLE_W),
}
"""What control cannot do without, by type of equipment."""
