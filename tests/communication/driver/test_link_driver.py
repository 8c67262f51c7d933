"""What every driver makes of devices that do not behave: an error, never data."""

import asyncio
import time

import pytest

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.errors import (
    BadReply,
    CommunicationError,
    NoReply,
    NotConnected,
    Refused,
)
from tests.communication.driver.far_ends import (
    TIMEOUT_S,
    WIRES,
    Linked,
    connected,
    data,
    far_end,
    silent,
)


def read(count=4, station=1, **changes):
    return Exchange(station, Function.READ_HOLDING, 7, count, **changes)


def sends(change):
    """Answers with what `change` makes of the right content."""

    async def behave(call):
        call.send(bytes(change(bytearray(call.right()))))

    return behave


def writes(change):
    """Answers with what `change` makes of the right frame."""

    async def behave(call):
        call.write(change(call.wrap(call.right())))

    return behave


def patched(at, value):
    def change(content):
        content[at] = value
        return content

    return sends(change)


def refuses(code):
    return sends(lambda content: bytes((content[0], content[1] | 0x80, code)))


def drips(pause_s):
    async def behave(call):
        for byte in call.wrap(call.right()):
            call.write(bytes((byte,)))
            await asyncio.sleep(pause_s)

    return behave


async def late(call):
    await asyncio.sleep(1.3 * TIMEOUT_S)
    call.send(call.right())


async def hangs_up(call):
    call.write(call.wrap(call.right())[:4])
    await asyncio.sleep(0.01)
    call.hang_up()


def more_registers(content):
    return content[:2] + bytes((10,)) + content[3:] + b"\0\0"


def fewer_registers(content):
    return content[:2] + bytes((6,)) + content[3:-2]


FAULTS = {
    "silence": (silent, NoReply),
    "late": (late, NoReply),
    "the last byte is missing": (writes(lambda frame: frame[:-1]), NoReply),
    "only the first byte": (writes(lambda frame: frame[:1]), NoReply),
    "a byte at a time, too slow": (drips(TIMEOUT_S / 8), NoReply),
    "one register too few": (sends(fewer_registers), BadReply),
    "one register too many": (sends(more_registers), BadReply),
    "byte count too small": (patched(2, 6), BadReply),
    "byte count too large": (patched(2, 10), BadReply),
    "wrong unit": (patched(0, 9), BadReply),
    "wrong function": (patched(1, 4), BadReply),
    "exception of another function": (sends(lambda _: b"\1\x84\2"), BadReply),
    "exception of another unit": (sends(lambda _: b"\x09\x83\2"), BadReply),
    "exception without a code": (sends(lambda _: b"\1\x83"), (BadReply, NoReply)),
    "garbage before the frame": (writes(lambda frame: b"\0\xff\0" + frame), BadReply),
    "garbage": (writes(lambda _: b":" + bytes(range(200, 230))), (BadReply, NoReply)),
    **{
        f"exception {code:#04x}": (refuses(code), Refused)
        for code in (1, 2, 3, 4, 5, 6, 8, 0x0A, 0x0B, 0x77)
    },
}  # fmt: skip


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("behave", "error"), FAULTS.values(), ids=FAULTS)
async def test_what_is_not_the_answer_is_an_error_and_the_next_one_is_right(
    wire, behave, error, certificates
):
    async with far_end(wire, certificates, behave) as end, Linked(end) as driver:
        with pytest.raises(error):
            await ask(driver, read())
        await recovers(end, driver)


async def recovers(end, driver, count=4):
    """It answers again, and whatever it answers is what the end said just now."""
    async with asyncio.timeout(5):
        while True:
            try:
                answer = await ask(driver, read(count))
            except CommunicationError:
                await asyncio.sleep(0.005)
                continue
            assert answer == data(len(end.requests), count)
            return


@pytest.mark.parametrize("wire", ["rtu", "ascii", "rtu_tcp"])
@pytest.mark.parametrize("at", [1, 5, -4, -3, -1])
async def test_a_flipped_bit_is_an_error(wire, at, certificates):
    def flip(frame):
        frame = bytearray(frame)
        frame[at] ^= 0x01
        return frame

    async with (
        far_end(wire, certificates, writes(flip)) as end,
        Linked(end) as driver,
    ):
        with pytest.raises((BadReply, NoReply)):
            await ask(driver, read())
        await recovers(end, driver)


@pytest.mark.parametrize("wire", ["rtu", "ascii", "rtu_tcp"])
async def test_bytes_after_the_answer_of_a_line_are_an_error(wire, certificates):
    trailing = writes(lambda frame: frame + b"\1\3")
    async with far_end(wire, certificates, trailing) as end, Linked(end) as driver:
        with pytest.raises(BadReply):
            await ask(driver, read())
        await recovers(end, driver)


@pytest.mark.parametrize("wire", ["tcp", "tls"])
async def test_bytes_after_the_answer_spoil_the_stream_and_no_value(wire, certificates):
    trailing = writes(lambda frame: frame + b"\1\3")
    async with far_end(wire, certificates, trailing) as end, Linked(end) as driver:
        assert await ask(driver, read()) == data(1, 4)
        with pytest.raises(BadReply):
            await ask(driver, read())
        await recovers(end, driver)


