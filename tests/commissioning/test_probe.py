from ppc.adapter.profile import DeviceProfile
from ppc.commissioning.probe import look, values_of
from ppc.commissioning.subject import Subject
from tests.commissioning.conftest import INVERTER


async def test_a_device_is_looked_at_as_a_whole(served, inverter):
    data = INVERTER | {"identity": [{"address": 30, "among": [7]}]}
    subject = Subject("inv", DeviceProfile.of(data), 1)
    async with served(inverter) as line:
        found = await look(line, subject, "inverter", 5)
    assert found.sound
    assert found.identity is True
    assert found.asked_count == len(found.latencies_s) == 3 + 1 + 4
    assert 0 < found.at(0.5) <= found.at(0.99)
    assert found.count("good") == 9


async def test_what_is_wrong_is_counted(served, inverter, subject):
    inverter.tables["holding"][0] = 0x7FFF
    del inverter.tables["holding"][33]
    async with served(inverter) as line:
        found = await look(line, subject, "inverter", 1)
        values = await values_of(line, subject, ["p_w", "q_var"])
        assert values.pop("at_s") > 0
        assert values == {"q_var": -20}
    assert [r.name for r in found.bad] == ["p_w"]
    assert [r.name for r in found.refused] == ["exponent", "limit"]
    assert not found.sound
    assert found.reached
