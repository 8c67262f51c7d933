from types import SimpleNamespace

from pytest import mark

from ppc.configuration.slots import doubles, slots, unsure


def devices(**given):
    return {name: SimpleNamespace(slot=slot) for name, slot in given.items()}


@mark.parametrize(
    ("given", "found"),
    [
        ({"a": None, "b": None}, {"a": 1, "b": 2}),
        ({"a": None, "b": 1, "c": None}, {"a": 2, "b": 1, "c": 3}),
        ({"a": 7, "b": 3}, {"a": 7, "b": 3}),
        ({"a": 2, "b": None, "c": None, "d": None}, {"a": 2, "b": 1, "c": 3}),
    ],
)
def test_who_has_no_slot_gets_one_that_is_free(given, found):
    assert slots(devices(**given), most=3) == found


def test_two_devices_cannot_have_the_same():
    assert list(doubles(devices(a=1, b=2, c=1, d=None, e=None))) == [
        (("devices", "c", "slot"), "is that of a already")
    ]


def test_some_with_a_slot_and_some_without_are_worth_a_word():
    assert not list(unsure(devices(a=None, b=None)))
    assert not list(unsure(devices(a=1, b=2)))
    [remark] = unsure(devices(a=1, b=None, c=None))
    assert remark.startswith("b, c: no `slot`")
