"""Actions of a device, step by step: shown, then done."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

from ppc.adapter.action import ExpectStep, Step, Steps, WriteStep
from ppc.adapter.point_codec import PointCodec
from ppc.adapter.profile import DeviceProfile
from ppc.application.requests import payload, registers, writing
from ppc.application.steps import value_codec
from ppc.commissioning.line import Line, Question
from ppc.commissioning.subject import NotThere, Subject
from ppc.communication.driver.base import READ_BY
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
    codec = _codec(subject, step)
    size = step.type.size
    written = bytearray(2 * size)
    codec.put(written, step.value)
    address = subject.place(step, size)
    asked = writing(subject.station, step.table, address, size, single=step.single)
    return Question(
        subject.station,
        asked.function,
        address,
        size,
        payload(asked.function, bytes(written), b""),
    )


async def performed(line: Line, subject: Subject, steps: Steps) -> AsyncIterator[str]:
    """Do the steps in order; each is told when it is done. Raises ActionFailed."""
    for step in steps:
        if step.wait_s is not None:
            await asyncio.sleep(step.wait_s)
        elif step.write is not None:
            try:
                answer = await line.ask(write_of(subject, step.write))
            except NotThere as error:
                raise ActionFailed(f"{told(step)}: {error}") from None
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
    codec, size = _codec(subject, step), step.type.size
    try:
        address = subject.place(step, size)
    except NotThere as error:
        return str(error)
    asked = Question(subject.station, READ_BY[step.table], address, size)
    until_s = monotonic() + step.within_s
    while True:
        reply = (await line.ask(asked)).reply
        if isinstance(reply, CommunicationError):
            trouble = str(reply)
        else:
            raw = codec.raw(registers(step.table, reply, size))
            if raw in step.among:
                return ""
            trouble = f"it holds {raw}"
        if monotonic() >= until_s:
            return trouble
        await asyncio.sleep(ASK_AGAIN_S)


def _codec(subject: Subject, step: WriteStep | ExpectStep) -> PointCodec:
    """How the raw value of a step stands in its registers, counted from the first."""
    profile = subject.profile
    return value_codec(step, profile.word_order, profile.byte_order)
