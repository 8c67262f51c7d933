from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.active_power_reserve.law import delta_law, sustained_law

WATTS = st.floats(-1e8, 1e8)


@mark.parametrize(
    ("soc_pu", "sustain_s", "power_w"),
    [(0.5, 3600, 2e6), (0.5, 900, 3e6), (0.1, 3600, 0.0), (0.0, 3600, 0), (0, 0, 3e6)],
)
def test_of_a_battery_counts_what_it_can_sustain(soc_pu, sustain_s, power_w):
    assert sustained_law(
        3e6, soc_pu=soc_pu, soc_min_pu=0.1, e_max_wh=5e6, sustain_s=sustain_s
    ) == approx(power_w)


@given(WATTS, st.floats(0, 1e8), WATTS)
def test_it_is_kept_but_nothing_is_drawn_for_it(available_w, reserve_w, floor_w):
    limit_w = delta_law(available_w, reserve_w, floor_w=floor_w)
    assert limit_w >= floor_w
    assert limit_w == floor_w or available_w - limit_w == approx(reserve_w, abs=1e-6)
