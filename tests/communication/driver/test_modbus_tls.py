"""Certificates: both sides show one, and only the right ones will do."""

import asyncio
import ssl

from pytest import mark, raises

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_tls import ModbusTls, ModbusTlsSettings
from ppc.communication.errors import NotConnected
from tests.communication.driver.far_ends import Linked, connected, data, far_end

READ = Exchange(1, Function.READ_HOLDING, 0, 4)


def given(**changes):
    return ModbusTlsSettings(
        **({"host": "h", "ca_file": "a", "cert_file": "b", "key_file": "c"} | changes)
    )


def test_the_port_is_802_and_every_file_must_be_named():
    assert given().port == 802
    assert ModbusTls(given()).server_name == "h"
    assert ModbusTls(given(server_name="x")).server_name == "x"
    for name in ("ca_file", "cert_file", "key_file"):
        with raises(ValueError, match=f"{name} must name a file"):
            given(**{name: ""})


async def test_it_is_read_by_who_shows_the_right_certificate(certificates):
    async with far_end("tls", certificates) as end, Linked(end) as driver:
        assert await ask(driver, READ) == data(1, 4)
        spoken = driver._link._transport.get_extra_info("ssl_object")
        assert spoken.version() in ("TLSv1.2", "TLSv1.3")


async def test_the_name_in_the_certificate_may_differ_from_the_host(certificates):
    async with (
        far_end("tls", certificates) as end,
        Linked(end, server_name="meter.example") as driver,
    ):
        assert await ask(driver, READ) == data(1, 4)


async def refused(end, caplog, **settings):
    """What is logged when it does not connect."""
    driver = end.driver(**settings)
    driver.start()
    await asyncio.sleep(0.2)
    with raises(NotConnected):
        await ask(driver, READ)
    await driver.close()
    assert not end.requests
    return [r.getMessage() for r in caplog.records if r.name.startswith("ppc.")]


async def test_a_device_of_another_name_is_not_spoken_to(certificates, caplog):
    async with far_end("tls", certificates) as end:
        told = await refused(end, caplog, server_name="other.example")
    assert len(told) == 1  # once, not at every attempt
    assert "Hostname mismatch" in told[0]


async def test_a_device_nobody_vouches_for_is_not_spoken_to(certificates, caplog):
    async with far_end("tls", certificates) as end:
        strangers = certificates.path("server.pem")
        told = await refused(end, caplog, ca_file=strangers, server_name="127.0.0.1")
    assert "certificate verify failed" in told[0]


async def test_a_device_does_not_speak_to_strangers(certificates):
    async with far_end("tls", certificates) as end:
        end.context.load_verify_locations(certificates.path("ca.pem"))
        other = type(certificates)(certificates._folder / "other")
        driver = end.driver(
            cert_file=other.path("client.pem"), key_file=other.path("client.key")
        )
        driver.start()
        await asyncio.sleep(0.2)
        with raises(NotConnected):
            await ask(driver, READ)
        await driver.close()
        assert not end.requests


@mark.parametrize("name", ["ca_file", "cert_file", "key_file"])
async def test_a_file_that_is_missing_is_named(name, certificates, caplog):
    async with far_end("tls", certificates) as end:
        told = await refused(end, caplog, **{name: "/nowhere/at/all.pem"})
    assert f"{name}: there is no file /nowhere/at/all.pem" in told[0]


async def test_older_than_1_2_is_not_spoken(certificates):
    async with far_end("tls", certificates) as end:
        context = end.driver().context()
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


async def test_a_key_with_a_password_does_not_ask_the_terminal(certificates, caplog):
    locked = certificates.path("locked.key")
    certificates._run(
        *("ec", "-in", "client.key", "-aes256", "-passout", "pass:word"),
        *("-out", locked),
    )
    async with far_end("tls", certificates) as end:
        assert await refused(end, caplog, key_file=locked)


async def test_renewed_certificates_are_taken_at_the_next_connecting(certificates):
    async with far_end("tls", certificates) as end, Linked(end) as driver:
        assert await ask(driver, READ) == data(1, 4)
        certificates.issue("client", "DNS:controller.example")
        driver._link.abort()
        await asyncio.sleep(0.01)
        await connected(driver)
        assert await ask(driver, READ) == data(2, 4)
