"""A device that refuses, or does not do what it acknowledged."""

from pytest import fixture

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.errors import Refused
from tests.simulation.faults.wire_rig import Rig


@fixture(name="rig")
async def _rig():
    async with Rig() as rig:
        rig.run(1.0)
        yield rig


async def test_a_refusing_device_is_refused_with_its_code(rig):
    for code in (1, 2, 3, 4, 5, 6, 8, 0x0A, 0x0B):
        fault = rig.add("modbus_exception", code=code)
        answer = await rig.read()
        assert isinstance(answer, Refused)
        assert answer.code == code
        assert isinstance(await rig.write(), Refused)
        rig.field.injector.clear(fault.number)
    assert isinstance(await rig.read(), dict)


async def test_exceptions_may_be_rare_or_of_writes_only(rig):
    rig.add("modbus_exception", share=0.25)
    seen = await rig.errors(12)
    assert seen["Refused"] == 3
    rig.field.injector.clear(1)
    rig.add("modbus_exception", of="writes")
    assert isinstance(await rig.read(), dict)
    assert isinstance(await rig.write(), Refused)


async def test_a_large_block_is_refused_and_a_small_one_is_not(rig):
    rig.add("exception_on_block", most=4)
    assert isinstance(await rig.read(), Refused)
    small = Exchange(1, Function.READ_INPUT, 100, 2)
    assert len(await ask(rig.driver, small)) == 4


async def test_only_single_writes_are_taken(rig):
    rig.add("single_writes_only")
    answer = await rig.write()
    assert isinstance(answer, Refused)
    assert answer.code == 1


async def test_a_write_is_acknowledged_and_forgotten(rig):
    rig.add("acknowledged_not_applied")
    assert await rig.write() is None
    rig.run(2.0)
    assert abs(rig.p_w) < 1e3


async def test_what_was_acknowledged_is_applied_late(rig):
    rig.add("applied_late", delay_s=1.0)
    assert await rig.write() is None
    rig.run(0.9)
    assert abs(rig.p_w) < 1e3
    rig.run(1.0)
    assert abs(rig.p_w - 1e6) < 1e4
