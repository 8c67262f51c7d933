from pytest import approx, mark, raises

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.schedule.policy import DAYS, ScheduleSettings, figures, planned_w

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3e6
)
MONDAY_S = 1_782_086_400.0
"""Midnight."""


@mark.parametrize("day", range(7))
def test_each_day_has_its_own_table(day):
    settings = ScheduleSettings(
        every_day_w=[[0, 99]], **{name: [[0, i]] for i, name in enumerate(DAYS)}
    )
    wall_s = MONDAY_S + day * 86400 + 3600
    assert planned_w(settings, figures(settings, PLANT), wall_s) == day


def test_a_day_without_one_is_as_every_day():
    settings = ScheduleSettings(
        every_day_w=[[0, 0], [24, 24]], sunday_w=[[0, 5]], interpolation="linear"
    )
    plant = figures(settings, PLANT)
    assert planned_w(settings, plant, MONDAY_S + 6 * 3600) == approx(6.0)
    assert planned_w(settings, plant, MONDAY_S - 6 * 3600) == 5.0
    assert planned_w(settings, plant, None) is None


def test_hours_beyond_the_day_are_refused():
    with raises(ValueError, match=r"^friday_w is"):
        ScheduleSettings(friday_w=[[1730, 5]])
