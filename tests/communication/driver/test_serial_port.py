"""A port: for us alone, as it was asked for, and without what came before."""

import asyncio

from pytest import mark, raises

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.serial_port import open_port
from ppc.communication.driver.settings import SerialSettings
from tests.communication.driver.far_ends import Linked, data, far_end, right
from tests.communication.driver.lines import Line

READ = Exchange(1, Function.READ_HOLDING, 7, 4)


@mark.parametrize("wire", ["rtu", "ascii"])
async def test_what_came_before_a_request_is_thrown_away(wire, certificates):
    async with (
        far_end(wire, certificates) as end,
        Linked(end, request_gap_s=0.0) as driver,
    ):
        assert await ask(driver, READ) == data(1, 4)
        old = end.wire.wrap(right(end.requests[0], 99), b"")
        for number in range(2, 12):
            end._write(old)  # it lies in the port, and nobody has read it
            assert await ask(driver, READ) == data(number, 4)


def settings(device, **changes):
    return SerialSettings(device=device, **({"parity": "N"} | changes))


async def test_a_port_is_ours_alone():
    with Line() as line:
        port = await open_port(settings(line.ends[0]), 8)
        with raises(OSError, match=r"cannot be opened: .*exclusively lock"):
            await open_port(settings(line.ends[0]), 8)
        port.close()
        (await open_port(settings(line.ends[0]), 8)).close()


@mark.parametrize(
    ("wrong", "bits"), [({"parity": "E"}, 8), ({"parity": "O"}, 8), ({}, 7)]
)
async def test_a_port_that_does_not_do_as_it_is_told_is_not_used(wrong, bits):
    with Line() as line:
        for _ in range(2):  # the first time a terminal does not say so itself
            with raises(OSError, match=f"19200 baud, {bits} bits"):
                await open_port(settings(line.ends[0], **wrong), bits)


async def test_a_port_that_is_not_there_is_said():
    with raises(OSError, match=r"cannot be opened: .*No such file"):
        await open_port(settings("/dev/nowhere"), 8)


async def test_a_port_that_is_opened_for_nobody_any_more_is_closed():
    with Line() as line:
        task = asyncio.ensure_future(open_port(settings(line.ends[0]), 8))
        await asyncio.sleep(0)
        task.cancel()
        with raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.1)
        (await open_port(settings(line.ends[0]), 8)).close()
