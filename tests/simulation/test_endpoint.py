import asyncio
from functools import partial
from typing import Any

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


async def answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionError:
        return False
    try:
        writer.write(REQUEST)
        return (await reader.readexactly(11))[-2:] == b"\x00\x07"
    except (ConnectionError, asyncio.IncompleteReadError):
        return False
    finally:
        writer.close()


async def silent(port: int) -> bool:
    return not await answers(port)


async def test_a_pulled_cable_cuts_and_refuses(endpoint: Endpoint, eventually: Any):
    reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
    writer.write(REQUEST)
    assert (await reader.readexactly(11))[-2:] == b"\x00\x07"
    endpoint.plugged = False
    with raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(reader.readexactly(1), 5.0)
    writer.close()
    await eventually(partial(silent, endpoint.port))
    with raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", endpoint.port)


async def test_put_back_it_serves_at_the_same_port(endpoint: Endpoint, eventually: Any):
    port = endpoint.port
    endpoint.plugged = False
    await eventually(partial(silent, port))
    endpoint.plugged = True
    await eventually(partial(answers, port))
    assert endpoint.port == port


async def test_the_last_wish_counts(endpoint: Endpoint, eventually: Any):
    for plugged in (False, True, False, True):
        endpoint.plugged = plugged
    assert endpoint.plugged
    await eventually(partial(answers, endpoint.port))


async def test_it_comes_back_once_a_stranger_has_left_its_port(
    endpoint: Endpoint, eventually: Any
):
    port = endpoint.port
    endpoint.plugged = False
    await eventually(partial(silent, port))
    stranger = await asyncio.start_server(lambda _, w: w.close(), "127.0.0.1", port)
    endpoint.plugged = True
    await asyncio.sleep(0.05)
    assert not await answers(port)
    stranger.close()
    await stranger.wait_closed()
    await eventually(partial(answers, port))


async def test_a_taken_port_is_said_with_its_number(endpoint: Endpoint):
    second = Endpoint("127.0.0.1", endpoint.port, {})
    with raises(OSError, match=f"127.0.0.1:{endpoint.port}"):
        await second.start()
