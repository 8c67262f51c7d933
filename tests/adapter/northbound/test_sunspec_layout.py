from pytest import mark, raises

from ppc.adapter.northbound.sunspec_layout import Chain, ModelLayout, exponent
from ppc.adapter.northbound.sunspec_values import COUNTS, MODELS
from ppc.adapter.register_type import RegisterType

LENGTHS = {1: 66, 701: 153, 702: 50, 703: 17, 704: 65, 713: 7, 715: 7}
"""Of the public models without groups that repeat."""


def test_the_chain_is_walked_from_the_marker_to_the_end_model():
    chain = Chain(40000, MODELS, COUNTS)
    payload = chain.pack({number: {} for number in MODELS})
    words = [int.from_bytes(payload[i : i + 2]) for i in range(0, len(payload), 2)]
    assert payload[:4] == b"SunS"
    assert len(words) == chain.count
    at, seen = 2, {}
    while words[at] != 0xFFFF:
        seen[words[at]] = words[at + 1]
        at += 2 + words[at + 1]
    assert words[at:] == [0xFFFF, 0]
    assert tuple(seen) == MODELS
    assert seen.items() >= LENGTHS.items()


@mark.parametrize(
    ("most", "form", "power"),
    [
        (10e6, RegisterType.S16, 3),
        (32766, RegisterType.S16, 0),
        (32768, RegisterType.S16, 1),
        (65000, RegisterType.U16, 0),
        (1.0, RegisterType.S16, 0),
    ],
)
def test_an_exponent_makes_it_fit(most, form, power):
    assert exponent(most, form) == power


def test_a_value_never_looks_as_if_it_were_not_implemented():
    layout = ModelLayout(701, 40070, {})
    spot = next(s for s in layout.spots if s.path == "W")
    for value, raw in ((-1e9, b"\x80\1"), (1e9, b"\x7f\xff"), (None, b"\x80\0")):
        payload = layout.pack({"W": value, "W_SF": 0})
        first = 2 * (spot.address - layout.address)
        assert payload[first : first + 2] == raw


def test_a_model_nobody_knows_is_refused():
    with raises(ValueError, match="model 9 is not known"):
        ModelLayout(9, 40000, {})
