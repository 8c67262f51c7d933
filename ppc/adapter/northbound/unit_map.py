"""Where each device of the plant stands on the map: a slot of its own, for good."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from ppc.adapter.layout import Layout
from ppc.adapter.northbound.published import Published
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.adapter.strict import Address, Strict
from ppc.datamodel.rating import EquipmentType
from ppc.keys import DeviceState, Key

MOST_SLOTS = 200
TYPES = (EquipmentType.BESS, EquipmentType.PV, EquipmentType.POI, EquipmentType.BMS)
"""`type_code` 1, 2, ..."""
NO_LINK, SILENT, ANSWERS = range(3)

_MEASURED = (
    *(Key.STATE_CODE, Key.P_W, Key.Q_VAR, Key.V_V, Key.F_HZ, Key.SOC_PU),
    *(Key.P_AVAILABLE_W, Key.P_AVAILABLE_MIN_W),
)
ITEMS: Mapping[str, tuple[str, str]] = {
    **{key.value: (key.unit, key.meaning) for key in _MEASURED},
    "state_code": (
        "code",
        "state: " + ", ".join(f"{s.value} {s.name.lower()}" for s in DeviceState),
    ),
    "name": ("", "name in plant.yaml, ASCII, filled up with zero bytes"),
    "slot_count": ("count", "number of the slot"),
    "type_code": (
        "code",
        "kind: " + ", ".join(f"{i} {kind}" for i, kind in enumerate(TYPES, 1)),
    ),
    "in_service_code": ("code", "1: it takes set-points; 0: it does not"),
    "link_code": ("code", "0 no connection, 1 connected but silent, 2 answers"),
    "quality_code": (
        "code",
        "quality of its values: 0 good, 1 old data, 2 out of range, 3 failure",
    ),
    "age_s": ("s", "age of its last answer"),
    "p_sent_w": ("W", "active power it is asked for"),
    "q_sent_var": ("var", "reactive power it is asked for"),
    "s_max_va": ("VA", "its rated apparent power"),
    "p_max_w": ("W", "most active power by construction"),
    "p_min_w": ("W", "least active power by construction; battery: negative"),
    "e_max_wh": ("Wh", "its usable energy"),
}
"""Unit and meaning of what can be told of a device."""


class UnitRegister(Strict):
    """One value of a device, `at` registers after the first of its slot."""

    name: str
    at: int = Field(ge=0)
    type: Literal[
        RegisterType.U16,
        RegisterType.S16,
        RegisterType.U32,
        RegisterType.S32,
        RegisterType.F32,
        RegisterType.TEXT,
    ]
    length: int = Field(default=0, ge=0)
    """Registers of a text."""
    scale: float = Field(default=1.0, gt=0)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.name not in ITEMS:
            raise ValueError(f"{self.name} cannot be told of a device")
        if (self.type is RegisterType.TEXT) != bool(self.length):
            raise ValueError("a text needs a length, and nothing else has one")
        if (self.type is RegisterType.TEXT) != (self.name == "name"):
            raise ValueError("the name is a text, and nothing else is")
        return self

    @property
    def address(self) -> int:
        return self.at

    @property
    def word_order(self) -> WordOrder | None:
        return None

    @property
    def size(self) -> int:
        """Registers occupied."""
        return self.length or self.type.size


class UnitMap(Strict):
    """Slots of equal size, one behind the other, the first being slot 1."""

    address: Address
    size: int = Field(ge=1, le=125)
    slots: int = Field(ge=1, le=MOST_SLOTS)
    registers: tuple[UnitRegister, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [register.name for register in self.registers]
        if len(set(names)) < len(names):
            raise ValueError("a name stands twice")
        self.layout("big")
        return self

    @property
    def end(self) -> int:
        """The first address after the last slot."""
        return self.address + self.slots * self.size

    def layout(self, word_order: WordOrder) -> Layout:
        """The numbers of a slot. ValueError: two of them overlap."""
        texts = (r for r in self.registers if r.type is RegisterType.TEXT)
        taken = {at for r in texts for at in range(r.at, r.at + r.size)}
        numbers = [r for r in self.registers if r.type is not RegisterType.TEXT]
        for r in numbers:
            if taken.intersection(range(r.at, r.at + r.size)):
                raise ValueError(f"{r.name} overlaps a text")
        if max(taken, default=0) >= self.size:
            raise ValueError("a text leaves the slot")
        return Layout(numbers, 0, self.size, word_order)

    def first(self, slot: int) -> int:
        """The first address of a slot."""
        return self.address + (slot - 1) * self.size


def unit_registers(
    units: UnitMap, device: str, slot: int, word_order: WordOrder
) -> list[Published]:
    """What stands in the slot of a device."""
    return [
        Published(
            *(f"{device}.{r.name}", units.first(slot) + r.at, r.type, r.size),
            *(*ITEMS[r.name], r.scale),
            word_order=word_order,
            block="units",
        )
        for r in sorted(units.registers, key=lambda r: r.at)
    ]
