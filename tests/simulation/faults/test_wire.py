"""Faults between two sockets: what our driver makes of them."""

import asyncio

from pytest import fixture, mark

from ppc.communication.errors import BadReply, NoReply, NotConnected
from ppc.keys import Key
from tests.simulation.faults.wire_rig import DEVICE, Rig


@fixture(name="rig")
async def _rig():
    async with Rig() as rig:
        rig.run(1.0)
        yield rig


WIRE = {
    "refuse": NotConnected,
    "accept_then_close": NotConnected,
    "connections_full": NotConnected,
    "half_open": NoReply,
    "latency": NoReply,
    "loss": NoReply,
    "drip": NoReply,
    "reset_in_reply": NotConnected,
    "partial": NoReply,
    "joined": NoReply,
    "wrong_transaction": BadReply,
    "wrong_station": BadReply,
    "wrong_function": BadReply,
    "wrong_count": BadReply,
    "wrong_length": BadReply,
    "wrong_protocol": BadReply,
    "noise": BadReply,
}
"""The error a driver must report, at least once; and no value but the right one."""
PARAMETERS = {"latency": {"delay_s": 0.3}, "drip": {"byte_s": 0.02}}


@mark.parametrize("kind", WIRE)
async def test_the_driver_says_what_is_wrong_and_recovers(rig, kind):
    right = await rig.read()
    fault = rig.add(kind, **PARAMETERS.get(kind, {}))
    seen = await rig.errors()
    assert seen[WIRE[kind].__name__] > 0, seen
    rig.field.injector.clear(fault.number)
    async with asyncio.timeout(5):
        while (await rig.read()) != right:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@mark.parametrize("kind", WIRE)
async def test_no_wrong_answer_is_ever_taken_for_data(rig, kind):
    rig.add(kind, **PARAMETERS.get(kind, {}))
    before = await rig.read()
    for p_set_mw in (0.5, 1.0, 1.5):
        rig.field.plant.command(DEVICE, {Key.P_SET_W: p_set_mw * 1e6})
        rig.run(2.0)
        answer = await rig.read()
        if isinstance(answer, dict):
            true_w = rig.field.plant.units[DEVICE].inverter.p_w
            assert abs(answer[Key.P_W] - true_w) < 1.0, (before, answer)
        await asyncio.sleep(0.05)


MENDED = ("split", "duplicated", "late_reply", "first_swallowed")


@mark.parametrize("kind", MENDED)
async def test_what_can_be_put_right_is(rig, kind):
    rig.add(kind)
    rig.field.plant.command(DEVICE, {Key.P_SET_W: 1e6})
    rig.run(2.0)
    answers = [await rig.read() for _ in range(6)]
    true_w = rig.field.plant.units[DEVICE].inverter.p_w
    values = [a[Key.P_W] for a in answers if isinstance(a, dict)]
    assert all(abs(value - true_w) < 1.0 for value in values)
    if kind == "late_reply":  # the answer to the question before: never data
        assert len(values) <= 1
    elif kind == "first_swallowed":
        assert len(values) >= 5
    else:
        assert len(values) == 6
    counters = rig.driver.counters
    if kind == "duplicated":
        await asyncio.sleep(0.05)
        assert counters.late_replies >= 5
