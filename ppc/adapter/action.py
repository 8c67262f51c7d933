"""What is done to a device besides set-points: steps in order, by name."""

from typing import Self

from pydantic import Field, model_validator

from ppc.adapter.point import Number, When
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.adapter.strict import Address, Name, Strict
from ppc.adapter.sunspec.of_model import OfModel
from ppc.communication.driver.base import Table

WRITABLE = (Table.HOLDING, Table.COIL)
"""Tables that are not only read."""


class Written(OfModel):
    """One raw value that is written."""

    address: Address
    table: Table = Table.HOLDING
    type: RegisterType = RegisterType.U16
    single: bool = False
    """By function 6 (5) instead of 16 (15)."""

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        if self.table not in WRITABLE:
            raise ValueError(f"{self.table} is only read")
        if self.type.is_text:
            raise ValueError(f"{self.type} is only read")
        if self.single and self.type.size != 1:
            raise ValueError(f"{self.type} is more than one register: not single")
        return self


class WriteStep(Written):
    """Write one raw value."""

    word_order: WordOrder | None = None
    value: Number
    """Raw."""


class ExpectStep(OfModel):
    """Read one raw value until it is as expected; else the action has failed."""

    address: Address
    table: Table = Table.HOLDING
    type: RegisterType = RegisterType.U16
    word_order: WordOrder | None = None
    mask: int | None = Field(default=None, ge=1)
    """Bits that count; the raw value is shifted right to the lowest of them."""
    among: tuple[Number, ...] = Field(min_length=1)
    """Raw values, any one of which will do."""
    within_s: float = Field(default=0.0, ge=0)
    """How long it may take; 0: asked once."""


class Step(Strict):
    """One of: write, expect, wait."""

    when: When | None = None
    """Only for devices whose options agree."""
    write: WriteStep | None = None
    """Write one raw value."""
    expect: ExpectStep | None = None
    """Read until it is as expected."""
    wait_s: float | None = Field(default=None, gt=0)
    """Do nothing for so long."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(x is not None for x in (self.write, self.expect, self.wait_s)) != 1:
            raise ValueError("a step is one of write, expect, wait_s")
        return self


Steps = tuple[Step, ...]


class Actions(Strict):
    """Named actions of a model of device."""

    on_connect: Steps = ()
    """After each connecting, before any set-point: log in, unlock."""
    enable: Steps = ()
    """Before the first set-point, and again when the device was lost or `ready` no
    longer holds."""
    ready: tuple[ExpectStep, ...] = ()
    """Held against the device now and then: whether it (still) takes set-points."""
    ready_every_s: float = Field(default=5.0, gt=0)
    """How often `ready` is asked."""
    release: Steps = ()
    """When the controller stops in order, after the safe set-points."""
    others: dict[Name, Steps] = Field(default_factory=dict)
    """By hand, `ppc write DEVICE ACTION`."""


class Heartbeat(Written):
    """A register the controller keeps moving, so that the device knows it is alive."""

    every_s: float = Field(default=1.0, gt=0)
    """How often it moves."""
    values: tuple[int, ...] | None = Field(default=None, min_length=1)
    """Written in turn. Left out: 0 to the most the type holds, one up each time."""
