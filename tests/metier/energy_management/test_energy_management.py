"""The store over time: when it is restored, how fast, and when it must not be."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx, mark, raises

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier import FUNCTIONS

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
)
KIND = FUNCTIONS["energy_management"]
RATING = UnitRating("b", EquipmentType.BESS, 11e6, 10e6, -10e6, 3e6, 10e6)


class Course:
    """A function, its clock, and a battery of 10 MWh that does what is added."""

    def __init__(self, soc_pu=0.5, dt_s=1.0, **chosen):
        self.function = KIND(KIND.Settings(**chosen), PLANT)
        self.time_s, self.dt_s, self.soc_pu = 0.0, dt_s, soc_pu
        self.p_w: list[float] = []

    def run(self, f_hz, for_s, *, answer_w=0.0, seen=True, enable_code=None):
        for _ in range(round(for_s / self.dt_s)):
            self.time_s += self.dt_s
            unit = Unit(RATING, soc_pu=self.soc_pu if seen else None)
            obs = SystemObs(
                time_s=self.time_s, dt_s=self.dt_s, poi=Poi(20e3, f_hz, 0.0, 0.0),
                bess={"b": unit}, orders=Orders(enable_code=enable_code),
            )  # fmt: skip
            self.p_w.append(self.function.step(obs, Envelope()).p_bias_w)
            spent_wh = (self.p_w[-1] + answer_w) * self.dt_s / 3600.0
            self.soc_pu = min(max(self.soc_pu - spent_wh / RATING.e_max_wh, 0.0), 1.0)
        return self.p_w[-1]


@mark.parametrize(("soc_pu", "sign"), [(0.3, -1), (0.7, 1)])
def test_it_is_led_slowly_to_its_target_and_left_there(soc_pu, sign):
    course = Course(soc_pu, ramp_s=60.0)
    assert course.run(50.0, 30.0) == approx(sign * 0.5 * 1.25e6, rel=0.05)
    assert course.run(50.0, 300.0) == approx(sign * 1.25e6)
    course.run(50.0, 7200.0)
    assert course.soc_pu == approx(0.5, abs=0.011)
    assert course.p_w[-1] == 0.0
    assert course.function.mode == "normal"


def test_near_its_target_it_is_left_alone():
    assert Course(0.46).run(50.0, 600.0) == 0.0


@given(
    st.floats(0.0, 1.0),
    st.lists(st.floats(49.5, 50.5), min_size=1, max_size=30),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_it_never_works_against_the_frequency(soc_pu, frequencies, assist):
    course = Course(soc_pu, assist=assist, ramp_s=5.0)
    for f_hz in frequencies:
        p_w = course.run(f_hz, 10.0)
        assert abs(p_w) <= 1.25e6
        assert not (f_hz < 49.99 and p_w < 0.0)
        assert not (f_hz > 50.01 and p_w > 0.0)
        if course.function.mode == "alert":
            assert p_w == 0.0


def test_what_helps_goes_on_only_where_that_is_wished():
    for assist, p_w in ((False, 0.0), (True, -1.25e6)):
        course = Course(0.2, assist=assist)
        course.run(50.0, 120.0)
        assert course.run(50.03, 120.0) == approx(p_w)


def test_in_alert_state_nothing_is_restored_until_it_ends():
    course = Course(0.2, assist=True)
    course.run(50.0, 120.0)
    course.run(50.2, 100.0)
    assert (course.function.mode, course.p_w[-1]) == ("alert", 0.0)
    course.run(50.06, 100.0)
    assert (course.function.mode, course.p_w[-1]) == ("alert", 0.0)
    assert course.run(50.0, 100.0) == approx(-1.25e6)


def test_nordic_restoring_goes_by_endurance_and_by_a_mean_of_five_minutes():
    course = Course(0.31, scheme="nordic")  # 26 % of 10 MWh at 5 MW: 31 min
    assert course.run(50.05, 600.0) == 0.0
    course.soc_pu = 0.29
    assert course.run(49.95, 150.0) == approx(-0.17 * 5e6, rel=0.01)
    assert course.run(49.95, 200.0) == approx(-0.34 * 5e6)
    assert course.run(49.89, 150.0) == approx(-0.17 * 5e6, rel=0.01)
    assert course.run(49.89, 200.0) == 0.0


def test_a_store_nearly_empty_answers_short_term_deviations_only():
    course = Course(0.5, scheme="nordic", short_term=True)
    course.run(50.0, 10.0)
    course.soc_pu = 0.05 + 4.9 / 60.0 * 0.5  # 4.9 min of 5 MW
    assert course.run(49.89, 1.0) == approx(0.0, abs=0.01 * 5e6)
    assert course.function.mode == "short_term"
    assert course.run(49.89, 150.0) == approx(-0.5 * 5e6, rel=0.02)
    assert course.run(49.89, 200.0) == approx(-5e6)
    course.soc_pu = 0.55
    assert course.run(50.0, 150.0) == approx(-0.5 * 5e6, rel=0.02)
    assert course.run(50.0, 200.0) == 0.0


@mark.parametrize(("f_hz", "seen"), [(None, True), (50.0, False)])
def test_what_is_not_known_counts_for_its_time_then_all_goes_back_slowly(f_hz, seen):
    course = Course(0.2, ramp_s=60.0)
    course.run(50.0, 120.0)
    assert course.run(f_hz, 60.0, seen=seen) == approx(-1.25e6)
    assert course.run(f_hz, 30.0, seen=seen) == approx(-0.5 * 1.25e6, rel=0.1)
    assert course.run(f_hz, 60.0, seen=seen) == 0.0
    assert course.function.mode == "blind"


def test_left_out_the_power_is_there_while_the_frequency_lets_it():
    assert Course(0.2).run(50.0, 16.0) == approx(-1.25e6)


def test_switched_off_it_goes_without_a_jump():
    course = Course(0.2, ramp_s=60.0)
    course.run(50.0, 120.0)
    assert course.run(50.0, 30.0, enable_code=0) == approx(-0.5 * 1.25e6, rel=0.05)
    assert course.run(50.0, 40.0, enable_code=0) == 0.0


@mark.parametrize("dt_s", [0.1, 0.5, 5.0])
def test_it_does_not_depend_on_the_cycle_time(dt_s):
    course = Course(0.2, dt_s=dt_s)
    course.run(50.0, 1800.0)
    assert course.soc_pu == approx(0.2 + 0.125 * (1770.0 / 3600.0), rel=0.01)


@mark.parametrize(
    ("chosen", "why"),
    [
        ({"reserve_pu": 0.85}, r"at most 0\.8 .* must be 1\.25"),
        ({"reserve_pu": 0.78, "scheme": "nordic"}, r"at most 0\.746 .* must be 1\.34"),
        ({"soc_target_pu": 0.97}, "soc_target_pu 0.97 is not below soc_max_pu"),
        ({"end_pu": 0.1}, "end_pu 0.1 is not below begin_pu"),
        ({"restore_pu": 0.05}, "restore_pu is 0.05"),
    ],
)
def test_what_breaks_the_rules_is_refused(chosen, why):
    with raises(ValueError, match=why):
        KIND.Settings(**chosen)


def test_a_store_nearly_empty_is_not_charged_in_alert_state_either():
    course = Course(0.06, short_term=True, assist=True)
    course.run(50.0, 120.0)
    assert course.function.mode == "short_term"
    course.run(50.2, 1.0)
    course.run(50.06, 99.0)
    restored_w = course.function._restored_w
    assert (course.function._alert.on, restored_w) == (True, 0.0)
