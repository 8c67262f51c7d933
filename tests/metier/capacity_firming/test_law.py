from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.capacity_firming.law import exhausted_law, replacement_law

WATTS = st.floats(-1e8, 1e8)


def replacement(resting_w, soc_pu, band_w=5.0):
    return replacement_law(
        resting_w, plan_w=30.0, band_w=band_w, soc_pu=soc_pu, soc_ref_pu=0.5,
        gain_pu=0.5, rated_w=20.0,
    )  # fmt: skip


@mark.parametrize(
    ("resting_w", "soc_pu", "wanted_w"),
    [(31.0, 0.5, 31.0), (31.0, 0.7, 33.0), (34.0, 0.7, 35.0), (28.0, 0.1, 25.0)],
)
def test_inside_the_band_by_hand(resting_w, soc_pu, wanted_w):
    assert replacement(resting_w, soc_pu) == approx(wanted_w)


@given(WATTS, st.floats(0, 1), st.floats(0, 1e6))
def test_it_never_leaves_the_band(resting_w, soc_pu, band_w):
    assert abs(replacement(resting_w, soc_pu, band_w) - 30.0) <= band_w + 1e-6


@mark.parametrize(
    ("resting_w", "curtail", "wanted_w"),
    [(40.0, False, 40.0), (40.0, True, 35.0), (20.0, True, 20.0)],
)
def test_without_batteries_only_a_surplus_can_be_helped(resting_w, curtail, wanted_w):
    aim = exhausted_law(resting_w, plan_w=30.0, band_w=5.0, curtail=curtail)
    assert aim == wanted_w
