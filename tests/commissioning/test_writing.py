from pytest import mark, raises

from ppc.commissioning.writing import CannotWrite, change, writable, written


async def test_a_set_point_goes_with_the_others_as_they_are(served, inverter, subject):
    inverter.tables["holding"][42] = 5
    async with served(inverter) as line:
        found = await change(line, subject, "p_set_w", "70000")
        assert found.before == bytes.fromhex("000000000005")
        assert found.taken == bytes.fromhex("000111700005")
        assert found.means == {"p_set_w": 70000, "q_set_var": 50}
        assert [t async for t in written(line, found)] == []
    assert [inverter.tables["holding"][i] for i in range(40, 43)] == [1, 0x1170, 5]


async def test_what_was_not_taken_is_said(served, inverter, subject):
    inverter.takes = False
    async with served(inverter) as line:
        found = await change(line, subject, "p_set_w", "7")
        (trouble,) = [t async for t in written(line, found)]
    assert trouble == "not taken: the registers hold 0000 0000 0000"


async def test_what_is_refused_by_the_device_is_said(served, inverter, subject):
    del inverter.tables["holding"][42]
    async with served(inverter) as line:
        found = await change(line, subject, "p_set_w", "7")
        assert found.before is None
        assert found.means["q_set_var"] == 0  # the safe one
        (trouble,) = [t async for t in written(line, found)]
    assert trouble.startswith("not written: Modbus exception 0x02")


@mark.parametrize(
    ("name", "text", "payload"),
    [
        ("status", "off", "0000"),
        ("status", "5", "0005"),
        ("limit", "990", "0063"),  # the exponent is 1
        ("flag", "0xc", "a5cc"),
        ("tag", "ok", "6f6b0000"),
    ],
)
async def test_points_marked_writable(served, inverter, subject, name, text, payload):
    async with served(inverter) as line:
        found = await change(line, subject, name, text)
        assert found.taken.hex() == payload
        assert [t async for t in written(line, found)] == []


@mark.parametrize(
    ("name", "text", "why"),
    [
        ("serial", "X", "not marked writable"),
        ("p_w", "1", "not marked writable"),
        ("nothing", "1", "has no point"),
        ("p_set_w", "much", "is no number"),
        ("p_set_w", "nan", "is no number"),
        ("p_set_w", "2e6", r"not within 0 to 1e\+06"),
        ("limit", "-1", "not within 0 to 5000"),
    ],
)
async def test_what_may_not_be_written(served, inverter, subject, name, text, why):
    async with served(inverter) as line:
        with raises(CannotWrite, match=why):
            await change(line, subject, name, text)


async def test_a_single_register_by_function_6(served, inverter, subject):
    async with served(inverter) as line:
        found = await change(line, subject, "status", "3", single=True)
        assert found.question.function == 6
        assert [t async for t in written(line, found)] == []
        with raises(CannotWrite, match="function 6"):
            await change(line, subject, "tag", "ab", single=True)
    assert inverter.tables["holding"][30] == 3


async def test_bits_of_a_register_that_cannot_be_read_are_not_written(
    served, inverter, subject
):
    del inverter.tables["holding"][34]
    async with served(inverter) as line:
        with raises(CannotWrite, match="what else is in its registers"):
            await change(line, subject, "flag", "1")


def test_what_may_be_written_is_known_by_name(subject):
    assert writable(subject) == (
        *("p_set_w", "q_set_var", "status", "limit", "flag", "tag"),
    )
