"""Any bytes at the server's door: it answers in form or closes, and never does harm."""

import asyncio
import struct

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ppc.communication.server.identification import Identity
from ppc.communication.server.modbus_server import ModbusServer
from tests.communication.server.memory import BitMemory

HEADER = struct.Struct(">HHHB")
SIZE = 50
STATION = 7
IDENTITY = Identity(vendor_name="V", product_code="P", revision="1")


functions = st.sampled_from([1, 2, 3, 4, 5, 6, 15, 16, 22, 23, 43]) | st.integers(
    0, 255
)
likely = st.builds(
    lambda code, address, count, rest: struct.pack(">BHH", code, address, count) + rest,
    functions,
    st.integers(0, SIZE + 3) | st.integers(0, 0xFFFF),
    st.integers(0, 5) | st.integers(0, 0xFFFF),
    st.binary(max_size=12),
)
pdus = likely | st.binary(min_size=1, max_size=253)


@given(pdus, st.sampled_from([STATION, STATION, 9]), st.integers(0, 0xFFFF))
@example(struct.pack(">BHHB", 16, 0, 0, 0), STATION, 1)
@example(struct.pack(">BHHB", 16, 0, 1, 2), STATION, 1)
@example(struct.pack(">BHHB", 15, 0, 9, 1) + bytes(1), STATION, 1)
@example(struct.pack(">BHHHHB", 23, 0, 1, 0, 1, 2), STATION, 1)
@example(struct.pack(">BHHHHB", 23, 49, 2, 0, 1, 2) + b"\1\1", STATION, 1)
@example(bytes((43, 14, 1, 0)), STATION, 1)
@example(bytes((6,)), STATION, 1)
def test_every_request_has_an_answer_of_its_own_form(pdu, unit, transaction):
    station = BitMemory(SIZE)
    server = ModbusServer("127.0.0.1", 0, {STATION: station}, identity=IDENTITY)
    frame = HEADER.pack(transaction, 0, 1 + len(pdu), unit) + pdu
    answer = server.answer(frame)
    told, protocol, length, shown = HEADER.unpack_from(answer)
    reply = answer[HEADER.size :]
    assert (told, protocol, shown) == (transaction, 0, unit)
    assert length == 1 + len(reply) <= 254
    if reply[0] == pdu[0] | 0x80:
        assert len(reply) == 2
        assert reply[1] in (1, 2, 3, 0x0B)
        assert station.image == bytes(2 * SIZE)
        assert not any(station.coils)
        return
    assert reply[0] == pdu[0]
    assert unit == STATION
    if pdu[0] in (1, 2, 3, 4, 23):
        (count,) = struct.unpack_from(">H", pdu, 3)
        size = (count + 7) // 8 if pdu[0] < 3 else 2 * count
        assert reply[1] == size == len(reply) - 2
    elif pdu[0] == 43:
        assert reply[:3] == pdu[:3]
    else:
        assert reply == pdu[: 7 if pdu[0] == 22 else 5]


@given(st.lists(st.binary(max_size=40), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_stream_leaves_the_server_alive(pieces):
    async def run():
        server = ModbusServer("127.0.0.1", 0, {STATION: BitMemory(SIZE)})
        await server.start()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            for piece in pieces:
                writer.write(piece)
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(HEADER.pack(1, 0, 6, STATION) + struct.pack(">BHH", 3, 0, 2))
            async with asyncio.timeout(5):
                answer = await reader.readexactly(HEADER.size + 6)
            writer.close()
        finally:
            await server.close()
        assert answer[-4:] == bytes(4)

    asyncio.run(run())
