"""What is told of set-points on their way, by real devices behind a real driver."""

import asyncio
import time
from math import inf

from pytest import approx

from ppc.application.cycle import Cycle
from ppc.application.delivery import Outcome, outcomes
from ppc.keys import Key
from tests.application.scripted import Rig, group, profile

Q_GROUP = {
    "address": 20,
    "count": 1,
    "points": [{"key": "q_set_var", "address": 20, "type": "s16"}],
}


def told(rig, fate):
    return [outcome for outcome in rig.device.outcomes if outcome.fate == fate]


def commands_s(rig):
    return [cycle.expires_s for cycle in rig.cycles]


async def test_each_command_is_written_in_each_group():
    async with Rig(profile(commands=[group(), Q_GROUP])) as rig:
        await rig.run(p=1000.0, q=5.0)
        await rig.run(0.1, p=2000.0)
        for i in (0, 1):
            written_s = [o.expires_s for o in told(rig, "written") if o.group == i]
            assert written_s == commands_s(rig)[: len(written_s)]
            assert len(written_s) >= len(rig.cycles) - 1


async def test_what_the_device_has_already_is_written():
    async with Rig(profile(commands=[group(refresh_s=60)])) as rig:
        await rig.run(0.2, p=1000.0)
        assert rig.box.writes_at(10) == [(10, 1000)]
        assert len(told(rig, "written")) >= len(rig.cycles) - 1
        assert told(rig, "written")[-1].expires_s >= commands_s(rig)[-2]


async def test_what_is_under_way_is_not_written_yet_and_then_counts_for_the_newest():
    async with Rig(profile(commands=[group(refresh_s=60)])) as rig:
        now_s, values = time.monotonic(), {Key.P_SET_W: 1.0, Key.Q_SET_VAR: 0.0}
        for i in (1, 2):
            expires_s = now_s + i
            cycle = Cycle(now_s, now_s, expires_s=expires_s)
            rig.device.send(values, cycle, expires_s=expires_s, now_s=now_s)
        assert not rig.device.outcomes
        await asyncio.sleep(0.1)
        (written,) = rig.device.outcomes
        assert written.expires_s == now_s + 2


async def test_an_older_one_under_way_is_written_as_what_it_is():
    async with Rig(profile(commands=[group(), Q_GROUP])) as rig:
        now_s = time.monotonic()
        for i, p_w in ((1, 1000.0), (2, 2000.0)):
            expires_s = now_s + i
            values = {Key.P_SET_W: p_w, Key.Q_SET_VAR: 0.0}
            cycle = Cycle(now_s, now_s, expires_s=expires_s)
            rig.device.send(values, cycle, expires_s=expires_s, now_s=now_s)
        await asyncio.sleep(0.1)
        of_p_s = [o.expires_s - now_s for o in rig.device.outcomes if o.group == 0]
        assert of_p_s == [approx(1.0), approx(2.0)]


async def test_so_it_is_for_a_group_with_care_and_for_a_change_too_small_to_write():
    careful = group(stored=True, change_pu=0.1)
    async with Rig(profile(commands=[careful])) as rig:
        await rig.run(0.2, p=1000.0)
        rig.device.outcomes.clear()
        await rig.run(0.1, p=1010.0)
        assert rig.box.writes_at(10) == [(10, 1000)]
        assert told(rig, "written")[-1].expires_s == commands_s(rig)[-1]


async def test_what_is_read_back_is_confirmed_after_it_is_written():
    async with Rig(profile(commands=[group(read_back=True)])) as rig:
        await rig.run(p=1000.0)
        written, confirmed = list(rig.device.outcomes)[:2]
        assert (written.fate, confirmed.fate) == ("written", "confirmed")
        assert written.expires_s == confirmed.expires_s == commands_s(rig)[0]
        assert written.at_s < confirmed.at_s


async def test_what_is_read_back_as_something_else_is_not_confirmed():
    async with Rig(profile(commands=[group(read_back=True)])) as rig:
        rig.box.drops = lambda address, _: address == 10
        await rig.run(p=1000.0)
        assert not told(rig, "confirmed")
        failed = told(rig, "failed")[0]
        assert failed.expires_s == commands_s(rig)[0]
        assert failed.reason == "what was written is not what is read back"


async def test_a_refusal_is_told_with_its_reason():
    for entries in ({}, {"stored": True}):
        async with Rig(profile(commands=[group(**entries)])) as rig:
            rig.box.refuses_writes = True
            await rig.run(p=1000.0)
            refused = told(rig, "refused")[0]
            assert refused.expires_s == commands_s(rig)[0]
            assert "0x04" in refused.reason
            assert not told(rig, "written")


async def test_without_a_connection_it_has_failed():
    async with Rig(profile()) as rig:
        await rig.run()
        await rig.server.close()
        rig.device.outcomes.clear()
        await rig.run(0.2, p=3000.0)
        assert {o.fate for o in list(rig.device.outcomes)[1:]} == {"failed"}


def test_where_nobody_takes_them_the_oldest_go():
    kept = outcomes()
    kept.extend(Outcome("written", 0, float(i), inf) for i in range(5000))
    assert len(kept) < 5000
    assert kept[-1].expires_s == 4999.0
