"""The steps of actions, carried out: write, expect, wait."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from ppc.adapter.action import ExpectStep, Steps, WriteStep
from ppc.adapter.form import Raw
from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.adapter.sunspec.chain import FoundModel
from ppc.adapter.sunspec.resolution import Target, why_not, wire_address
from ppc.application.errand import Asking, Later, Pause, Unmet
from ppc.application.requests import payload, reading, registers, writing
from ppc.communication.driver.base import Driver, Priority, Table
from ppc.communication.errors import Refused

_ASK_AGAIN_S = 0.2
"""What is expected within a time is looked for this often."""


class SingleValue(Protocol):
    """One raw value in registers."""

    @property
    def address(self) -> int: ...
    @property
    def table(self) -> Table: ...
    @property
    def type(self) -> RegisterType: ...


@dataclass(slots=True)
class Party:
    """The device at the other end, as far as one must know it to speak to it."""

    driver: Driver
    station: int
    now_s: Callable[[], float]
    later: Later
    byte_order: WordOrder
    word_order: WordOrder
    """As the profile has it, or as the device has told it."""
    models: tuple[FoundModel, ...] = ()
    """The SunSpec models it was found to have."""

    def place(self, target: Target, count: int) -> int:
        """Where `count` registers of the profile begin on the wire. Raises Unmet."""
        address = wire_address(self.models, target, count)
        if address is None:
            raise Unmet(why_not(self.models, target, count))
        return address

    def codec(self, value: SingleValue) -> PointCodec:
        """How a single raw value stands in its registers, counted from its first."""
        return value_codec(value, self.word_order, self.byte_order)

    async def read(
        self,
        table: Table,
        address: int,
        count: int,
        priority: Priority = Priority.SLOW,
    ) -> bytes:
        """Registers, or bits as registers, of the device."""
        exchange = reading(self.station, table, address, count, priority)
        return registers(table, await Asking(exchange), count)

    async def raw(self, value: SingleValue, address: int) -> Raw | None:
        """What stands in the registers of a single value that begins there."""
        size = value.type.size
        held = await self.read(value.table, address, size, Priority.COMMAND)
        return self.codec(value).raw(held)

    async def carry_out(self, steps: Steps) -> None:
        """One step after the other. Raises Unmet, CommunicationError."""
        for step in steps:
            if step.write is not None:
                await self.write(step.write)
            elif step.expect is not None:
                await self.expect(step.expect)
            else:
                await Pause(step.wait_s or 0.0)

    async def write(self, step: WriteStep) -> None:
        size = step.type.size
        address = self.place(step, size)
        exchange = writing(self.station, step.table, address, size, single=step.single)
        written = bytearray(2 * size)
        self.codec(step).put(written, step.value)
        exchange.payload = payload(exchange.function, bytes(written), b"")
        await Asking(exchange)

    async def expect(self, step: ExpectStep) -> None:
        """Ask until it is as expected. Raises Unmet when it never is."""
        until_s = self.now_s() + step.within_s
        address = self.place(step, step.type.size)
        while True:
            try:
                raw = await self.raw(step, address)
                if raw in step.among:
                    return
                trouble: Exception = Unmet(
                    f"{step.table} register {address} is {raw}, not {_any(step)}"
                )
            except Refused as refusal:
                trouble = refusal
            if self.now_s() >= until_s:
                raise trouble
            await Pause(min(_ASK_AGAIN_S, until_s - self.now_s()))

    async def expect_all(self, steps: Iterable[ExpectStep]) -> None:
        for step in steps:
            await self.expect(step)


def value_codec(
    value: SingleValue, word_order: WordOrder, byte_order: WordOrder
) -> PointCodec:
    """How a single raw value stands in its registers, counted from its first."""
    point = Point(
        name="value",
        address=0,
        type=value.type,
        word_order=getattr(value, "word_order", None),
        mask=getattr(value, "mask", None),
    )
    return PointCodec(point, 0, word_order, byte_order)


def _any(step: ExpectStep) -> str:
    return " or ".join(f"{value:g}" for value in step.among)
