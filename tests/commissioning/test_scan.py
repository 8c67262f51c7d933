import yaml
from pytest import raises

from ppc.adapter.profile import DeviceProfile
from ppc.commissioning.line import DirectLine
from ppc.commissioning.scan import (
    Found,
    GentleLine,
    distinct,
    plant_lines,
    ranked,
    stations,
    telling,
    tried,
)
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import NotConnected
from tests.commissioning.conftest import INVERTER

OTHER = {
    **INVERTER,
    "points": [
        {"key": "p_w", "address": 20, "type": "s32", "valid": [-1e6, 1e6]},
        {"key": "q_var", "address": 60, "type": "s16"},
    ],
    "actions": {},
}


def profiles(**more):
    known = {"inverter": INVERTER, "other": OTHER, **more}
    return {name: DeviceProfile.of(data) for name, data in known.items()}


async def test_unit_ids_that_answer_are_found(served, inverter):
    async with served(inverter, unit=3) as line:
        found = [each async for each in stations(line, (1, 2, 3, 4))]
    assert [unit for unit, answer in found if answer] == [3]
    assert found[2][1].says == "holding 0 is 0000"


async def test_nobody_there_ends_the_search(free_port):
    settings = ModbusTcpSettings(host="127.0.0.1", port=free_port())
    line = DirectLine(ModbusTcp(settings), connected_within_s=0.05)
    with raises(NotConnected):
        _ = [each async for each in stations(line, (1, 2))]
    await line.close()


def test_a_device_that_answers_to_every_unit_id_is_one():
    found = [Found(i, 0.01, "holding 0 is 0007") for i in range(1, 6)]
    assert len(distinct(found, range(1, 6))) == 1
    assert len(distinct(found, range(1, 9))) == 5
    assert len(distinct([*found[:4], Found(5, 0.0, "x")], range(1, 6))) == 5


async def test_the_profile_that_fits_is_first_and_nothing_is_written(served, inverter):
    before = dict(inverter.tables["holding"])
    async with served(inverter) as line:
        gentle = GentleLine(line, 0.0)
        candidates = [each async for each in tried(gentle, 1, profiles())]
    best = ranked(candidates)
    assert best[0].name == "inverter"
    assert best[0].fit.plausible == 2
    assert candidates[1].fit.refused >= 1
    assert inverter.tables["holding"] == before
    assert telling(best[0]) == "p_w 1234, q_var -20"


async def test_identity_decides(served, inverter):
    known = {**INVERTER, "identity": [{"address": 30, "among": [7]}]}
    stranger = {**INVERTER, "identity": [{"address": 30, "among": [8]}]}
    async with served(inverter) as line:
        gentle = GentleLine(line, 0.0)
        candidates = [
            each async for each in tried(gentle, 1, profiles(a=known, b=stranger))
        ]
    assert ranked(candidates)[0].name == "a"
    assert "b" not in [each.name for each in ranked(candidates)]


async def test_what_was_asked_is_not_asked_again(served, inverter):
    async with served(inverter) as line:
        gentle = GentleLine(line, 0.0)
        _ = [each async for each in tried(gentle, 1, profiles(same=INVERTER))]
    assert len(inverter.reads) == len(set(inverter.reads)) == gentle.asked_count


async def test_the_lines_for_plant_yaml_can_be_pasted(served, inverter):
    async with served(inverter) as line:
        gentle = GentleLine(line, 0.0)
        (candidate, *_) = [each async for each in tried(gentle, 1, profiles())]
    text = plant_lines("pv9", candidate, 1, {"driver": "modbus_tcp", "host": "h"})
    assert "# s_max_va: " in text
    assert yaml.safe_load(text)["pv9"] == {
        "profile": "inverter",
        "connection": {"driver": "modbus_tcp", "host": "h"},
        "station": 1,
    }
