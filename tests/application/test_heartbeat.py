"""The register that moves as long as control does."""

from tests.application.scripted import Rig, profile, write

BEAT = {"address": 70, "every_s": 0.1}


async def test_it_counts_while_control_is_alive_and_stands_still_without():
    async with Rig(profile(heartbeat=BEAT)) as rig:
        await rig.run(0.45)
        beats = rig.box.writes_at(70)
        assert beats == [(70, i) for i in range(len(beats))]
        assert 4 <= len(beats) <= 6
        rig.controls = False
        await rig.run(0.3)
        assert len(rig.box.writes_at(70)) == len(beats)


async def test_its_values_come_in_turn():
    async with Rig(profile(heartbeat=BEAT | {"values": [5, 9]})) as rig:
        await rig.run(0.35)
        assert [value for _, value in rig.box.writes_at(70)][:4] == [5, 9, 5, 9]


async def test_it_beats_for_a_unit_that_is_not_ready_for_set_points():
    held = {"enable": [{"expect": {"address": 99, "among": [1]}}]}
    async with Rig(profile(heartbeat=BEAT, actions=held)) as rig:
        await rig.run(0.25)
        assert len(rig.box.writes_at(70)) > 1
        assert rig.box.writes_at(10) == []


async def test_it_waits_for_what_is_done_at_connecting():
    actions = {"on_connect": [{"wait_s": 0.05}, write(80, 1)]}
    async with Rig(profile(heartbeat=BEAT, actions=actions)) as rig:
        await rig.run(0.2)
        assert rig.box.written[0] == (80, 1)
        assert rig.box.writes_at(70)
