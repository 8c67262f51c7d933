"""What is done at each connecting, before anything else is asked of a device."""

from tests.adapter.sunspec.device import image
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


def sunspec(w=100, w_sf=1, *, base=40000, before=(), models=(103, 123)):
    """A device with inverter and controls, maybe with something before them."""
    inverter, controls = [0] * 50, [0] * 24
    inverter[12], inverter[13] = w, w_sf % 65536
    controls[21] = 65535 - 1  # WMaxLimPct_SF: -2
    data = {103: inverter, 123: controls}
    found = [*before, *((number, data[number]) for number in models)]
    box = Box()
    box.registers |= image(*found, base=base)
    box.bad = set(range(65536)) - set(box.registers)
    return box


BY_MODEL = {
    "source": "this test",
    "type": "pv",
    "points": [
        {"key": "p_w", "sunspec": "101,102,103.W"},
        {"name": "share", "sunspec": "123.WMaxLimPct_SF", "every_s": 0.1},
    ],
    "commands": {
        "keep_others": True,
        "points": [
            {"key": "p_set_w", "sunspec": "123.WMaxLimPct", "base": "p_max_w",
             "divisor": 100.0, "scale_from": "share"},
            {"constant": 1, "sunspec": "123.WMaxLim_Ena"},
        ],
    },
}  # fmt: skip


async def test_models_are_looked_for_before_anything_is_read_or_written():
    async with Rig(BY_MODEL, box=sunspec()) as rig:
        await rig.run(0.3, p=5000.0)
        assert rig.rows[0].values == (1000.0,)
        at = 40004 + 50 + 2
        assert rig.box.registers[at + 3] == 5000  # 50.00 %
        assert rig.box.registers[at + 7] == 1
        assert rig.device.held == ""


async def test_models_that_have_moved_are_found_at_the_next_connecting():
    async with Rig(BY_MODEL, box=sunspec()) as rig:
        await rig.run(p=5000.0)
        other = sunspec(w=7, base=50000, before=[(1, [0] * 66)])
        await rig.plug(box=other)
        await rig.run(0.3)
        assert rig.rows[0].values == (70.0,)
        assert other.registers[50004 + 66 + 2 + 50 + 2 + 3] == 5000


async def test_what_stands_in_a_model_the_device_lacks_is_left_out(caplog):
    async with Rig(BY_MODEL, box=sunspec(models=(103,))) as rig:
        await rig.run(0.3)
        assert rig.rows[0].values == (1000.0,)
        assert rig.rows[1].missing == rig.rows[1].bad
        assert rig.box.written == []
        assert rig.device.held == "it has no SunSpec model 123"
        said = [
            r.message for r in caplog.records if "no SunSpec model 123" in r.message
        ]
        assert len(said) == 2  # block and set-points, once each


async def test_a_device_that_speaks_no_sunspec_is_told(caplog):
    async with Rig(BY_MODEL) as rig:
        await rig.run(0.2)
        assert rig.rows == {}
        assert 'no "SunS"' in rig.device.held
        assert len([r for r in caplog.records if "SunS" in r.message]) == 1


async def test_set_points_of_a_model_the_device_lacks_go_nowhere():
    taken = {"sunspec": [704], "address": 3, "count": 1,
             "points": [{"key": "p_set_w", "address": 3}]}  # fmt: skip
    for care in ({}, {"stored": True}):
        async with Rig(BY_MODEL | {"commands": taken | care}, box=sunspec()) as rig:
            await rig.run(0.2, p=5.0)
            assert rig.box.written == []
            assert rig.device.held == "it has no SunSpec model 704"


async def test_slow_blocks_are_read_as_soon_as_they_may_be():
    slow = greeted()
    slow["blocks"][0]["every_s"] = 60
    slow["actions"]["on_connect"] += [{"wait_s": 0.1}]
    async with Rig(slow) as rig:
        await rig.run(0.3)
        assert rig.rows[0].values == (0.0,)
