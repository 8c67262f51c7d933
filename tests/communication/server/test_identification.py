"""Who we are: basic, regular and one object at a time."""

from pytest import mark, raises

from ppc.communication.errors import Refused
from ppc.communication.server.identification import Identity, identify, plain

WE = Identity(
    vendor_name="V",
    product_code="PC",
    revision="1.0",
    vendor_url="u",
    product_name="N",
    model_name="M",
    user_application_name="P",
)
BASIC = "00 01 56 01 02 5043 02 03 312e30"
REGULAR = f"{BASIC} 03 01 75 04 01 4e 05 01 4d 06 01 50"


@mark.parametrize(
    ("request_", "reply"),
    [
        ("2b 0e 01 00", f"2b 0e 01 82 00 00 03 {BASIC}"),
        ("2b 0e 01 02", "2b 0e 01 82 00 00 01 02 03 312e30"),
        ("2b 0e 01 05", f"2b 0e 01 82 00 00 03 {BASIC}"),
        ("2b 0e 02 00", f"2b 0e 02 82 00 00 07 {REGULAR}"),
        ("2b 0e 02 80", f"2b 0e 02 82 00 00 07 {REGULAR}"),
        ("2b 0e 03 00", f"2b 0e 03 82 00 00 07 {REGULAR}"),
        ("2b 0e 04 03", "2b 0e 04 82 00 00 01 03 01 75"),
        ("2b 0e 04 06", "2b 0e 04 82 00 00 01 06 01 50"),
    ],
)
def test_it_answers_as_the_specification_has_it(request_, reply):
    assert identify(WE, bytes.fromhex(request_)) == bytes.fromhex(reply)


@mark.parametrize(
    ("request_", "code"),
    [
        ("2b 0e 00 00", 3),
        ("2b 0e 05 00", 3),
        ("2b 0e 01", 3),
        ("2b 0e 01 00 00", 3),
        ("2b 0e 04 07", 2),
        ("2b 0d 01 00", 1),
        ("2b", 1),
    ],
)
def test_what_it_does_not_know_it_refuses(request_, code):
    with raises(Refused) as refusal:
        identify(WE, bytes.fromhex(request_))
    assert refusal.value.code == code


def test_who_has_no_identity_does_not_know_the_function():
    with raises(Refused, match="illegal function"):
        identify(None, bytes.fromhex("2b 0e 01 00"))


def test_what_does_not_go_into_one_answer_follows_in_the_next():
    long = Identity(
        vendor_name="a" * 100, product_code="b" * 100, revision="c" * 100,
        vendor_url="d" * 244,
    )  # fmt: skip
    first, told = 0, []
    for _ in range(6):
        reply = identify(long, bytes((0x2B, 0x0E, 2, first)))
        assert len(reply) <= 253
        at = 7
        for _ in range(reply[6]):
            size = reply[at + 1]
            told.append(reply[at + 2 : at + 2 + size].decode())
            at += 2 + size
        assert at == len(reply)
        if not reply[4]:
            break
        first = reply[5]
    assert told == ["a" * 100, "b" * 100, "c" * 100, "d" * 244, "", "", ""]


def test_a_text_that_no_answer_holds_is_named():
    with raises(ValueError, match="244"):
        Identity(vendor_name="x" * 245, product_code="", revision="")
    with raises(ValueError, match="ASCII"):
        Identity(vendor_name="Grünstrom", product_code="", revision="")


@mark.parametrize(
    ("name", "told"),
    [
        ("demonstration plant", "demonstration plant"),
        ("Solarpark Süd, Ærø", "Solarpark Sud, ?r?"),
        ("\u0141\xf3d\u017a \u592a\u967d", "?odz ??"),
        ("\xe9" * 300, "e" * 244),
        ("", ""),
    ],
)
def test_any_name_is_told_as_far_as_ascii_goes(name, told):
    assert plain(name) == told
    Identity(vendor_name=plain(name), product_code="", revision="")
