"""Every kind of fault on real sockets: what our driver makes of it.

The device is the battery of the demonstration profile; it is asked for its fast block
and written to in turn, by the product's own driver. A kind that is in no table below
fails the last test.
"""

import asyncio
import struct
from collections import Counter

from pytest import fixture, mark

from ppc.adapter.codec import BlockCodec
from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import (
    BadReply,
    CommunicationError,
    NoReply,
    NotConnected,
    Refused,
)
from ppc.configuration.changes import Changes
from ppc.configuration.loading import load
from ppc.keys import Key
from ppc.simulation.faults.catalogue import KINDS
from ppc.simulation.faults.plan import Planned
from ppc.simulation.field import Field
from tests.rig import ROOT, free_ports

DEVICE = "bess1"
PVS = ("pv1", "pv2", "pv3", "pv4")
SET = struct.pack(">HHHH", 0x4240, 0x000F, 0, 0)  # 1 MW, low word first


class Rig:
    """The field on sockets, its time in our hands, and our driver at one device."""

    def __init__(self):
        names = ("poi", "bess1", "bess2", "bess3", *PVS)
        ports = iter(free_ports(len(names)))
        change = {
            "devices": {name: {"connection": {"port": next(ports)}} for name in names},
            "simulation": {
                "console": None,
                "sky": {"clouds": False},
                "grid": {"v_noise_pu": 0.0, "f_noise_hz": 0.0},
                "collector": {"feeders": {"north": {"units": ["bess1", "bess2"]}}},
            },
        }
        self.configuration = load(ROOT / "config" / "plant.yaml", Changes(change))
        plant = self.configuration.plant
        self.field = Field(plant, self.configuration.profiles)
        self.profile = self.configuration.profiles["demo_pcs"]
        self.codec = BlockCodec(self.profile.blocks[0], "little", 0.1)

    async def __aenter__(self):
        await self.field.start()
        port = self.field.port(DEVICE)
        settings = ModbusTcpSettings(
            host="127.0.0.1", port=port, timeout_s=0.15, backoff_max_s=0.2
        )
        self.driver = ModbusTcp(settings)
        self.driver.start()
        await self.connected()
        return self

    async def __aexit__(self, *_):
        await self.driver.close()
        await self.field.close()

    async def connected(self):
        async with asyncio.timeout(5):
            while not self.driver.connected:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def run(self, for_s):
        for _ in range(round(for_s / 0.02)):
            self.field.step(0.02)

    def add(self, kind, **parameters):
        device = None if KINDS[kind].plant_wide else DEVICE
        planned = Planned(kind=kind, device=device, parameters=parameters)
        return self.field.injector.add(planned)

    async def read(self):
        """The values of the fast block by key; None: marked as bad. Or the error."""
        block = self.codec.block
        exchange = Exchange(1, Function.READ_INPUT, block.address, block.count)
        try:
            row = self.codec.decode(await ask(self.driver, exchange), 0.0)
        except CommunicationError as error:
            return error
        return {
            key: None if row.bad >> i & 1 else value
            for i, (key, value) in enumerate(
                zip(self.codec.keys, row.values, strict=True)
            )
        }

    async def write(self, payload=SET):
        exchange = Exchange(1, Function.WRITE_MANY, 300, 4, payload=payload)
        try:
            await ask(self.driver, exchange)
        except CommunicationError as error:
            return error
        return None

    async def errors(self, turns=12):
        """How often which error came, of reads spread over a second or so."""
        seen = Counter()
        for _ in range(turns):
            answer = await self.read()
            seen[type(answer).__name__ if isinstance(answer, Exception) else "ok"] += 1
            await asyncio.sleep(0.03)
        return seen


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


@mark.parametrize("kind", ["split", "duplicated", "late_reply", "first_swallowed"])
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


def p_w(rig):
    return rig.field.plant.units[DEVICE].inverter.p_w


@mark.parametrize("kind", ["acknowledged_not_applied", "ignored"])
async def test_a_promise_is_not_kept(rig, kind):
    rig.add(kind)
    assert await rig.write() is None
    rig.run(2.0)
    assert abs(p_w(rig)) < 1e3


async def test_what_was_acknowledged_is_applied_late(rig):
    rig.add("applied_late", delay_s=1.0)
    assert await rig.write() is None
    rig.run(0.9)
    assert abs(p_w(rig)) < 1e3
    rig.run(1.0)
    assert abs(p_w(rig) - 1e6) < 1e4


