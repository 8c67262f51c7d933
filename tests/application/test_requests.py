"""Requests as they go on the wire, by every function that writes."""

from pytest import mark, raises

from ppc.adapter.block import CommandBlock
from ppc.application.requests import payload, reading, registers, setting, writing
from ppc.communication.driver.base import Function, Priority, Table
from ppc.communication.modbus import heads


def block(**entries):
    point = {"constant": 1, "address": 5, "type": "u16"}
    return CommandBlock.model_validate(
        {"address": 5, "count": 1, "points": [point], **entries}
    )


COIL = {"table": "coil", "points": [{"constant": 1, "address": 5, "type": "bit"}]}
BOTH = b"\xff\xff"


@mark.parametrize(
    ("entries", "function", "sent"),
    [
        ({}, Function.WRITE_MANY, "1234"),
        ({"function": "many"}, Function.WRITE_MANY, "1234"),
        ({"function": "one"}, Function.WRITE_ONE, "1234"),
        ({"function": "read_write"}, Function.READ_WRITE, "1234"),
        ({"function": "mask"}, Function.MASK_WRITE, "0000 1234"),
        (COIL, Function.WRITE_COILS, "01"),
        (COIL | {"function": "one"}, Function.WRITE_COIL, "ff00"),
    ],
)
def test_a_group_is_written_by_the_function_it_names(entries, function, sent):
    exchange = setting(block(**entries), 1)
    exchange.payload = payload(exchange.function, b"\x12\x34", BOTH)
    assert exchange.function is function
    assert exchange.payload == bytes.fromhex(sent)
    assert heads(exchange).request[0] == function


def test_a_mask_write_leaves_the_bits_that_belong_to_nobody():
    sent = payload(Function.MASK_WRITE, b"\x12\x34", b"\x0f\xf0")
    assert sent == bytes.fromhex("f00f 0230")


def test_coils_go_eight_to_a_byte_and_come_so():
    bits = [1, 0, 1, 1, 0, 0, 0, 0, 1]
    wide = b"".join(bit.to_bytes(2) for bit in bits)
    narrow = payload(Function.WRITE_COILS, wide, b"")
    assert narrow == bytes.fromhex("0d01")
    assert registers(Table.COIL, narrow, len(bits)) == wide
    assert payload(Function.WRITE_COIL, b"\0\0", b"") == b"\0\0"


@mark.parametrize("table", Table)
def test_every_table_can_be_read(table):
    exchange = reading(1, table, 3, 4, Priority.SLOW)
    assert heads(exchange).request == bytes((exchange.function, 0, 3, 0, 4))


@mark.parametrize("table", [Table.INPUT, Table.DISCRETE])
def test_what_is_only_read_is_not_written(table):
    with raises(ValueError, match="only read"):
        writing(1, table, 0, 1)
