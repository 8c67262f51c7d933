"""Every way in leads to the same stations, and says which one it was."""

import asyncio
import os
import shutil
import ssl
import tty
from importlib.metadata import version
from pathlib import Path

from pytest import fixture, skip

from ppc.application.ways_in import WaysIn
from ppc.communication.driver.framing import Rtu
from ppc.configuration.scada import ScadaSection
from tests.communication.conftest import Certificates
from tests.communication.server.memory import Memory, Talker

ASK = bytes.fromhex("000100000006 01 03 0000 0001")
STATION = 9
NOBODY = bytes.fromhex("000100000003 01 83 0b")
ROLE = "1.3.6.1.4.1.50316.802.1=ASN1:UTF8String:"


@fixture(scope="module")
def certificates(tmp_path_factory):
    if not shutil.which("openssl"):
        skip("openssl (Debian: openssl) is not installed")
    made = Certificates(tmp_path_factory.mktemp("certificates"))
    made.issue("operator", "DNS:scada.example", f"{ROLE}operator")
    return made


class Ways:
    """Servers for listeners, and who came in by them."""

    def __init__(self, *listeners, folder=Path(), **said):
        self.callers = []
        scada = ScadaSection.model_validate({"listeners": listeners, **said})
        self.ways = WaysIn(scada, self.find, folder, "Südpark")

    def find(self, caller, unit):
        self.callers.append((caller, unit))
        return Memory() if unit == STATION else None

    async def __aenter__(self):
        for server in self.ways.servers:
            await server.start()
        return self

    async def __aexit__(self, *_):
        for server in self.ways.servers:
            await server.close()


async def asked(host, port, **secured):
    reader, writer = await asyncio.open_connection(host, port, **secured)
    writer.write(ASK)
    try:
        return await reader.readexactly(len(NOBODY))
    finally:
        writer.close()


def test_each_port_is_known_by_its_number():
    async def try_both():
        listeners = {"port": 0}, {"host": "127.0.0.2", "port": 0}
        async with Ways(*listeners) as ways:
            one, two = ways.ways.servers
            assert ways.ways.port == one.port
            assert await asked("127.0.0.1", one.port) == NOBODY
            assert await asked("127.0.0.2", two.port) == NOBODY
            told = [(caller.host, caller.port) for caller, _ in ways.callers]
            assert told == [("127.0.0.1", one.port), ("127.0.0.1", two.port)]

    asyncio.run(try_both())


def test_tls_tells_the_role(certificates):
    async def try_it():
        files = {
            name: Path(path).name for name, path in certificates.files("server").items()
        }
        folder = Path(certificates.path("ca.pem")).parent
        async with Ways({"port": 0, "tls": files}, folder=folder) as ways:
            secured = ssl.create_default_context(cafile=certificates.path("ca.pem"))
            secured.load_cert_chain(
                certificates.path("operator.pem"), certificates.path("operator.key")
            )
            assert await asked("127.0.0.1", ways.ways.port, ssl=secured) == NOBODY
        ((caller, unit),) = ways.callers
        assert (caller.role, unit) == ("operator", 1)

    asyncio.run(try_it())


def test_a_serial_line_has_neither_address_nor_port():
    async def try_it():
        ours, theirs = os.openpty()
        tty.setraw(ours)
        try:
            async with Ways({"serial": os.ttyname(theirs), "parity": "N"}) as ways:
                assert ways.ways.port == 0
                os.write(ours, Rtu().frame(bytes.fromhex("070300000001")))
                for _ in range(100):
                    await asyncio.sleep(0.01)
                    if ways.callers:
                        break
        finally:
            os.close(ours)
            os.close(theirs)
        assert ways.callers[0] == (("", 0, None), 7)

    asyncio.run(try_it())


def test_every_port_keeps_to_the_limits():
    async def try_it():
        two = [{"port": 0}, {"port": 0, "host": "127.0.0.2"}]
        async with Ways(*two, limits={"connections": 1}) as ways:
            for server in ways.ways.servers:
                host = server._host
                _, writer = await asyncio.open_connection(host, server.port)
                reader, second = await asyncio.open_connection(host, server.port)
                assert await reader.read() == b""
                assert server.counters.refused == 1
                second.close()
                writer.close()

    asyncio.run(try_it())


def test_it_says_which_plant_it_is_and_which_version_of_the_program():
    async def told(port, number):
        async with Talker(port) as client:
            ask = bytes((0x2B, 0x0E, 4, number))
            return (await client.ask(ask, unit=STATION))[9:].decode()

    async def try_it():
        async with Ways({"port": 0}) as ways:
            assert await told(ways.ways.port, 2) == version("ppc")
            assert await told(ways.ways.port, 6) == "Sudpark"

    asyncio.run(try_it())


def test_it_tells_what_each_has_seen():
    async def try_it():
        ours, theirs = os.openpty()
        tty.setraw(ours)
        listeners = {"port": 0}, {"serial": os.ttyname(theirs), "parity": "N"}
        try:
            async with Ways(*listeners) as ways, Talker(ways.ways.port) as client:
                await client.ask(bytes.fromhex("0300000001"), unit=STATION)
                await client.ask(bytes.fromhex("0300000001"), unit=1)
                await client.ask(bytes.fromhex("0300000000"), unit=STATION)
                await client.ask(bytes.fromhex("0300000001"), unit=1)
                return ways.ways.port, ways.ways.status
        finally:
            os.close(ours)
            os.close(theirs)

    number, (port, line) = asyncio.run(try_it())
    assert port.listener == f"127.0.0.1:{number}"
    assert (port.clients_count, port.connections_count) == (1, 1)
    assert (port.requests_count, port.exceptions) == (4, ((3, 1), (11, 2)))
    assert line.listener.startswith("/dev/")
    assert (line.clients_count, line.connections_count) == (0, 1)
    assert (line.requests_count, line.exceptions) == (0, ())
