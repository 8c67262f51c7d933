"""Answers that are well-formed and wrong."""

from pytest import fixture, mark

from ppc.adapter.codec import BlockCodec
from ppc.keys import Key
from tests.simulation.faults.wire_rig import DEVICE, Rig


@fixture(name="rig")
async def _rig():
    async with Rig() as rig:
        rig.run(1.0)
        yield rig


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
    assert abs(torn[Key.P_W] - rig.p_w) > 1e3


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
