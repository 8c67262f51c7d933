from math import isnan, nan

from pytest import mark

from ppc.adapter.northbound.curve_words import CURVES, MOST_POINTS
from ppc.metier import FUNCTIONS


@mark.parametrize("code", CURVES)
def test_every_curve_is_made_of_settings_there_are(code):
    curve = CURVES[code]
    names = FUNCTIONS[curve.function].Settings.__dataclass_fields__
    told = [(0.9 + 0.01 * i, 0.05) for i in range(curve.counts.stop - 1)]
    assert set(curve.changes(told, 5.0)) <= set(names)
    assert "response_s" in names


def test_points_come_back_without_the_digits_of_32_bits():
    said = CURVES[1].changes([(0.949999988079071, 0.4399999976158142)], nan)
    assert said == {"points_pu": [[0.95, 0.44]]}


def test_single_settings_may_stay_as_they_are():
    curve = CURVES[2]
    assert curve.changes([(50.2, 0.04), (nan, 0.05)], 2.0) == {
        "over_hz": 50.2, "droop_pu": 0.04, "droop_under_pu": 0.05, "response_s": 2.0,
    }  # fmt: skip
    settings = {"over_hz": None, "droop_pu": 0.05, "under_hz": 49.8,
                "droop_under_pu": 0.05}  # fmt: skip
    (x, y), lower = curve.points(settings)
    assert isnan(x)
    assert (y, lower) == (0.05, (49.8, 0.05))


def test_how_many_points_there_may_be():
    assert list(CURVES[1].counts) == list(range(2, MOST_POINTS + 1))
    assert list(CURVES[2].counts) == [2]