SET_POINTS = {
    "clipped": ({"share": 0.1}, 0.22e6),
    "wrong_sign": ({}, -1e6),
    "quantised": ({"step_pu": 0.1}, 1.1e6),
    "ramp_limited": ({"rate_pu_per_s": 0.1}, 0.022e6),
}


@mark.parametrize("kind", SET_POINTS)
async def test_a_set_point_is_executed_otherwise(rig, kind):
    parameters, expected_w = SET_POINTS[kind]
    rig.add(kind, **parameters)
    assert await rig.write() is None
    rig.run(2.0)
    assert abs(p_w(rig) - expected_w) < 1e4


async def test_a_set_point_is_delayed(rig):
    rig.add("delayed", delay_s=3.0)
    await rig.write()
    rig.run(2.9)
    assert abs(p_w(rig)) < 1e3
    rig.run(1.5)
    assert abs(p_w(rig) - 1e6) < 1e4


async def test_a_set_point_expires_at_another_time(rig):
    rig.add("expires", after_s=1.0)
    await rig.write()
    rig.run(0.9)
    assert abs(p_w(rig) - 1e6) < 1e4
    rig.run(1.5)
    assert abs(p_w(rig)) < 1e3


async def test_another_master_writes_too(rig):
    rig.add("second_master", p_set_w=-5e5, every_s=0.5)
    await rig.write()
    rig.run(0.4)
    assert p_w(rig) > 0
    rig.run(1.0)
    assert abs(p_w(rig) + 5e5) < 1e4


BAD_DATA = {
    "all_ones": {},
    "zeros": {},
    "garbage": {},
    "swapped_words": {},
    "shifted": {},
    "absent": {"key": Key.P_AVAILABLE_W},
    "not_a_number": {"key": Key.P_AVAILABLE_W},
    "scaled": {"key": Key.P_W, "factor": 1000.0},
}


@mark.parametrize("kind", BAD_DATA)
async def test_bad_data_is_known_as_such_or_harmless(rig, kind):
    await rig.write()
    rig.run(2.0)
    right = await rig.read()
    rig.add(kind, **BAD_DATA[kind])
    wrong = await rig.read()
    assert wrong != right
    bad = [key for key, value in wrong.items() if value is None]
    if kind == "zeros":
        assert wrong[Key.P_W] == wrong[Key.P_AVAILABLE_W] == 0.0
    else:
        assert bad, wrong
    rig.field.injector.clear(1)
    assert await rig.read() == right


async def test_what_stands_still_or_is_torn_differs_from_the_truth(rig):
    rig.add("frozen")
    first = await rig.read()
    await rig.write()
    rig.run(2.0)
    assert await rig.read() == first
    rig.field.injector.clear(1)
    rig.add("stuck", key=Key.P_W)
    stuck = (await rig.read())[Key.P_W]
    rig.field.plant.command(DEVICE, {Key.P_SET_W: -1e6})
    rig.run(2.0)
    answer = await rig.read()
    assert answer[Key.P_W] == stuck
    rig.field.injector.clear(2)
    rig.add("torn")
    await rig.read()
    rig.field.plant.command(DEVICE, {Key.P_SET_W: 1.9e6})
    rig.run(2.0)
    torn = await rig.read()
    assert abs(torn[Key.P_W] - p_w(rig)) > 1e3


async def test_offset_and_charge_are_shown_wrong_and_are_not(rig):
    rig.add("offset", key=Key.Q_VAR, by=5e5)
    assert (await rig.read())[Key.Q_VAR] > 4e5
    true_pu = rig.field.plant.units[DEVICE].soc_pu
    rig.add("soc_wrong", by_pu=0.2)
    station = rig.field.stations[DEVICE]
    shown = BlockCodec(rig.profile.blocks[1], "little", 1.0)
    payload = station.read(shown.block.table, shown.block.address, shown.block.count)
    (told_pu,) = shown.decode(payload, 0.0).values
    assert abs(told_pu - true_pu - 0.2) < 2e-3
    assert rig.field.plant.units[DEVICE].soc_pu == true_pu


def test_every_kind_is_tested_here_or_in_the_plant():
    from tests.simulation.faults.test_in_the_plant import PLANT  # noqa: PLC0415

    here = {
        *WIRE, *("split", "duplicated", "late_reply", "first_swallowed"),
        *("modbus_exception", "exception_on_block", "single_writes_only"),
        *("acknowledged_not_applied", "ignored", "applied_late", "delayed"),
        *SET_POINTS, *("expires", "second_master"), *BAD_DATA,
        *("frozen", "stuck", "torn", "offset", "soc_wrong"),
    }  # fmt: skip
    assert here | set(PLANT) == set(KINDS)
