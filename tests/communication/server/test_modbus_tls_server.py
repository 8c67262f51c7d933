"""Who is let in by his certificate, and who he is then."""

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager
from pathlib import Path

from pytest import fixture, mark, raises

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_tls import ModbusTls, ModbusTlsSettings
from ppc.communication.errors import Refused
from ppc.communication.server.limits import Limits
from ppc.communication.server.modbus_tls_server import (
    ModbusTlsServer,
    TlsServerSettings,
)
from tests.communication.driver.far_ends import connected
from tests.communication.server.memory import Memory, Talker, frame

ROLE = "1.3.6.1.4.1.50316.802.1=ASN1:UTF8String:"
READ = bytes.fromhex("03 0000 0001")
OK = bytes.fromhex("03 02 0000")


@fixture(name="people", scope="module")
def _people(certificates):
    """An operator, a viewer and one without a role; one too late, and a stranger."""
    for name in ("operator", "viewer"):
        certificates.issue(name, "DNS:scada.example", ROLE + name)
    certificates.issue("late", "DNS:scada.example", f"{ROLE}operator", days=-1)
    stranger = type(certificates)(certificates._folder / "strangers")
    stranger.issue("operator", "DNS:scada.example", f"{ROLE}operator")
    return certificates, stranger


class Desk:
    """A station for each role: the operator writes, others only read."""

    def __init__(self):
        self.memory = Memory()
        self.callers = []

    def find(self, caller, unit):
        self.callers.append(caller)
        if unit != 1:
            return None
        return self.memory if caller.role == "operator" else ReadOnly(self.memory)


class ReadOnly:
    def __init__(self, memory):
        self.read = memory.read

    def write(self, _address, _payload):
        raise Refused(1)


@asynccontextmanager
async def serving(certificates, name="server", renew_s=60.0, **limits):
    desk = Desk()
    tls = TlsServerSettings(**certificates.files(name), renew_s=renew_s)
    server = ModbusTlsServer(
        *("127.0.0.1", 0, desk.find, tls), limits=Limits(connects_per_s=1e3, **limits)
    )
    await server.start()
    try:
        yield server, desk
    finally:
        await server.close()


def shown(certificates, name, authority=None):
    """How a client secures its connection; without a name it shows nothing."""
    context = ssl.create_default_context(
        cafile=(authority or certificates).path("ca.pem")
    )
    if name:
        path = certificates.path
        context.load_cert_chain(path(f"{name}.pem"), path(f"{name}.key"))
    return context


async def test_the_role_of_the_certificate_comes_with_every_request(people):
    certificates, _ = people
    async with serving(certificates) as (server, desk):
        write = bytes.fromhex("06 0000 0007")
        for name, wrote in (("viewer", "86 01"), ("operator", "06 0000 0007")):
            async with Talker(server.port, ssl=shown(certificates, name)) as client:
                assert await client.ask(READ) == OK
                assert await client.ask(write) == bytes.fromhex(wrote)
                assert desk.callers[-1] == ("127.0.0.1", server.port, name)
        async with Talker(server.port, ssl=shown(certificates, "client")) as client:
            assert (await client.ask(write)) == bytes.fromhex("86 01")
            assert desk.callers[-1].role is None


async def test_frames_in_pieces_and_in_one_go_are_answered_within_tls(people):
    certificates, _ = people
    secured = {"ssl": shown(certificates, "operator")}
    async with serving(certificates) as (server, _):  # noqa: SIM117
        async with Talker(server.port, **secured) as client:
            client.send(frame(READ, 1) + frame(READ, 2) + frame(READ, 3)[:8])
            await asyncio.sleep(0.02)
            client.send(frame(READ, 3)[8:] + frame(READ, 4, length=2000))
            assert [await client.answer() for _ in range(4)] == [OK, OK, OK, None]


async def test_our_own_driver_and_our_own_server_trust_each_other(people):
    certificates, _ = people
    async with serving(certificates) as (server, _):
        files = certificates.files("operator")
        settings = ModbusTlsSettings(host="127.0.0.1", port=server.port, **files)
        driver = ModbusTls(settings)
        driver.start()
        await connected(driver)
        await ask(driver, Exchange(1, Function.WRITE_ONE, 3, 1, payload=b"\1\2"))
        assert await ask(driver, Exchange(1, Function.READ_HOLDING, 3, 1)) == b"\1\2"
        await driver.close()


@mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@mark.parametrize("who", ["nobody", "late", "stranger", "plain", "old"])
async def test_who_cannot_say_who_he_is_does_not_get_in(people, who, caplog):
    certificates, strangers = people
    async with serving(certificates, partial_s=0.5) as (server, desk):
        context = {
            "nobody": lambda: shown(certificates, ""),
            "late": lambda: shown(certificates, "late"),
            "stranger": lambda: shown(strangers, "operator", certificates),
            "plain": lambda: None,
            "old": lambda: old(shown(certificates, "operator")),
        }[who]()
        with_what = {"ssl": context} if context else {}
        try:
            async with Talker(server.port, **with_what) as client:
                assert await client.ask(READ) is None
        except (ssl.SSLError, ConnectionError):
            pass  # told so already while it connected
        async with asyncio.timeout(3):
            while not server.counters.refused:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert server.counters.refused == 1
        assert server.counters.requests == server._door.count == 0
        assert not desk.callers
        async with Talker(server.port, ssl=shown(certificates, "operator")) as client:
            assert await client.ask(READ) == OK
    assert len(caplog.records) == 1


def old(context):
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


async def test_who_connects_and_says_nothing_is_cut(people):
    certificates, _ = people
    async with serving(certificates, partial_s=0.3) as (server, _):
        with socket.create_connection(("127.0.0.1", server.port)) as silent:
            silent.settimeout(0)
            async with asyncio.timeout(3):
                loop = asyncio.get_running_loop()
                assert await loop.sock_recv(silent, 1) == b""
        assert server.counters.refused == 1
        assert server._door.count == 0


async def test_renewed_files_are_taken_without_a_new_start(people, caplog):
    certificates, _ = people
    certificates.issue("short", "IP:127.0.0.1")
    async with serving(certificates, "short", renew_s=0.05) as (server, _):

        async def serial():
            secured = shown(certificates, "operator")
            async with Talker(server.port, ssl=secured) as client:
                assert await client.ask(READ) == OK
                told = client.writer.get_extra_info("peercert")
                return told["serialNumber"]

        before = await serial()
        certificates.issue("short", "IP:127.0.0.1")
        await asyncio.sleep(0.3)
        assert await serial() != before
        Path(certificates.path("short.pem")).write_text("none")  # noqa: ASYNC240
        await asyncio.sleep(0.2)
        await serial()
    assert sum("not renewed" in r.getMessage() for r in caplog.records) == 1


@mark.parametrize("name", ["ca_file", "cert_file", "key_file"])
async def test_a_file_that_is_missing_is_named_at_the_start(name, certificates):
    files = certificates.files("server") | {name: "/nowhere/at/all.pem"}
    server = ModbusTlsServer("127.0.0.1", 0, {}, TlsServerSettings(**files))
    with raises(OSError, match=f"{name}: there is no file /nowhere/at/all.pem"):
        await server.start()
    await server.close()
    with raises(ValueError, match=f"{name} must name a file"):
        TlsServerSettings(**files | {name: ""})
