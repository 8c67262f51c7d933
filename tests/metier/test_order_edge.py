from pytest import mark

from ppc.metier.order_edge import Edge


@mark.parametrize(
    ("codes", "rises"),
    [
        ((1, 1), (False, False)),  # the first word is no change
        ((0, 1, 1), (False, True, False)),
        ((0, None, 1), (False, False, True)),
        ((0, 1, None, 1), (False, True, False, False)),
        ((0, 1, 0, 1), (False, True, False, True)),
    ],
)
def test_an_order_counts_when_it_goes_from_0_to_1(codes, rises):
    edge = Edge()
    assert tuple(edge.rises(code) for code in codes) == rises
