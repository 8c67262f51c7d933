"""Blocks some of whose registers the device does not have."""

from math import isnan

from pytest import fixture

from ppc.application import block_poll
from tests.application.scripted import Box, Rig, profile

POINTS = [
    {"key": "q_var", "address": 1, "type": "s16"},
    {"key": "p_available_w", "address": 2, "type": "u32"},
    {"name": "w_sf", "address": 4, "type": "s16"},
    {"key": "state_code", "address": 5, "map": {7: 2}},
    {"key": "soc_pu", "address": 9, "scale_from": "w_sf"},
]


@fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(block_poll, "_RETRY_MIN_S", 0.5)


def map_of(**entries):
    found = profile(points=POINTS, **entries)
    found["blocks"][0]["count"] = 10
    return found


def box_without(*registers):
    box = Box()
    box.registers |= {0: 10, 1: 11, 3: 13, 5: 7, 9: 19}
    box.bad = set(registers)
    return box


async def test_a_register_that_is_refused_costs_only_its_own_point(caplog):
    async with Rig(map_of(), box=box_without(3)) as rig:
        await rig.run(0.3)
        row = rig.rows[0]
        assert row.values[:2] == (10.0, 11.0)
        assert row.values[3:] == (2.0, 19.0)
        assert isnan(row.values[2])
        assert row.bad == row.missing == 0b100
        told = [r.message for r in caplog.records if "refused" in r.message]
        assert len(told) == 1
        assert (
            "holding registers 2-3 are refused: goes without p_available_w" in told[0]
        )
        assert set(rig.box.reads[-4:]) == {(0, 2), (4, 6)}


async def test_points_that_lean_on_what_is_refused_go_too():
    async with Rig(map_of(), box=box_without(4)) as rig:
        await rig.run(0.3)
        assert rig.rows[0].bad == 0b10000


async def test_a_register_between_points_costs_none():
    async with Rig(map_of(), box=box_without(7)) as rig:
        await rig.run(0.3)
        assert rig.rows[0].bad == 0
        assert rig.rows[0].values == (10.0, 11.0, 13.0, 2.0, 19.0)
        assert set(rig.box.reads[-4:]) == {(0, 6), (9, 1)}


async def test_what_was_refused_is_tried_again(caplog):
    async with Rig(map_of(), box=box_without(3)) as rig:
        await rig.run(0.3)
        rig.box.bad = set()
        await rig.run(0.5)
        assert rig.rows[0].bad == 0
        assert rig.box.reads[-1] == (0, 10)
        assert "well again" in caplog.records[-1].message


async def test_what_is_still_refused_stays_out_and_is_not_said_again(caplog):
    async with Rig(map_of(), box=box_without(3)) as rig:
        await rig.run(0.8)
        assert rig.box.reads.count((0, 10)) == 3
        assert rig.rows[0].missing == 0b100
        assert len([r for r in caplog.records if "refused" in r.message]) == 1


async def test_a_block_no_register_of_which_is_there_is_a_row_without_values():
    async with Rig(map_of(), box=box_without(*range(10))) as rig:
        await rig.run(0.3)
        assert rig.rows[0].missing == 0b11111
        reads = len(rig.box.reads)
        await rig.run(0.1)
        assert len(rig.box.reads) == reads


async def test_a_device_that_refuses_everything_for_a_moment_loses_nothing():
    async with Rig(map_of(), box=box_without()) as rig:
        await rig.run()
        rig.box.bad = set(range(10))
        await rig.run(0.2)
        rig.box.bad = set()
        await rig.run(0.1)
        assert rig.rows[0].bad == 0


async def test_an_exponent_that_is_refused_is_not_known():
    scaled = {"key": "p_set_w", "address": 10, "type": "s16", "scale_from": "w_sf"}
    commands = [{"address": 10, "count": 1, "points": [scaled]}]
    async with Rig(map_of(commands=commands), box=box_without(4)) as rig:
        await rig.run(0.3)
        assert rig.box.written == []
        assert "w_sf" in rig.device.held


async def test_after_a_loss_what_was_refused_is_tried_at_once():
    async with Rig(map_of(), box=box_without(3)) as rig:
        await rig.run(0.3)
        await rig.plug(box=box_without())
        await rig.run(0.2)
        assert rig.rows[0].bad == 0
