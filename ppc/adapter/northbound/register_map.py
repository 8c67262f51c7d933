"""The plant as SCADA sees it: our own register map, the YAML, checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, model_validator

from ppc.adapter.layout import Layout
from ppc.adapter.northbound.command_map import CommandMap, CurveMap, SunSpecMap
from ppc.adapter.northbound.published import Published
from ppc.adapter.northbound.set_points import OF_ENABLE, OF_VALIDITY
from ppc.adapter.northbound.unit_map import ITEMS, UnitMap
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.adapter.strict import Address, Strict
from ppc.keys import Key

ORDERS = (
    Key.P_SET_W,
    Key.Q_SET_VAR,
    Key.V_SET_PU,
    Key.P_LIMIT_MAX_W,
    Key.P_LIMIT_MIN_W,
    Key.ENABLE_CODE,
    Key.Q_MODE_CODE,
    Key.PF_SET_PU,
    Key.EXCITATION_CODE,
    Key.RUN_BACK_CODE,
    Key.P_RESERVE_W,
    Key.EMERGENCY_STOP_CODE,
    Key.RESET_CODE,
    Key.BYPASS_CODE,
    Key.F_TEST_HZ,
    Key.V_TEST_PU,
)
"""What an operator may ask of the plant."""

DATED = (Key.P_NEXT_W, Key.P_NEXT_AT_S)
"""A set-point for later: written together, in one request."""

ORDERABLE = (*ORDERS, *DATED, Key.LOCAL_CODE)
"""What a source may be allowed to write; its heartbeat and `withdraw_code` besides."""

GRANTABLE = (*ORDERABLE, Key.CURVES_CODE)
"""What a source may be given the right to, besides what all have."""

WRITABLE = (
    *(*ORDERABLE, Key.HEARTBEAT_IN, Key.WITHDRAW_CODE, Key.SEQUENCE_CODE),
    *OF_ENABLE,
    *OF_VALIDITY,
)


class NorthboundRegister(Strict):
    """One number SCADA can read, and with access rw also write.

    value [SI] = raw * scale.
    """

    key: Key
    address: Address
    """Counted from 0, as on the wire."""
    type: RegisterType
    scale: float = Field(default=1.0, gt=0)
    access: Literal["r", "rw"] = "r"
    word_order: WordOrder | None = None
    """Where it differs from the map's."""
    valid: tuple[float, float] | None = None
    """SI values accepted in a write. Left out: what the connection point allows."""

    @model_validator(mode="after")
    def _writable(self) -> Self:
        if self.access == "rw" and self.key not in WRITABLE:
            raise ValueError(f"{self.key} is ours to say: it cannot be written")
        if self.access == "r" and self.key in WRITABLE:
            raise ValueError(f"{self.key} is SCADA's to say: access must be rw")
        if self.key is Key.P_NEXT_AT_S and self.type is RegisterType.F32:
            raise ValueError("f32 tells Unix times in steps of 128 s: use u32 or f64")
        return self

    @property
    def count(self) -> int:
        """Registers occupied."""
        return self.type.size

    @property
    def end(self) -> int:
        """The first address after it."""
        return self.address + self.count

    @property
    def unit(self) -> str:
        return self.key.unit

    @property
    def meaning(self) -> str:
        return self.key.meaning


class ImageForm(Strict):
    """How values of a unit stand in an image. value [SI] = raw * scale (* rating)."""

    type: Literal[RegisterType.S16, RegisterType.U16, RegisterType.S32]
    scale: float = Field(gt=0)
    of: Literal[Key.P_RATED_W, Key.Q_RATED_VAR, Key.V_RATED_V] | None = None
    """The rating it is a part of."""


class Image(Strict):
    """The registers once more, `address` further on, without floats."""

    name: str
    address: Address
    forms: Mapping[str, ImageForm]
    """By unit, or by key where that differs."""

    def form(self, name: str, unit: str) -> ImageForm:
        """How a value stands there. KeyError: the image does not say."""
        return self.forms[name if name in self.forms else unit]


class NorthboundMap(Strict):
    """The whole map. Both register tables show it alike."""

    version: int = Field(ge=1, le=65535)
    word_order: WordOrder = "big"
    gaps: Literal["zero", "not_available"] = "zero"
    """What registers read that carry nothing: 0, or 0xFFFF."""
    registers: tuple[NorthboundRegister, ...] = Field(min_length=1)
    curves: CurveMap | None = None
    commands: CommandMap | None = None
    units: UnitMap | None = None
    sunspec: SunSpecMap | None = None
    images: tuple[Image, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self.layout()
        keys = [register.key for register in self.registers]
        for key in sorted({k for k in keys if keys.count(k) > 1}):
            raise ValueError(f"{key} stands twice in the map")
        if self.units and self.units.address < self.end:
            raise ValueError(f"units begin before register {self.end}")
        for image in self.images:
            self._check_image(image)
        return self

    def _check_image(self, image: Image) -> None:
        end = self.units.end if self.units else self.end
        if image.address < end:
            raise ValueError(f"image {image.name} begins before register {end}")
        floats = {r.key.value: r.unit for r in self.registers if r.type.is_float}
        for r in self.units.registers if self.units else ():
            if r.type.is_float:
                floats[r.name] = ITEMS[r.name][0]
        for name, unit in floats.items():
            try:
                image.form(name, unit)
            except KeyError:
                raise ValueError(f"image {image.name} has no form for {unit}") from None

    @property
    def end(self) -> int:
        """The first address after the map."""
        return max(r.address + r.count for r in self.registers)

    def layout(self) -> Layout:
        """All registers from address 0. ValueError: two of them overlap."""
        return Layout(self.registers, 0, self.end, self.word_order)

    def published(self) -> list[Published]:
        """The registers themselves, without devices and images, by address."""
        return [
            Published(
                *(r.key.value, r.address, r.type, r.count, r.unit, r.meaning),
                *(r.scale, r.access, r.word_order or self.word_order),
            )
            for r in sorted(self.registers, key=lambda r: r.address)
        ]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a map; raises as `DeviceProfile.load` does."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
