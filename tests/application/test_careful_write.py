"""Set-points with care, on a device that counts what it is told."""

import asyncio
import time

from pytest import mark

from ppc.application.cycle import Cycle
from tests.application.scripted import Box, Rig, group, profile, write

Q_GROUP = {
    "address": 20,
    "count": 1,
    "refresh_s": 60,
    "points": [{"key": "q_set_var", "address": 20, "type": "s16"}],
}


def only(**entries):
    return profile(commands=[group(**entries)])


async def test_groups_are_written_in_the_order_of_the_profile():
    async with Rig(profile(commands=[group(before=[write(90, 1)]), Q_GROUP])) as rig:
        await rig.run(p=1000.0, q=5.0)
        assert rig.box.written[:3] == [(90, 1), (10, 1000), (20, 5)]
        assert len(rig.box.writes_at(20)) == 1
        assert rig.cycles[0].acknowledged_count == rig.cycles[0].expected_count == 2


async def test_what_is_stored_is_written_only_when_it_changes():
    async with Rig(only(stored=True)) as rig:
        await rig.run(p=1000.0)
        await rig.run(p=2000.0)
        assert rig.box.writes_at(10) == [(10, 1000), (10, 2000)]


async def test_what_the_device_has_stored_already_is_not_written():
    async with Rig(only(stored=True)) as rig:
        rig.box.registers[10] = 1000
        await rig.run(p=1000.0)
        await rig.plug()
        await rig.run()
        assert rig.box.written == []
        await rig.run(p=1001.0)
        assert rig.box.written == [(10, 1001)]


async def test_what_is_stored_is_not_written_again_at_once_when_refused():
    async with Rig(only(stored=True)) as rig:
        rig.box.refuses_writes = True
        await rig.run(0.3, p=1000.0)
        assert rig.driver.counters.refusals == 1
        rig.box.refuses_writes = False
        await rig.run(0.9)
        assert rig.box.written == [(10, 1000)]


async def test_a_small_change_is_not_written_but_many_small_ones_are():
    async with Rig(only(stored=True, change_pu=0.01)) as rig:
        for p in (1000.0, 1099.0, 950.0, 1101.0):
            await rig.run(p=p)
        assert rig.box.written == [(10, 1000), (10, 1101)]


async def test_between_two_writes_there_is_the_interval_of_the_profile():
    async with Rig(only(interval_s=0.4)) as rig:
        for p in (1000.0, 1100.0, 1200.0):
            await rig.run(p=p)
        assert rig.box.written == [(10, 1000)]
        await rig.run(0.3)
        assert rig.box.written == [(10, 1000), (10, 1200)]


async def test_the_safe_set_points_are_written_whatever_would_be_saved_by_waiting():
    async with Rig(only(stored=True, change_pu=0.1, interval_s=60)) as rig:
        await rig.run(p=100.0)
        for _ in range(2):
            now_s, cycle = time.monotonic(), Cycle(0.0, 0.0)
            rig.device.send_safe(cycle, expires_s=now_s + 1.0, now_s=now_s)
            assert cycle.expected_count == 1
            await asyncio.sleep(0.05)
            assert cycle.acknowledged_count == 1
        assert rig.box.written == [(10, 100), (10, 0)]


async def test_the_safe_set_points_wait_for_what_is_under_way():
    async with Rig(only(before=[{"wait_s": 0.1}])) as rig:
        await rig.run(0.05, p=100.0)
        now_s, cycle = time.monotonic(), Cycle(0.0, 0.0)
        rig.device.send_safe(cycle, expires_s=now_s + 1.0, now_s=now_s)
        assert not cycle.complete
        await asyncio.sleep(0.3)
        assert cycle.complete
        assert rig.box.written == [(10, 100), (10, 0)]


async def test_what_no_point_covers_is_written_as_it_is():
    low = {"key": "p_set_w", "address": 10, "type": "u16", "mask": 0xFF}
    wide = group(count=2, points=[low], keep_others=True)
    async with Rig(profile(commands=[wide])) as rig:
        rig.box.registers |= {10: 0xAB00, 11: 77}
        await rig.run(p=3.0)
        assert rig.box.written[0] == (10, 0xAB03, 77)


async def test_what_was_not_taken_is_written_again():
    async with Rig(only(read_back=True, refresh_s=60)) as rig:
        rig.box.drops = lambda *_: len(rig.box.written) == 1
        await rig.run(p=1000.0)
        assert rig.box.written == [(10, 1000), (10, 1000)]
        assert rig.device.writes[0].untaken_count == 1
        assert rig.acknowledged == 1


async def test_what_is_never_taken_is_said_once_and_tried_now_and_then(caplog):
    async with Rig(only(read_back=True, refresh_s=60)) as rig:
        rig.box.drops = lambda *_: True
        await rig.run(1.5, p=1000.0)
        assert len(rig.box.written) == 4
        assert rig.acknowledged == 0
        said = [r.message for r in caplog.records if "read back" in r.message]
        assert len(said) == 1
        rig.box.drops = lambda *_: False
        await rig.run(2.0)
        assert rig.acknowledged == 1
        assert "set_points at 10: well again" in caplog.records[-1].message


async def test_steps_stand_around_writes_that_change_something():
    around = {"before": [write(90, 1)], "after": [write(91, 1)]}
    async with Rig(only(**around)) as rig:
        await rig.run(p=1000.0)
        written = rig.box.written
        assert written[:4] == [(90, 1), (10, 1000), (91, 1), (10, 1000)]
        assert len(rig.box.writes_at(90, 91)) == 2
        await rig.run(p=2000.0)
        assert rig.box.writes_at(90, 91) == [(90, 1), (91, 1)] * 2


async def test_while_one_is_under_way_the_newest_waits_and_no_other():
    slow = group(before=[{"wait_s": 0.15}], refresh_s=60)
    async with Rig(profile(commands=[slow])) as rig:
        for p in (1000.0, 2000.0, 3000.0):
            await rig.run(0.04, p=p)
        await rig.run(0.4)
        assert rig.box.written == [(10, 1000), (10, 3000)]


SCALED = {"key": "p_set_w", "address": 10, "type": "s16", "scale_from": "w_sf"}
W_SF = {"name": "w_sf", "address": 1, "type": "s16", "absent": [-32768, 9]}


def scaled():
    return profile(points=[W_SF], commands=[group(points=[SCALED])])


@mark.parametrize("raw", [0x8000, 9, 11])
async def test_nothing_is_written_before_its_exponent_is_known(raw):
    box = Box()
    box.registers[1] = raw
    async with Rig(scaled(), box=box) as rig:
        await rig.run(p=5000.0)
        assert box.written == []
        box.registers[1] = 2
        await rig.run()
        assert set(box.written) == {(10, 50)}


async def test_an_exponent_that_changes_is_obeyed():
    async with Rig(scaled()) as rig:
        await rig.run(p=5000.0)
        rig.box.registers[1] = 1
        await rig.run()
        assert rig.box.written[0] == (10, 5000)
        assert rig.box.written[-1] == (10, 500)
