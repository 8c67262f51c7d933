from pytest import mark

from ppc.adapter.action import WriteStep
from ppc.adapter.block import Block
from ppc.adapter.sunspec.chain import discover
from ppc.adapter.sunspec.resolution import why_not, wire_address
from tests.adapter.sunspec.device import image, reader

COMMON = (1, (0,) * 66)
FOUND = (
    COMMON,
    (103, (0,) * 50),
    (203, (0,) * 105),
    (203, (0,) * 105),
    (123, (0,) * 10),
)


def block(*models, address=12, count=2, instance=0):
    return Block(
        sunspec=models,
        instance=instance,
        address=address,
        count=count,
        points=({"name": "x", "address": address},),
    )


@mark.parametrize(
    ("wanted", "address"),
    [
        (block(103), 40072 + 12),
        (block(101, 102, 103), 40072 + 12),
        (block(203), 40124 + 12),
        (block(203, instance=1), 40231 + 12),
        (block(103, address=0, count=50), 40072),
        (block(), 12),
    ],
)
async def test_a_block_is_found_in_its_model(wanted, address):
    found = await discover(reader(image(*FOUND)))
    assert wire_address(found, wanted, wanted.count) == address


@mark.parametrize(
    ("wanted", "why"),
    [
        (block(101, 102), "it has no SunSpec model 101 or 102"),
        (block(203, instance=2), "it has no SunSpec model 203 number 3"),
        (
            block(123, address=9, count=2),
            "its SunSpec model 123 at 40338, 10 registers is too short: 11 are needed",
        ),
    ],
)
async def test_what_the_device_does_not_have_is_said(wanted, why):
    found = await discover(reader(image(*FOUND)))
    assert wire_address(found, wanted, wanted.count) is None
    assert why_not(found, wanted, wanted.count) == why


async def test_the_models_go_in_the_order_of_the_profile():
    found = await discover(reader(image((113, (0,) * 60), (103, (0,) * 50))))
    assert wire_address(found, block(103, 113)) == 40066 + 12
    assert wire_address(found, block(113, 103)) == 40004 + 12


async def test_after_a_firmware_change_the_address_is_another():
    before = await discover(reader(image(COMMON, (103, (0,) * 50))))
    after = await discover(reader(image(COMMON, (11, (0,) * 13), (103, (0,) * 50))))
    assert wire_address(before, block(103)) == 40084
    assert wire_address(after, block(103)) == 40099


async def test_a_step_stands_in_a_model_too():
    found = await discover(reader(image(*FOUND)))
    step = WriteStep(sunspec="123.Conn", address=2, value=1)
    assert wire_address(found, step) == 40338 + 2
