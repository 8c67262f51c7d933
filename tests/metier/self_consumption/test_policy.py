from pytest import approx, mark, raises

from ppc.metier.self_consumption.policy import SelfConsumptionSettings, exchange_w

MIDNIGHT_S = 1_782_000_000.0


@mark.parametrize(("hour", "wanted_w"), [(0, 5.0), (7, 5.0), (9, 15.0), (23, 20.0)])
def test_a_profile_is_that_of_the_plants_own_clock(hour, wanted_w):
    settings = SelfConsumptionSettings(
        exchange_w=1.0, exchange_profile_w=[[8, 5], [9, 15], [10, 20]],
        utc_offset_s=3600.0,
    )  # fmt: skip
    assert exchange_w(settings, MIDNIGHT_S + (hour - 1) * 3600) == approx(wanted_w)
    assert exchange_w(settings, None) == 1.0


def test_hours_beyond_the_day_are_refused():
    with raises(ValueError, match=r"^exchange_profile_w is"):
        SelfConsumptionSettings(exchange_profile_w=[[8, 5], [1730, 15]])
