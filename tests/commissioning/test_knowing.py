from pytest import raises

from ppc.adapter.profile import DeviceProfile
from ppc.adapter.sunspec.chain import NoSunSpec
from ppc.commissioning.knowing import known, models
from ppc.commissioning.reading import read
from ppc.commissioning.scan import GentleLine, ranked, tried
from ppc.commissioning.subject import Subject
from ppc.commissioning.writing import change, written
from tests.commissioning.conftest import INVERTER, RegisterStation, words

SUNSPEC = {
    "source": "test",
    "type": "pv",
    "points": [
        {"key": "p_w", "sunspec": "103.W"},
        {"key": "f_hz", "sunspec": "103.Hz", "valid": [40, 70]},
        {"name": "missing", "sunspec": "802.SoC"},
    ],
    "commands": [
        {
            "points": [
                {
                    "key": "p_set_w",
                    "sunspec": "123.WMaxLimPct",
                    "scale": 0.01,
                    "base": "p_max_w",
                    "limit_pu": [0, 1],
                }
            ]
        }
    ],
}


def sunspec_station(base=40000):
    registers = [*words("SunS"), 1, 66, *[0] * 66, 103, 50, *[0] * 50]
    registers += [123, 24, *[0] * 24, 0xFFFF, 0]
    at = 4 + 66 + 2
    registers[at + 12], registers[at + 13] = 1234, 1  # W, W_SF
    registers[at + 14], registers[at + 15] = 5000, 0xFFFE  # Hz, Hz_SF
    limits = at + 50 + 2
    registers[limits + 21] = 0xFFFE & 0xFFFF  # WMaxLimPct_SF
    return RegisterStation({base + i: word for i, word in enumerate(registers)})


async def test_sunspec_models_are_found_and_points_placed(served):
    subject = Subject("s", DeviceProfile.of(SUNSPEC), 1)
    async with served(sunspec_station()) as line:
        subject = await known(line, subject)
        assert [model.number for model in subject.models] == [1, 103, 123]
        found = {r.name: r async for r in read(line, subject)}
    assert found["p_w"].value == 12340
    assert found["p_w"].where == "holding 40084"
    assert found["f_hz"].value == 50.0
    assert found["missing"].quality == "notThere"


async def test_a_set_point_goes_to_its_model(served):
    from ppc.commissioning.scan import _any_rating  # noqa: PLC0415

    profile = DeviceProfile.of(SUNSPEC)
    station = sunspec_station()
    async with served(station) as line:
        subject = Subject("s", profile, 1, _any_rating(profile))
        subject = await known(line, subject)
        found = await change(line, subject, "p_set_w", "25000")
        assert found.question.address == 40127
        assert found.means == {"p_set_w": 25000}
        assert [t async for t in written(line, found)] == []
    assert station.tables["holding"][40127] == 2500


async def test_a_device_without_models_is_left_as_it_is(served, inverter):
    subject = Subject("s", DeviceProfile.of(SUNSPEC), 1)
    async with served(inverter) as line:
        assert await known(line, subject) == subject
        with raises(NoSunSpec):
            await models(line, 1)
        found = [r async for r in read(line, subject)]
        assert {r.quality for r in found} == {"notThere"}
        profiles = {"sun": subject.profile, "inv": DeviceProfile.of(INVERTER)}
        gentle = GentleLine(line, 0.0)
        best = ranked([each async for each in tried(gentle, 1, profiles)])
    assert [each.name for each in best] == ["inv"]


async def test_the_device_tells_its_word_order(served):
    data = INVERTER | {
        "word_order_from": {"address": 36, "among": {1: "big", 2: "little"}}
    }
    subject = Subject("inv", DeviceProfile.of(data), 1)
    station = RegisterStation({**dict.fromkeys(range(50), 0), 0: 1234, 36: 2})
    async with served(station) as line:
        told = await known(line, subject)
        assert told.profile.word_order == "little"
        (p,) = [r async for r in read(line, told, ["p_w"])]
        assert p.value == 1234
        station.tables["holding"][36] = 7
        assert await known(line, subject) == subject
