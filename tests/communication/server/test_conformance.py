"""Our server at the edges, tried over sockets by what knows nothing of it."""

import asyncio

from ppc.communication.server.identification import Identity
from ppc.communication.server.modbus_server import ModbusServer
from tests.communication.server.conformance import CHECKS, outcomes
from tests.communication.server.memory import BitMemory


async def test_our_server_does_what_is_right_in_every_case():
    identity = Identity(vendor_name="V", product_code="P", revision="1")
    server = ModbusServer("127.0.0.1", 0, {1: BitMemory(200)}, identity=identity)
    await server.start()
    # as many connections as there are checks come from one address, and quickly
    told = await asyncio.to_thread(outcomes, server.port)
    await server.close()
    assert told == {name: right for name, (_, right) in CHECKS.items()}
