"""What control sees of the POI: filtered, believed, of the meter that has it."""

from dataclasses import replace

from pytest import approx

from ppc.core.conditioning import Conditioning, Lag, MeasurementSettings, chosen
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
RATING = UnitRating("b", EquipmentType.BESS, 10e6, 10e6, -10e6, 10e6, 4e6)
GOOD = Poi(20e3, 50.0, 4e6, 1e6)


def play(stage, seconds, *, units_w=4e6, from_s=0.0, **changes):
    """The last of so many seconds."""
    seen = SystemObs(
        time_s=from_s,
        dt_s=0.1,
        poi=GOOD,
        bess={"b": Unit(RATING, units_w, 1e6, 1e7, -1e7, 0.5, 2.0)},
    )
    seen = replace(seen, **changes)
    for i in range(round(seconds / 0.1)):
        out = stage.step(replace(seen, time_s=from_s + i * 0.1), shut=False)
    return out


def fresh(**settings):
    return Conditioning(MeasurementSettings(**settings), PLANT)


def test_a_filter_follows_in_its_time_and_starts_again_after_a_gap():
    lag = Lag(1.0)
    assert lag.step(0.0, 0.1) == 0.0
    for _ in range(10):
        value = lag.step(1.0, 0.1)
    assert value == approx(0.632, abs=0.001)
    assert lag.step(None, 0.1) is None
    assert lag.step(5.0, 0.1) == 5.0


def test_functions_see_filtered_values_the_loop_and_people_do_not():
    stage = fresh(p_filter_s=10.0, v_filter_s=10.0)
    play(stage, 1.0)
    out = play(stage, 0.1, from_s=1.0, poi=GOOD._replace(p_w=4.5e6, v_v=19e3))
    assert 4e6 < out.poi.p_w < 4.1e6
    assert 19.9e3 < out.poi.v_v < 20e3
    assert (out.loop.p_w, out.measurement.poi.v_v) == (4.5e6, 19e3)


def test_as_it_is_when_nothing_is_asked_for():
    out = play(fresh(), 5.0)
    assert out.poi == out.loop == out.measurement.poi == GOOD
    assert out.measurement.mode == "normal"


def test_a_turned_meter_is_kept_from_the_loop_at_once_and_soon_from_all():
    stage, turned = fresh(), GOOD._replace(p_w=-4e6, q_var=-1e6)
    play(stage, 10.0)
    out = play(stage, 0.1, from_s=10.0, poi=turned)
    assert (out.loop.p_w, out.loop.q_var, out.poi.p_w) == (None, None, -4e6)
    assert out.measurement.words == ("doubtful",)
    out = play(stage, 1.0, from_s=10.1, poi=turned)
    assert out.poi[:4] == (20e3, 50.0, None, None)
    out = play(stage, 5.0, from_s=11.1, poi=turned)
    assert out.measurement.words == ("implausible", "missing")


def test_the_loop_is_told_once_what_was_known_before():
    stage, turned = fresh(), GOOD._replace(p_w=-3.8e6, q_var=-1e6)
    play(stage, 10.0, poi=GOOD._replace(p_w=3.8e6))
    told = [
        out.restart
        for i in range(60)
        if (out := play(stage, 0.1, from_s=10 + 0.1 * i, poi=turned)).restart
    ]
    assert told == [approx((2e5, 0.0), abs=1e4)]


def test_each_value_is_of_the_first_meter_that_has_it():
    first, second = Poi(None, 50.0, None, 2.0, fresh=False), Poi(7.0, 49.0, None, 3.0)
    taken, spare = chosen([first, second])
    assert taken == Poi(7.0, 50.0, None, 2.0, fresh=False)
    assert spare == ("v_v",)
    assert chosen([Poi(fresh=False), GOOD]) == (GOOD, ("v_v", "f_hz", "p_w", "q_var"))


def test_two_good_meters_that_differ_for_some_time_are_said():
    stage = fresh()
    apart = GOOD._replace(f_hz=50.02, v_v=20.1e3)
    assert play(stage, 4.8, poi2=apart).measurement.words == ()
    measurement = play(stage, 1.0, from_s=4.8, poi2=apart).measurement
    assert (measurement.mode, measurement.differ) == ("meters_differ", ("f_hz",))
    assert play(stage, 0.1, from_s=6.0, poi2=GOOD).measurement.mode == "normal"


def test_a_test_is_seen_by_functions_and_said_but_not_believed_by_the_loop():
    out = play(fresh(), 1.0, orders=Orders(f_test_hz=0.5, v_test_pu=0.05))
    assert out.poi[:2] == approx((21e3, 50.5))
    assert out.measurement.poi == out.loop == GOOD
    assert out.measurement.mode == "testing"
    assert out.measurement.test_left_s == approx(899.1)
