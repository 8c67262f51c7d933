from pytest import raises

from ppc.commissioning.action import ActionFailed, actions, performed, told


async def test_steps_are_done_in_order(served, inverter, subject):
    inverter.tables["holding"][30] = 0
    steps = actions(subject.profile)["enable"]
    async with served(inverter) as line:
        done = [text async for text in performed(line, subject, steps)]
    assert done == [
        "write 7 to holding 30",
        "wait 0.01 s",
        "expect 7 in holding 30",
    ]
    assert inverter.tables["holding"][30] == 7


async def test_an_action_ends_where_it_fails(served, inverter, subject):
    known = actions(subject.profile)
    assert list(known) == ["enable", "reset"]
    async with served(inverter) as line:
        with raises(ActionFailed, match="expect 9 in holding 30: it holds 7"):
            _ = [text async for text in performed(line, subject, known["reset"])]
        del inverter.tables["holding"][30]
        with raises(ActionFailed, match="illegal address"):
            _ = [text async for text in performed(line, subject, known["enable"])]
    assert told(known["reset"][0]) == "expect 9 in holding 30"
