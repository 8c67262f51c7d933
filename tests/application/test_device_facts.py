"""What the wire tells of a device, by a device on a real socket."""

import time
from math import isnan

from ppc.adapter.northbound.unit_map import ANSWERS, NO_LINK, SILENT
from ppc.application.device_facts import device_facts
from ppc.datamodel.observation import Quality
from ppc.keys import Key
from tests.application.scripted import Rig, profile


def facts(rig, later_s=0.0):
    return device_facts(rig.device, rig.rows, time.monotonic() + later_s)


async def test_a_device_that_answers_tells_how_old_and_how_good_it_is():
    async with Rig(profile()) as rig:
        rig.rows = dict.fromkeys(poll.slot for poll in rig.device.polls)
        before = facts(rig)
        assert (before.link_code, before.quality) == (SILENT, Quality.FAILURE)
        assert isnan(before.age_s)
        rig.box.registers[0] = 1234
        await rig.run(0.1)
        now = facts(rig)
        assert (now.link_code, now.quality) == (ANSWERS, Quality.GOOD)
        assert 0.0 <= now.age_s < 0.1
        assert now.values[Key.P_W] == 1234.0
        later = facts(rig, 5.0)
        assert (later.link_code, later.quality) == (SILENT, Quality.OLD_DATA)
        assert not later.values


async def test_a_device_that_is_gone_has_no_link():
    async with Rig(profile()) as rig:
        rig.rows = dict.fromkeys(poll.slot for poll in rig.device.polls)
        await rig.server.close()
        await rig.run(0.3)
        assert facts(rig).link_code == NO_LINK


async def test_a_value_out_of_range_is_left_out_and_said():
    points = [{"key": "f_hz", "address": 1, "type": "u16", "valid": [45, 65]}]
    async with Rig(profile(points=points)) as rig:
        rig.box.registers[1] = 99
        await rig.run(0.1)
        seen = facts(rig)
        assert seen.quality is Quality.OUT_OF_RANGE
        assert Key.F_HZ not in seen.values
        assert Key.P_W in seen.values
