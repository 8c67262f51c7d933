"""What is done at each connecting, before anything else is asked of a device."""

from tests.application.scripted import Box, Rig, expect, group, profile, write

LOGIN = 80


def greeted():
    return profile(actions={"on_connect": [write(LOGIN, 7), expect(81, 0)]})


async def test_a_device_is_greeted_before_anything_else_at_each_connecting():
    async with Rig(greeted()) as rig:
        await rig.run()
        assert rig.box.reads[0] == (81, 1)
        assert rig.box.written[:2] == [(LOGIN, 7), (10, 0)]
        rig.box.reads.clear()
        rig.box.written.clear()
        await rig.plug()
        await rig.run()
        assert rig.box.reads[0] == (81, 1)
        assert rig.box.written[:2] == [(LOGIN, 7), (10, 0)]
        assert len(rig.box.writes_at(LOGIN)) == 1


async def test_a_device_that_cannot_be_greeted_is_read_but_not_written(caplog):
    async with Rig(greeted()) as rig:
        rig.box.registers[81] = 1
        await rig.run(1.4)
        assert rig.box.written == [(LOGIN, 7)] * 2
        assert len(rig.rows) == 1
        assert "register 81 is 1, not 0" in rig.device.held
        assert len([r for r in caplog.records if "on_connect" in r.message]) == 1


ORDERED = {
    "source": "this test",
    "type": "pv",
    "word_order_from": {"address": 50, "among": {1: "big", 2: "little"}},
    "blocks": [
        {
            "address": 0,
            "count": 2,
            "points": [{"key": "p_w", "address": 0, "type": "s32"}],
        }
    ],
    "commands": group(
        count=2, points=[{"key": "p_set_w", "address": 10, "type": "s32"}]
    ),
}


def boxed(order):
    box = Box()
    box.registers |= {50: order, 0: 1, 1: 2}
    return box


async def test_the_device_tells_the_word_order_before_anything_is_decoded():
    async with Rig(ORDERED, box=boxed(0)) as rig:
        await rig.run(p=3.0)
        assert rig.rows == {}
        assert rig.box.written == []
        assert "no word order" in rig.device.held
        rig.box.registers[50] = 2
        await rig.run(1.2)
        assert rig.rows[0].values == (0x20001,)
        assert rig.box.written[0] == (10, 3, 0)


async def test_another_device_may_have_another_word_order():
    async with Rig(ORDERED, box=boxed(1)) as rig:
        await rig.run(p=3.0)
        assert rig.rows[0].values == (0x10002,)
        assert rig.box.written[0] == (10, 0, 3)
        other = boxed(2)
        await rig.plug(box=other)
        await rig.run()
        assert rig.rows[0].values == (0x20001,)
        assert other.written[0] == (10, 3, 0)
