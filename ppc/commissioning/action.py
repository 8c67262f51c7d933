"""Actions of a device, step by step: shown, then done."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

from ppc.adapter.action import ExpectStep, Step, Steps, WriteStep
from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec
from ppc.adapter.profile import DeviceProfile
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.commissioning.line import Line, Question
from ppc.commissioning.reading import READ_BY
from ppc.commissioning.subject import Subject
from ppc.communication.driver.base import Function, Table
from ppc.communication.errors import CommunicationError

ASK_AGAIN_S = 0.2


def actions(profile: DeviceProfile) -> dict[str, Steps]:
    """All there are, by name."""
    own = profile.actions
    fixed = {
        "on_connect": own.on_connect,
        "enable": own.enable,
        "release": own.release,
    }
    return {name: steps for name, steps in {**fixed, **own.others}.items() if steps}


def told(step: Step) -> str:
    """A step in words."""
    if step.wait_s is not None:
        return f"wait {step.wait_s:g} s"
    if step.write is not None:
        write = step.write
        return f"write {write.value:g} to {write.table} {write.address}"
    assert step.expect is not None, "a step is one of three"
    expect = step.expect
    among = " or ".join(f"{value:g}" for value in expect.among)
    masked = f" & {expect.mask:X}h" if expect.mask else ""
    within = f" within {expect.within_s:g} s" if expect.within_s else ""
    return f"expect {among} in {expect.table} {expect.address}{masked}{within}"


def write_of(subject: Subject, step: WriteStep) -> Question:
    """The request of a step that writes."""
    codec = _codec(subject.profile, step.address, step.type, step.word_order)
    registers = bytearray(2 * codec.point.size)
    codec.put(registers, step.value)
    if step.table is not Table.HOLDING:
        raise ValueError(f"nothing can be written to the table {step.table}")
    function = Function.WRITE_ONE if step.single else Function.WRITE_MANY
    size = codec.point.size
    return Question(subject.station, function, step.address, size, bytes(registers))


async def performed(line: Line, subject: Subject, steps: Steps) -> AsyncIterator[str]:
    """Do the steps in order; each is told when it is done. Raises ActionFailed."""
    for step in steps:
        if step.wait_s is not None:
            await asyncio.sleep(step.wait_s)
        elif step.write is not None:
            answer = await line.ask(write_of(subject, step.write))
            if answer.trouble:
                raise ActionFailed(f"{told(step)}: {answer.trouble}")
        elif step.expect is not None:
            trouble = await expected(line, subject, step.expect)
            if trouble:
                raise ActionFailed(f"{told(step)}: {trouble}")
        yield told(step)


class ActionFailed(Exception):
    """A step was not taken, or what it expects did not come."""


async def expected(line: Line, subject: Subject, step: ExpectStep) -> str:
    """Ask until it is so; what is wrong in the end, empty: it is so."""
    codec = _codec(subject.profile, step.address, step.type, step.word_order, step.mask)
    asked = Question(
        subject.station, READ_BY[step.table], step.address, codec.point.size
    )
    until_s = monotonic() + step.within_s
    while True:
        reply = (await line.ask(asked)).reply
        if isinstance(reply, CommunicationError):
            trouble = str(reply)
        else:
            raw = codec.raw(reply)
            if raw in step.among:
                return ""
            trouble = f"it holds {raw}"
        if monotonic() >= until_s:
            return trouble
        await asyncio.sleep(ASK_AGAIN_S)


def _codec(
    profile: DeviceProfile,
    address: int,
    kind: RegisterType,
    order: WordOrder | None,
    mask: int | None = None,
) -> PointCodec:
    shift = 0 if mask is not None else None
    point = Point(
        name="step",
        address=address,
        type=kind,
        word_order=order,
        mask=mask,
        shift=shift,
    )
    return PointCodec(point, address, profile.word_order, profile.byte_order)
