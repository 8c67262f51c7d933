import asyncio

from pytest import fixture, raises

from ppc.communication.driver.base import Table
from ppc.simulation.endpoint import Endpoint

REQUEST = bytes.fromhex("000100000006010300000001")


class Constant:
    """A station whose registers are all 7."""

    def read(self, table: Table, address: int, count: int) -> bytes:  # noqa: ARG002
        return b"\x00\x07" * count

    def write(self, address: int, payload: bytes) -> None: ...


@fixture
async def endpoint():
    endpoint = Endpoint("127.0.0.1", 0, {1: Constant()})
    await endpoint.start()
    yield endpoint
    await endpoint.close()


async def refused(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return True
    writer.close()
    await writer.wait_closed()
    return False


async def until(expected: bool, port: int) -> None:  # noqa: FBT001
    async with asyncio.timeout(5.0):
        while await refused(port) is not expected:
            await asyncio.sleep(0.01)


async def test_a_pulled_cable_cuts_and_refuses(endpoint: Endpoint):
    reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
    writer.write(REQUEST)
    assert (await reader.readexactly(11))[-2:] == b"\x00\x07"
    endpoint.plugged = False
    with raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(reader.readexactly(1), 5.0)
    writer.close()
    assert await refused(endpoint.port)


async def test_put_back_it_serves_at_the_same_port(endpoint: Endpoint):
    port = endpoint.port
    endpoint.plugged = False
    await until(True, port)
    endpoint.plugged = True
    await until(False, port)
    assert endpoint.port == port


async def test_the_last_wish_counts(endpoint: Endpoint):
    for plugged in (False, True, False, True):
        endpoint.plugged = plugged
    assert endpoint.plugged
    await until(False, endpoint.port)


async def test_it_comes_back_once_a_stranger_has_left_its_port(endpoint: Endpoint):
    endpoint.plugged = False
    await until(True, endpoint.port)
    stranger = await asyncio.start_server(
        lambda _, writer: writer.close(), "127.0.0.1", endpoint.port
    )
    endpoint.plugged = True
    await asyncio.sleep(0.05)
    stranger.close()
    await stranger.wait_closed()
    async with asyncio.timeout(5.0):
        while True:
            try:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", endpoint.port
                )
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
                continue
            break
    writer.write(REQUEST)
    assert (await reader.readexactly(11))[-2:] == b"\x00\x07"
    writer.close()
    await writer.wait_closed()


async def test_a_taken_port_is_said_with_its_number(endpoint: Endpoint):
    second = Endpoint("127.0.0.1", endpoint.port, {})
    with raises(OSError, match=f"127.0.0.1:{endpoint.port}"):
        await second.start()
