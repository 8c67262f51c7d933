from pytest import mark

from ppc.adapter.variants import agrees, variants


@mark.parametrize(
    ("when", "options", "holds"),
    [
        ({"model": "A"}, {"model": "A"}, True),
        ({"model": "A"}, {}, False),
        ({"model": ["A", "B"]}, {"model": "B"}, True),
        ({"firmware": ">=1.9"}, {"firmware": "1.20"}, True),
        ({"firmware": "<1.9"}, {"firmware": "1.20"}, False),
        ({"phases": 3}, {"phases": "3"}, True),
        ({"firmware": ">1.20"}, {"firmware": "1.20"}, False),
        ({"firmware": ">1.20"}, {"firmware": "1.21"}, True),
        ({"firmware": "<1.20"}, {"firmware": "1.20"}, False),
        ({"firmware": "<=1.2"}, {"firmware": "1.2.0"}, True),
        ({"firmware": "<=1.2"}, {"firmware": "1.2.1"}, False),
    ],
)
def test_an_entry_is_for_the_devices_that_agree(when, options, holds):
    assert agrees(when, options) is holds


@mark.parametrize("wanted", ["A", 3, ">=1.20", "<=1.20", ">1.20", "<1.20"])
def test_every_when_agrees_in_some_variant(wanted):
    when = {"option": wanted}
    found = list(variants({"points": [{"when": when}]}))
    assert found[0] == {}
    assert any(agrees(when, options) for options in found)


def test_variants_are_combined_and_not_without_end():
    whens = [{"when": {name: list(range(9))}} for name in "abc"]
    found = list(variants({"blocks": whens}, most=50))
    assert {"a": 0, "b": 0, "c": 1} in found
    assert len(found) == 50
