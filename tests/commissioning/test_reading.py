from math import isnan

from ppc.adapter.profile import DeviceProfile
from ppc.commissioning.reading import read
from ppc.commissioning.subject import Subject
from tests.commissioning.conftest import RegisterStation


async def read_all(served, station, subject, *wanted):
    async with served(station) as line:
        return {r.name: r async for r in read(line, subject, wanted)}


async def test_every_point_is_shown_with_its_registers(served, inverter, subject):
    found = await read_all(served, inverter, subject)
    p = found["p_w"]
    assert (p.value, p.unit, p.quality, p.registers) == (
        1234, "W", "good", "0000 04d2",
    )  # fmt: skip
    assert (p.where, p.keyed) == ("holding 0", True)
    assert found["q_var"].value == -20
    assert found["serial"].value == found["serial"].shown == "AB1234"
    assert found["status"].shown == "7 (on)"
    assert found["alarms"].words == "hot, low voltage"
    assert found["limit"].value == 200
    assert not found["limit"].keyed
    assert len(inverter.reads) == 3


async def test_only_what_is_wanted_is_asked(served, inverter, subject):
    found = await read_all(served, inverter, subject, "serial")
    assert list(found) == ["serial"]
    assert len(inverter.reads) == 1


async def test_qualities(served, inverter, subject):
    inverter.tables["holding"] |= {0: 0x7FFF, 2: 0x8000}
    found = await read_all(served, inverter, subject)
    assert found["p_w"].quality == "outOfRange"
    assert found["q_var"].quality == "absent"
    assert isnan(found["q_var"].value)
    assert found["q_var"].shown == "—"
    assert found["q_var"].as_dict(0.0)["value"] is None


async def test_what_is_refused_as_a_whole_is_asked_for_piece_by_piece(
    served, inverter, subject
):
    for place in (33, 36):
        del inverter.tables["holding"][place]
    found = await read_all(served, inverter, subject)
    assert found["status"].quality == "good"
    assert found["limit"].quality == found["exponent"].quality == "refused 02h"
    assert found["tag"].quality == "refused 02h"
    assert found["flag"].value == 3


async def test_a_silent_device_gives_points_without_values(served, inverter, subject):
    async with served(inverter, unit=9) as line:
        found = [r async for r in read(line, subject)]
    assert {r.quality for r in found} == {"refused 0Bh"}
    assert len(found) == 9


async def test_sums_are_shown_and_fail_with_their_parts(served):
    profile = DeviceProfile.of(
        {
            "source": "test",
            "type": "pv",
            "points": [
                {"name": "out", "address": 0},
                {"name": "in", "address": 1, "absent": 0xFFFF},
            ],
            "sums": [{"key": "p_w", "of": {"out": 1, "in": -1}}],
            "commands": {
                "address": 9,
                "count": 1,
                "points": [{"key": "p_set_w", "address": 9}],
            },
        }
    )
    station = RegisterStation({0: 500, 1: 100})
    found = await read_all(served, station, Subject("s", profile, 1))
    assert (found["p_w"].value, found["p_w"].quality) == (400, "good")
    station.tables["holding"][1] = 0xFFFF
    found = await read_all(served, station, Subject("s", profile, 1))
    assert found["p_w"].quality == "failure"


async def test_what_several_requests_bring_is_shown_once(served):
    data = {
        "source": "test",
        "type": "poi",
        "points": [
            {"key": "p_w", "address": 0, "scale_from": "exponent"},
            {"name": "current", "address": 1, "scale_from": "exponent", "unit": "A"},
            {"name": "exponent", "address": 2},
            *({"key": k, "address": 3 + i} for i, k in enumerate(("q_var", "v_v"))),
            {"key": "f_hz", "address": 5},
        ],
    }
    subject = Subject("m", DeviceProfile.of(data), 1)
    station = RegisterStation({i: i for i in range(6)})
    async with served(station) as line:
        found = [r.name async for r in read(line, subject)]
        (current,) = [r async for r in read(line, subject, ["current"])]
    assert sorted(found) == sorted({"current", "exponent", *subject.names})
    assert current.value == 100
