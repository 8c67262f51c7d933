from pytest import approx, mark, raises

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.frequency_sensitive_mode.policy import (
    FrequencySensitiveModeSettings,
    figures,
)

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=60.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
)


@mark.parametrize(
    ("settings", "why"),
    [
        ({"droop_pu": 0.5}, r"droop_pu is 0\.5"),
        ({"deadband_hz": 0.2}, "deadband_hz 0.2 reaches over range_hz"),
        ({"deadband_hz": 0.1, "range_hz": 0.1}, "deadband_hz 0.1 reaches"),
        ({"insensitivity_hz": 0.1}, "insensitivity_hz is 0.1"),
        ({"points_hz_pu": ((0.0, 0.1), (0.5, 1.0))}, "begins with an answer"),
        ({"points_hz_pu": ((0.1, 0.0), (0.2, 0.5), (0.5, 0.4))}, "does not grow"),
        ({"points_hz_pu": ((-0.5, -1.0), (0.5, 1.0))}, "more power at more"),
        ({"points_hz_pu": ((0.0, 0.0), (0.5, 1.0)), "droop_pu": 0.05}, "nothing to a"),
        ({"points_hz_pu": ((0.0, 0.0), (0.5, 1.5))}, "points_hz_pu is"),
        ({"sides": "left"}, "sides is 'left'"),
    ],
)
def test_what_cannot_be_is_refused(settings, why):
    with raises(ValueError, match=why):
        FrequencySensitiveModeSettings(**settings)


def test_what_is_left_out_follows_from_the_plant():
    plant = figures(FrequencySensitiveModeSettings(), PLANT)
    assert plant.reserve_w == 1e6
    assert plant.share(59.76) == approx(1.0)
    assert plant.share(60.12) == approx(-0.5)
    assert plant.release_w_per_s == 0.2e6


def test_a_reserve_in_watts_wins():
    settings = FrequencySensitiveModeSettings(reserve_w=3e6, droop_pu=0.05)
    plant = figures(settings, PLANT)
    assert plant.reserve_w == 3e6
    assert plant.share(59.88) * plant.reserve_w == approx(0.12 / 60 / 0.05 * 10e6)
