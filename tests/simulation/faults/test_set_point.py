"""A device that takes set-points and does something else."""

from pytest import fixture, mark

from tests.simulation.faults.wire_rig import Rig


@fixture(name="rig")
async def _rig():
    async with Rig() as rig:
        rig.run(1.0)
        yield rig


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
    assert abs(rig.p_w - expected_w) < 1e4


async def test_a_set_point_is_delayed(rig):
    rig.add("delayed", delay_s=3.0)
    await rig.write()
    rig.run(2.9)
    assert abs(rig.p_w) < 1e3
    rig.run(1.5)
    assert abs(rig.p_w - 1e6) < 1e4


async def test_a_set_point_expires_at_another_time(rig):
    rig.add("expires", after_s=1.0)
    await rig.write()
    rig.run(0.9)
    assert abs(rig.p_w - 1e6) < 1e4
    rig.run(1.5)
    assert abs(rig.p_w) < 1e3


async def test_another_master_writes_too(rig):
    rig.add("second_master", p_set_w=-5e5, every_s=0.5)
    await rig.write()
    rig.run(0.4)
    assert rig.p_w > 0
    rig.run(1.0)
    assert abs(rig.p_w + 5e5) < 1e4


async def test_a_set_point_is_ignored(rig):
    rig.add("ignored")
    assert await rig.write() is None
    rig.run(2.0)
    assert abs(rig.p_w) < 1e3
