"""The reserve over time: when it is there, how it goes, and when it is ready again."""

from pytest import approx, mark, raises

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders, Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier import FUNCTIONS

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
)
KIND = FUNCTIONS["fast_frequency_reserve"]


class Course:
    """A function and its clock."""

    def __init__(self, plant=PLANT, dt_s=0.1, **settings):
        self.function = KIND(KIND.Settings(**settings), plant)
        self.time_s, self.dt_s = 0.0, dt_s
        self.p_w: list[float] = []

    def run(self, f_hz, for_s, enable_code=None):
        for _ in range(round(for_s / self.dt_s)):
            self.time_s += self.dt_s
            obs = SystemObs(
                time_s=self.time_s, dt_s=self.dt_s, poi=Poi(20e3, f_hz, 0.0, 0.0),
                orders=Orders(enable_code=enable_code),
            )  # fmt: skip
            self.p_w.append(self.function.step(obs, Envelope()).p_bias_w)
        return self.p_w[-1]


@mark.parametrize("dt_s", [0.02, 0.1, 0.5])
def test_all_of_it_is_there_at_once_and_for_its_time_whatever_the_frequency_does(dt_s):
    course = Course(reserve_pu=0.3, dt_s=dt_s)
    course.run(50.0, 2.0)
    assert course.run(49.69, dt_s) == 3e6
    course.run(None, 2.0)
    course.run(51.0, 1.3 + 5.0 - 2.0 - dt_s)
    assert min(course.p_w[-round(6.0 / dt_s) :]) == 3e6
    course.run(50.0, 7.0)
    assert course.p_w[-1] == 0.0


def test_it_goes_by_its_own_slope():
    course = Course(reserve_pu=0.3, deactivation_pu_per_s=0.2)
    course.run(50.0, 1.0)
    course.run(49.5, 20.0)
    steps = [a - b for a, b in zip(course.p_w, course.p_w[1:], strict=False)]
    assert max(steps) == approx(0.2 * 0.1 * 3e6)


def test_a_plant_of_60_hz_has_its_own_threshold():
    plant = ConnectionPoint(
        v_nominal_v=20e3, f_nominal_hz=60.0, p_max_w=10e6, p_min_w=0.0, q_max_var=3e6
    )
    course = Course(plant)
    course.run(60.0, 1.0)
    assert course.run(59.65, 1.0) == 0.0
    assert course.run(59.63, 1.0) == 1e6


def test_a_short_dip_is_passed_over_when_it_has_to_be_confirmed():
    course = Course(confirm_s=0.2)
    course.run(50.0, 1.0)
    course.run(49.5, 0.2)
    assert course.run(50.0, 1.0) == 0.0
    assert course.run(49.5, 0.4) == 1e6


def test_energy_is_taken_back_gently_and_no_more_than_was_given():
    course = Course(reserve_pu=0.3, recover_pu=0.25)
    course.run(50.0, 1.0)
    course.run(49.6, 40.0)
    assert min(course.p_w) == 0.0  # not while the frequency is low
    course.run(50.0, 200.0)
    assert min(course.p_w) == approx(-0.25 * 3e6)
    assert sum(course.p_w) == approx(0.0, abs=0.02 * sum(map(abs, course.p_w)))
    assert course.p_w[-1] == 0.0


def test_a_second_fall_is_answered_when_it_is_ready_again():
    course = Course(rearm_s=100.0)
    course.run(50.0, 1.0)
    course.run(49.6, 30.0)
    course.run(50.0, 30.0)
    assert course.run(49.6, 1.0) == 0.0
    course.run(50.0, 60.0)
    assert course.run(49.6, 1.0) == 1e6


def test_without_a_frequency_nothing_is_asked_for():
    course = Course()
    course.run(50.0, 1.0)
    assert course.run(None, 10.0) == 0.0
    assert course.function.mode == "blind"
    assert course.run(49.6, 0.2) == 1e6


def test_switched_off_it_goes_without_a_jump():
    course = Course()
    course.run(50.0, 1.0)
    course.run(49.6, 2.0)
    assert course.run(49.6, 1.0, enable_code=0) == approx(0.81 * 1e6)
    assert course.run(49.6, 10.0, enable_code=0) == 0.0


@mark.parametrize(
    ("settings", "why"),
    [
        ({"support_s": 5.0, "deactivation_pu_per_s": 0.5}, "stay for 30 s"),
        ({"support_s": 600, "buffer_s": 300}, "ready again within 900 s"),
        ({"rearm_s": 901.0}, "rearm_s is 901"),
    ],
)
def test_what_breaks_the_rules_is_refused(settings, why):
    with raises(ValueError, match=why):
        KIND.Settings(**settings)


def test_a_long_support_may_end_at_once():
    KIND.Settings(support_s=30.0, deactivation_pu_per_s=10.0)
