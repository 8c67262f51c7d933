from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from ppc.metier.self_consumption.law import balance_law

WATTS = st.floats(-1e8, 1e8)


def aim(resting_w, *, exchange_w=0.0, band_w=0.0, storable_w=3.0, curtail=False):
    return balance_law(
        exchange_w, band_w=band_w, resting_w=resting_w, storable_w=storable_w,
        curtail=curtail,
    )  # fmt: skip


@mark.parametrize(
    ("resting_w", "options", "aim_w"),
    [
        (-2.0, {}, 0.0),  # a deficit comes out of the batteries
        (2.0, {}, 0.0),  # a surplus goes into them
        (5.0, {}, 2.0),  # as far as it goes in
        (5.0, {"curtail": True}, 0.0),
        (0.5, {"band_w": 1.0}, 0.5),
        (-5.0, {"band_w": 1.0}, -1.0),
        (-5.0, {"exchange_w": -2.0}, -2.0),
    ],
)
def test_by_hand(resting_w, options, aim_w):
    assert aim(resting_w, **options) == aim_w


@given(WATTS, WATTS, st.floats(0, 1e8), st.floats(0, 1e8))
def test_pv_is_curtailed_only_where_that_is_wanted(
    resting_w, exchange_w, band_w, storable_w
):
    options = {"exchange_w": exchange_w, "band_w": band_w, "storable_w": storable_w}
    assert aim(resting_w, **options) >= resting_w - storable_w
    kept = aim(resting_w, **options, curtail=True)
    assert abs(kept - exchange_w) <= band_w * (1 + 1e-9) + 1e-6
