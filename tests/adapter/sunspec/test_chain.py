from pytest import mark, raises

from ppc.adapter.sunspec.chain import BrokenChain, FoundModel, NoSunSpec, discover
from ppc.communication.errors import NoReply, NotConnected
from tests.adapter.sunspec.device import MARK, image, reader

COMMON = (1, (0,) * 66)
INVERTER = (103, (7,) * 50)


@mark.parametrize("base", [40000, 50000, 0])
async def test_the_chain_is_found_at_the_usual_places(base):
    found = await discover(reader(image(COMMON, INVERTER, base=base)))
    assert found == (
        FoundModel(1, base + 4, 66),
        FoundModel(103, base + 72, 50),
    )


async def test_no_place_is_asked_again_once_the_mark_is_found():
    asked = []
    await discover(reader(image(COMMON, base=50000), asked))
    assert asked == [(40000, 2), (50000, 2), (50002, 2), (50070, 2)]


async def test_unknown_models_are_passed_and_the_order_does_not_matter():
    models = ((64999, (1, 2, 3)), INVERTER, (1, (0,) * 65), (65230, (0,)))
    found = await discover(reader(image(*models)))
    assert [(m.number, m.address, m.length) for m in found] == [
        (64999, 40004, 3),
        (103, 40009, 50),
        (1, 40061, 65),
        (65230, 40128, 1),
    ]


async def test_several_of_one_number_are_counted():
    found = await discover(reader(image(COMMON, (203, (0,) * 105), (203, (0,) * 105))))
    assert [(m.number, m.instance) for m in found] == [(1, 0), (203, 0), (203, 1)]


@mark.parametrize("end", [(0xFFFF, 0), (0xFFFF, 0xFFFF), (0xFFFF, 1)])
async def test_the_end_is_known_by_its_number(end):
    assert len(await discover(reader(image(COMMON, end=end)))) == 1


async def test_an_end_without_a_length_is_an_end():
    assert len(await discover(reader(image(COMMON, end=(0xFFFF,))))) == 1


async def test_a_model_without_a_length_is_no_end():
    with raises(BrokenChain, match=r"illegal address\) at 40070"):
        await discover(reader(image(COMMON, end=(103,))))


async def test_a_device_that_is_silent_at_one_place_is_asked_at_the_next():
    inner = reader(image(COMMON, base=0))

    async def read(address, count):
        if address == 40000:
            raise NoReply("nothing")
        return await inner(address, count)

    assert len(await discover(read)) == 1


async def test_without_the_mark_it_says_what_was_there():
    other = dict(enumerate((1, 2, 3, 4), 40000))
    with raises(NoSunSpec, match=r"40000: 00 01 00 02; 50000: .*illegal address"):
        await discover(reader(other))


async def test_without_a_connection_nothing_is_concluded():
    async def read(_address, _count):
        raise NotConnected("down")

    with raises(NotConnected):
        await discover(read)


@mark.parametrize(
    ("end", "why"),
    [
        ((), "illegal address at 40070|illegal address.* at 40070"),
        ((0, 0), "number 0"),
        ((103, 0), "model 103 at 40070 has no length"),
        ((103, 30000), "model 103 at 40070 is too long: 30000"),
    ],
)
async def test_a_chain_that_breaks_off_says_where(end, why):
    with raises(BrokenChain, match=why) as caught:
        await discover(reader(image(COMMON, end=end)))
    assert "after model 1 at 40004, 66 registers" in str(caught.value)
    assert caught.value.found == (FoundModel(1, 40004, 66),)


async def test_a_chain_without_an_end_is_given_up():
    endless = {40000: MARK[0], 40001: MARK[1]}
    endless |= dict(enumerate((7, 1, 0) * 3000, 40002))
    with raises(BrokenChain, match="500 models and no end"):
        await discover(reader(endless))


async def test_a_connection_lost_on_the_way_is_no_broken_chain():
    inner = reader(image(COMMON))

    async def read(address, count):
        if address > 40002:
            raise NotConnected("down")
        return await inner(address, count)

    with raises(NotConnected):
        await discover(read)
