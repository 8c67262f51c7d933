"""Roles out of certificates that openssl made, and out of what is none."""

import ssl
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from ppc.communication.server.role import role

OID = "1.3.6.1.4.1.50316.802.1"


def issued(certificates, *lines):
    certificates.issue("who", "DNS:who.example", *lines)
    text = Path(certificates.path("who.pem")).read_text(encoding="ascii")
    return ssl.PEM_cert_to_DER_cert(text)


@mark.parametrize(
    ("lines", "told"),
    [
        ((f"{OID}=ASN1:UTF8String:operator",), "operator"),
        ((f"{OID}=critical,ASN1:UTF8String:operator",), "operator"),
        ((f"{OID}=ASN1:FORMAT:UTF8,UTF8String:Wärter",), "Wärter"),
        ((f"{OID}=ASN1:UTF8String:{'long' * 60}",), "long" * 60),
        ((f"{OID}=ASN1:UTF8String:",), None),
        ((f"{OID}=ASN1:PRINTABLESTRING:operator",), None),
        ((f"{OID}=ASN1:INTEGER:1",), None),
        ((f"{OID}.1=ASN1:UTF8String:operator",), None),
        (("basicConstraints=CA:FALSE",), None),
        ((), None),
    ],
)
def test_the_role_is_a_string_at_its_own_place(certificates, lines, told):
    assert role(issued(certificates, *lines)) == told


@given(st.binary(max_size=60))
def test_what_is_no_certificate_tells_no_role(data):
    assert role(data) is None


def test_a_certificate_that_is_cut_tells_none(certificates):
    der = issued(certificates, f"{OID}=ASN1:UTF8String:operator")
    assert {role(der[:i]) for i in range(len(der))} == {None}


def test_two_roles_are_none(certificates):
    der = issued(certificates, f"{OID}=ASN1:UTF8String:operator")
    at = der.index(bytes.fromhex("2b0601040183890c862201")) - 4
    one = der[at : at + 2 + der[at + 1]]
    assert one[0] == 0x30
    for size, twice in ((len(one), one), (2 * len(one), one + one)):
        extensions = b"\x30" + bytes((size,)) + twice
        wrapped = b"\xa3" + bytes((len(extensions),)) + extensions
        to_be_signed = b"\x30" + bytes((len(wrapped),)) + wrapped
        whole = b"\x30" + bytes((len(to_be_signed),)) + to_be_signed
        assert role(whole) == ("operator" if twice == one else None)