@pytest.mark.parametrize("wire", WIRES)
async def test_an_answer_in_pieces_is_one_answer(wire, certificates):
    async with (
        far_end(wire, certificates, drips(0.0005)) as end,
        Linked(end, timeout_s=2.0) as driver,
    ):
        assert await ask(driver, read()) == data(1, 4)
        assert driver.counters.connects == 1


WRITES = {
    "coil": Exchange(1, Function.WRITE_COIL, 7, 1, payload=b"\xff\0"),
    "one": Exchange(1, Function.WRITE_ONE, 7, 1, payload=b"\1\2"),
    "coils": Exchange(1, Function.WRITE_COILS, 7, 10, payload=b"\x55\1"),
    "many": Exchange(1, Function.WRITE_MANY, 7, 2, payload=b"\1\2\3\4"),
    "mask": Exchange(1, Function.MASK_WRITE, 7, 1, payload=b"\0\xf2\0\x25"),
}


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("kind", WRITES)
async def test_a_write_is_done_when_its_echo_is_right(wire, kind, certificates):
    write = WRITES[kind]
    last = 7 if kind == "mask" else 5
    wrong = [patched(at, 0xA5) for at in range(2, last + 1)]
    async with far_end(wire, certificates) as end, Linked(end) as driver:
        assert await ask(driver, write) == b""
        for behave in wrong:
            end.script.append(behave)
            with pytest.raises(BadReply):
                await ask(driver, write)
            await recovers(end, driver)


@pytest.mark.parametrize("wire", WIRES)
async def test_every_read_gives_what_the_wire_carries(wire, certificates):
    async with far_end(wire, certificates) as end, Linked(end) as driver:
        coils = Exchange(1, Function.READ_COILS, 0, 2000)
        assert await ask(driver, coils) == bytes((1 + i) % 256 for i in range(250))
        bits = Exchange(1, Function.READ_DISCRETES, 9, 3)
        assert await ask(driver, bits) == b"\2"
        assert await ask(driver, read(125)) == data(3, 125)
        both = Exchange(
            1, Function.READ_WRITE, 3, 6, payload=b"\0\xff\0\xff", write_address=14
        )
        assert await ask(driver, both) == data(4, 6)
        assert end.requests[3] == bytes.fromhex("01 17 0003 0006 000e 0002 04 00ff00ff")


@pytest.mark.parametrize("wire", WIRES)
async def test_a_connection_that_is_only_half_there_is_made_anew(wire, certificates):
    async with far_end(wire, certificates, *[silent] * 2) as end, Linked(end) as driver:
        for _ in range(2):
            with pytest.raises(NoReply):
                await ask(driver, read())
        before = driver.counters.connects
        await connected(driver)
        await recovers(end, driver)
        assert driver.counters.connects == before + 1


@pytest.mark.parametrize("wire", ["tcp", "tls", "rtu_tcp"])
async def test_who_hangs_up_in_the_middle_is_not_connected(wire, certificates):
    async with far_end(wire, certificates, hangs_up) as end, Linked(end) as driver:
        with pytest.raises((NotConnected, BadReply)):
            await ask(driver, read())
        await recovers(end, driver)


@pytest.mark.parametrize("wire", ["tcp", "tls", "rtu_tcp"])
async def test_who_hangs_up_on_every_connection_is_not_stormed(wire, certificates):
    async with (
        far_end(wire, certificates) as end,
        Linked(end, backoff_min_s=0.05, backoff_max_s=1.0) as driver,
    ):
        assert await ask(driver, read()) == data(1, 4)
        end.deaf, end.connections = True, 0
        end._writers[-1].transport.abort()
        until_s = time.monotonic() + 0.5
        while time.monotonic() < until_s:
            with pytest.raises(CommunicationError):
                await ask(driver, read())
            await asyncio.sleep(0.01)
        assert 1 <= end.connections <= 5  # after 0.05, 0.1, 0.2, 0.4 s


@pytest.mark.parametrize("wire", ["rtu", "ascii"])
async def test_a_port_that_goes_is_not_connected(wire, certificates):
    async with far_end(wire, certificates) as end, Linked(end) as driver:
        assert await ask(driver, read()) == data(1, 4)
        end.cut()
        await asyncio.sleep(0.1)
        assert not driver.connected
        with pytest.raises(NotConnected):
            await ask(driver, read())


@pytest.mark.parametrize("wire", WIRES)
async def test_a_request_that_modbus_does_not_know_is_not_taken(wire, certificates):
    async with far_end(wire, certificates) as end, Linked(end) as driver:
        for wrong in (
            read(126),
            Exchange(256, Function.READ_INPUT, 0, 1),
            Exchange(1, Function.READ_INPUT, 65535, 2),
            Exchange(1, Function.WRITE_MANY, 0, 2, payload=b"\0\0"),
            Exchange(1, Function.WRITE_COIL, 0, 1, payload=b"\0\1"),
            Exchange(1, Function.READ_WRITE, 0, 1, payload=bytes(244)),
        ):
            with pytest.raises(ValueError, match=r"is not|belong|written"):
                driver.submit(wrong)
        assert end.requests == []
        assert await ask(driver, read()) == data(1, 4)
