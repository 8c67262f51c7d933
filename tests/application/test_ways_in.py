import asyncio

from ppc.application.ways_in import ways_in
from ppc.configuration.scada import ScadaSection


def test_every_listener_listens():
    async def try_all():
        scada = ScadaSection.model_validate(
            {"listeners": [{"port": 0}, {"host": "127.0.0.2", "port": 0}]}
        )
        servers = ways_in(scada, lambda *_: None)
        for server in servers:
            await server.start()
        ports = [server.port for server in servers]
        for host, port in zip(("127.0.0.1", "127.0.0.2"), ports, strict=True):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(bytes.fromhex("000100000006 01 03 0000 0001"))
            assert await reader.readexactly(9) == bytes.fromhex("000100000003 01 83 0b")
            writer.close()
        for server in servers:
            await server.close()

    asyncio.run(try_all())
