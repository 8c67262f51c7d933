from pytest import approx, mark, raises

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.power_factor.policy import PowerFactorSettings, factor, figures

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=0.0, q_max_var=3.3e6
)
CURVE = ((0.5, 1.0), (1.0, -0.95))
UNDER = PowerFactorSettings(pf_set_pu=0.9, excitation="under")


@mark.parametrize(
    ("orders", "settings", "wanted"),
    [
        (Orders(), UNDER, -0.9),
        (Orders(pf_set_pu=0.97), UNDER, -0.97),
        (Orders(excitation_code=0.0), UNDER, 0.9),
        (Orders(pf_set_pu=0.97, excitation_code=0.0), UNDER, 0.97),
        (Orders(pf_set_pu=0.97, excitation_code=1.0), PowerFactorSettings(), -0.97),
        (Orders(pf_set_pu=0.0), PowerFactorSettings(), 0.5),
        (Orders(pf_set_pu=1.2), PowerFactorSettings(), 1.0),
        (Orders(), PowerFactorSettings(points_p_pf=CURVE), -0.95),
        (Orders(pf_set_pu=0.9), PowerFactorSettings(points_p_pf=CURVE), 0.9),
    ],
)
def test_an_ordered_power_factor_goes_before_the_settings(orders, settings, wanted):
    assert factor(1.0, orders, settings) == approx(wanted)


@mark.parametrize(
    ("options", "word"),
    [
        ({"pf_set_pu": 0.4}, "pf_set_pu"),
        ({"pf_set_pu": -0.95}, "pf_set_pu"),
        ({"excitation": "none"}, "excitation"),
        ({"points_p_pf": [[0.5, 1.0], [1.0, 0.3]]}, "points_p_pf"),
        ({"points_p_pf": [[0.5, 1.0], [1.0, 1.1]]}, "points_p_pf"),
        ({"v_lock_out_pu": 0.98}, "v_lock_out_pu"),
        ({"v_lock_in_pu": 1.0, "v_lock_out_pu": 1.0}, "v_lock_out_pu"),
    ],
)
def test_what_makes_no_sense_is_refused(options, word: str):
    with raises(ValueError, match=f"^{word} "):
        PowerFactorSettings(**options)


def test_what_is_left_out_follows_from_the_plant():
    found = figures(PowerFactorSettings(points_p_pf=CURVE, v_lock_in_pu=1.05), PLANT)
    assert found.q_max_var == PLANT.q_max_var
    assert found.curve.v_lock_out_pu == approx(0.98)
    assert found.fixed.v_lock_in_pu is None
