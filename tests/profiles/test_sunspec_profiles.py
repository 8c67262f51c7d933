"""The SunSpec profiles against whole devices: found, read and written over a wire."""

import json
import struct
from pathlib import Path

from pytest import approx, mark

from ppc.adapter.block_image import BlockImage
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.point import Base
from ppc.adapter.profile import DeviceProfile
from ppc.adapter.sunspec.chain import discover
from ppc.adapter.sunspec.of_model import named
from ppc.adapter.sunspec.resolution import wire_address
from ppc.keys import Key
from tests.adapter.sunspec.device import image, reader

PROFILES = Path(__file__).parents[2] / "config" / "profiles"
RATINGS = {Base.P_MAX_W: 10e3, Base.Q_MAX_VAR: 5e3}

INVERTER = (103, (*[0] * 11, 0xFFFF, 500, 1, 5000, 0xFFFE, *[0] * 34))
CONTROLS = (123, (*[0] * 21, 0xFFFE, 0, 0xFFFF))
COMMON = (1, (0,) * 65)


def load(name):
    return DeviceProfile.load(PROFILES / f"{name}.yaml")


async def looked_at(profile, read):
    """The signals of a device, its raw values by name, and where writes would go."""
    found = await discover(read)
    values, raws, places = {}, {}, {}
    for block in profile.reads:
        address = wire_address(found, block, block.count)
        if address is None:
            continue
        payload = await read(address, block.count)
        decoded = BlockImage(block, profile.word_order, ratings=RATINGS)
        raws |= decoded.raws(payload)
        signals, bad = decoded.signals(payload)
        values |= {
            key: value
            for i, (key, value) in enumerate(zip(block.keys, signals, strict=True))
            if not bad >> i & 1
        }
    for block in profile.commands:
        places[block.name] = wire_address(found, block, block.count)
    return values, raws, places


def encoded(profile, raws, values):
    codecs = [CommandCodec(b, "big", ratings=RATINGS) for b in profile.commands]
    return [
        codec.encode(values, exponents={name: raws[name] for name in codec.needs})
        for codec in codecs
    ]


async def test_a_device_is_read_and_its_set_points_go_where_it_has_them():
    profile = load("sunspec_inverter")
    read = reader(image(COMMON, INVERTER, CONTROLS))
    values, raws, places = await looked_at(profile, read)
    assert values[Key.P_W] == 5000
    assert values[Key.F_HZ] == approx(50.0)
    assert places == {"p": 40123 + 3, "q": 40123 + 14}
    p, q = encoded(profile, raws, {Key.P_SET_W: 4e3, Key.Q_SET_VAR: 1e3})
    assert p[:2] == struct.pack(">H", 4000)
    assert q[:2] == struct.pack(">h", 200)


async def test_after_a_firmware_change_all_is_found_where_it_is_then():
    profile = load("sunspec_inverter")
    before = await looked_at(profile, reader(image(COMMON, INVERTER, CONTROLS)))
    changed = image(COMMON, (11, (0,) * 13), CONTROLS, INVERTER, base=50000)
    after = await looked_at(profile, reader(changed))
    assert after[0] == before[0]
    assert after[1] == before[1]
    assert after[2] == {"p": 50086 + 3, "q": 50086 + 14}


async def test_a_device_without_a_model_is_read_as_far_as_it_goes():
    read = reader(image(COMMON, INVERTER))
    values, _, places = await looked_at(load("sunspec_inverter"), read)
    assert values[Key.P_W] == 5000
    assert places == {"p": None, "q": None}


REAL = {
    "DeviceFimerPVSDated20240722": ("fimer_pvs", 9, "01f4 0000 003c 0000 0001"),
    "DeviceSMASunnyBoy36Dated20230810": (
        "sunspec_inverter",
        6,
        "1388 0000 003c 0000 0001",
    ),
    "EmulatedDER": ("sunspec_der", 16, "0001 0001 0000 c350 0000 0000"),
}
"""Of each image: its profile, how many signals it gives, and a frame for 5 kW."""


@mark.parametrize(("name", "case"), REAL.items())
async def test_real_devices_are_understood_through_their_profile(
    name, case, shared_data
):
    path = shared_data / "devices" / f"{name}.json"
    told = json.loads(path.read_text())
    profile_name, signals, frame = case
    profile = load(profile_name)
    read = reader(dict(enumerate(told["registers"], told["base"])))
    values, raws, places = await looked_at(profile, read)
    theirs = {m["ID"]: m for m in told["expected_pysunspec2_1_3_7"]["models"]}
    compared = [p for p in profile.points if p.key in values and p.map is None]
    for point in compared:
        _, name_there = named(point.sunspec)
        there = next(theirs[number] for number in point.models if number in theirs)
        assert values[point.key] == approx(there[name_there] * point.scale), point.key
    assert len(values) == signals == len(compared) + 1
    assert None not in places.values()
    frames = encoded(profile, raws, {Key.P_SET_W: 5e3, Key.Q_SET_VAR: 0.0})
    assert frames[0] == bytes.fromhex(frame)
