from pytest import mark

from ppc.datamodel.observation import Orders
from ppc.metier.active_power_reserve.policy import ActivePowerReserveSettings, reserve_w


@mark.parametrize(
    ("options", "orders", "kept_w"),
    [
        ({}, {}, 0.0),
        ({"reserve_pu": 0.1}, {}, 1e6),
        ({"reserve_pu": 0.1, "reserve_of": "available"}, {}, 0.4e6),
        ({"reserve_pu": 0.1}, {"p_reserve_w": 2e6}, 2e6),
        ({"reserve_pu": 0.1}, {"p_reserve_w": 0.0}, 0.0),
        ({"reserve_pu": 0.1}, {"p_reserve_w": 2e6, "enable_code": 0}, 0.0),
    ],
)
def test_an_order_comes_before_what_is_set(options, orders, kept_w):
    settings = ActivePowerReserveSettings(**options)
    assert (
        reserve_w(settings, Orders(**orders), p_max_w=10e6, available_w=4e6) == kept_w
    )
