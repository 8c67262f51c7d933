from ppc.adapter.block import Block
from ppc.application.quarantine import lost_points

BLOCK = Block(
    address=10,
    count=4,
    points=(
        {"key": "p_available_w", "address": 10, "times": "volts"},
        {"name": "volts", "address": 11, "scale_from": "sf"},
        {"name": "sf", "address": 12, "type": "s16"},
        {"key": "soc_pu", "address": 13},
    ),
)


def test_what_leans_on_something_that_is_lost_is_lost_too():
    assert lost_points(BLOCK, ((2, 3),)) == {"sf", "volts", "p_available_w"}
    assert lost_points(BLOCK, ((0, 1),)) == {"p_available_w"}
    assert lost_points(BLOCK, ((3, 4),)) == {"soc_pu"}
