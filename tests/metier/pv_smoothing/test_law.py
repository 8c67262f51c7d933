from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.metier.pv_smoothing.law import reach_law, restore_law

WATTS, SIZES = st.floats(-1e8, 1e8), st.floats(0, 1e8)


def test_a_full_battery_gives_and_an_empty_one_takes():
    given_w = [
        restore_law(soc, soc_ref_pu=0.5, gain_pu=0.3, rated_w=6e6)
        for soc in (0.7, 0.5, 0.2)
    ]
    assert given_w == approx([0.36e6, 0.0, -0.54e6])


@given(WATTS, WATTS, SIZES, SIZES)
def test_batteries_are_never_asked_for_more_than_they_can(wanted, resting, take, give):
    reached = reach_law(
        wanted, resting_w=resting, takes_w=-take, gives_w=give, curtail=False
    )
    assert resting - take <= reached <= resting + give
    assert reached in {wanted, resting - take, resting + give}


@given(WATTS, WATTS, SIZES, SIZES)
def test_where_pv_may_be_curtailed_less_can_always_be_reached(
    wanted, resting, take, give
):
    reached = reach_law(
        wanted, resting_w=resting, takes_w=-take, gives_w=give, curtail=True
    )
    assert reached == min(wanted, resting + give)
