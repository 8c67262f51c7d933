"""Units that must be switched on before they take set-points, and let go again."""

import asyncio

from tests.application.scripted import Rig, expect, profile, write

CODE, STATE = 90, 91
READY = {"address": STATE, "among": [1]}


def unit(**actions):
    return profile(actions={"ready_every_s": 0.1} | actions)


class Obeys:
    """Becomes ready when it is told the code; `after` so many times."""

    def __init__(self, box, after=1):
        self.box, self.after = box, after
        box.drops = self

    def __call__(self, address, values):
        if address == CODE and values == [7]:
            self.after -= 1
            if self.after <= 0:
                self.box.registers[STATE] = 1
        return False


async def test_a_unit_is_enabled_before_its_first_set_point():
    enable = [write(CODE, 7), {"wait_s": 0.05}, expect(STATE, 1)]
    async with Rig(unit(enable=enable)) as rig:
        Obeys(rig.box)
        rig.controls = False
        await rig.run()
        assert rig.box.written == []
        rig.controls = True
        await rig.run(0.03, p=1000.0)
        assert rig.box.written == [(CODE, 7)]
        assert rig.device.held
        await rig.run(0.2)
        assert rig.box.written[1] == (10, 1000)
        assert rig.box.writes_at(CODE) == [(CODE, 7)]
        assert rig.device.held == ""


async def test_an_expectation_has_its_time():
    enable = [write(CODE, 7), expect(STATE, 1, within_s=0.4)]
    async with Rig(unit(enable=enable)) as rig:
        await rig.run(0.1)
        rig.box.registers[STATE] = 1
        await rig.run(0.3)
        assert rig.box.written[:2] == [(CODE, 7), (10, 0)]


async def test_a_unit_that_cannot_be_enabled_gets_no_set_points(caplog):
    async with Rig(unit(enable=[write(CODE, 7)], ready=[READY])) as rig:
        Obeys(rig.box, after=3)
        await rig.run(1.5, p=1000.0)
        assert rig.box.written == [(CODE, 7)] * 2  # again after 1 s, then after 2 s
        assert "register 91 is 0, not 1" in rig.device.held
        said = [r.message for r in caplog.records if "not 1" in r.message]
        assert len(said) == 1
        await rig.run(1.1)
        assert len(rig.box.written) == 2
        await rig.run(0.7)
        assert rig.box.written[2:4] == [(CODE, 7), (10, 1000)]
        assert rig.device.held == ""


async def test_a_unit_that_is_not_ready_any_more_is_enabled_again():
    async with Rig(unit(enable=[write(CODE, 7)], ready=[READY])) as rig:
        Obeys(rig.box)
        await rig.run()
        rig.box.registers[STATE] = 0
        await rig.run(0.3)
        assert len(rig.box.writes_at(CODE)) == 2
        await rig.run(0.3)
        assert len(rig.box.writes_at(CODE)) == 2
        assert rig.box.written[-1] == (10, 0)


async def test_a_unit_that_was_lost_is_enabled_again():
    refreshed = [{"address": 10, "count": 1, "refresh_s": 60,
                  "points": [{"key": "p_set_w", "address": 10}]}]  # fmt: skip
    actions = {"enable": [write(CODE, 7)]}
    async with Rig(profile(actions=actions, commands=refreshed)) as rig:
        await rig.run(p=5.0)
        await rig.plug()
        await rig.run()
        assert rig.box.written == [(CODE, 7), (10, 5)] * 2


async def test_a_unit_that_was_silent_on_a_shared_line_is_enabled_again():
    actions = {"on_connect": [write(80, 1)], "enable": [write(CODE, 7)]}
    async with Rig(profile(actions=actions)) as rig:
        await rig.run(p=5.0)
        await rig.be_silent(0.5)
        rig.box.written.clear()
        await rig.run(1.5)
        assert rig.driver.counters.connects == 1
        assert rig.box.written[:3] == [(80, 1), (CODE, 7), (10, 5)]


async def test_a_unit_is_released_once_it_was_enabled():
    actions = {"enable": [write(CODE, 7)], "release": [write(CODE, 0)]}
    async with Rig(unit(**actions)) as rig:
        over = asyncio.Event()
        assert not rig.device.release(over.set)
        await rig.run()
        assert rig.device.release(over.set)
        await asyncio.wait_for(over.wait(), 1.0)
        assert rig.box.written[-1] == (CODE, 0)


async def test_while_one_unit_is_enabled_others_are_not_kept_waiting():
    slow = unit(enable=[{"wait_s": 0.5}])
    async with Rig(slow) as rig, Rig(unit()) as other:
        await asyncio.gather(rig.run(0.2), other.run(0.2))
        assert rig.box.written == []
        assert len(rig.box.reads) > 4
        assert len(other.box.written) > 4
