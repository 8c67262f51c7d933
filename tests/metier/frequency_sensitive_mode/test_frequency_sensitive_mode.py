"""The function among others: what rides on top, when, and together with what."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Orders, Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier import FUNCTIONS

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
)
DT_S = 0.1
BOTH = ("limited_frequency_sensitive_mode", "frequency_sensitive_mode")


class Rig:
    """Functions one after the other, and a plant that does what they settle on."""

    def __init__(self, set_w=5e6, names=BOTH[1:], **settings):
        self.functions = [
            FUNCTIONS[name](
                FUNCTIONS[name].Settings(**(settings if "limited" not in name else {})),
                PLANT,
            )
            for name in names
        ]
        self.set_w = self.p_w = set_w
        self.cycle = 0

    @property
    def mode(self):
        return self.functions[-1].mode

    def run(self, f_hz, for_s=1.0, limit_w=inf, **orders):
        for _ in range(round(for_s / DT_S)):
            self.cycle += 1
            obs = SystemObs(
                time_s=self.cycle * DT_S, dt_s=DT_S, orders=Orders(**orders),
                poi=Poi(20e3, f_hz, self.p_w, 0.0),
            )  # fmt: skip
            envelope = Envelope()
            for function in self.functions:
                envelope = function.step(obs, envelope)
            self.p_w = envelope.limit_p(high=limit_w).choose_p(self.set_w).p_w.low
        return self.p_w


@mark.parametrize(
    ("f_hz", "set_w", "p_w"),
    [(49.9, 5e6, 5.5e6), (50.4, 5e6, 4e6), (49.8, 9.5e6, 10e6), (50.2, -10e6, -10e6)],
)
def test_a_set_point_is_moved_by_the_answer_within_the_connection(f_hz, set_w, p_w):
    rig = Rig(set_w)
    rig.run(50.0)
    assert rig.run(f_hz) == approx(p_w)


def test_a_later_limit_does_not_undo_the_answer():
    assert Rig(9e6).run(49.9, limit_w=5e6) == approx(5.5e6)


def test_it_adds_to_what_rides_already_and_stays_within_the_connection():
    function = FUNCTIONS["frequency_sensitive_mode"](
        FUNCTIONS["frequency_sensitive_mode"].Settings(), PLANT
    )
    obs = SystemObs(time_s=1.0, dt_s=DT_S, poi=Poi(20e3, 49.8, 5e6, 0.0))
    riding = function.step(obs, Envelope().add_p(2e6))
    assert riding.p_bias_w == approx(3e6)
    assert riding.p_w == Interval(-10e6, 10e6)


@given(st.lists(st.floats(-0.1, 0.1), min_size=1, max_size=60))
def test_with_the_limited_mode_it_is_one_line_without_a_step(moves_hz):
    """Whatever way the frequency goes: no faster than the droop, or the way back."""
    rig = Rig(0.0, BOTH, droop_pu=0.05)
    f_hz, was_w = 50.0, rig.run(50.0)
    for move_hz in moves_hz:
        f_hz += move_hz
        p_w = rig.run(f_hz, for_s=DT_S)
        by_droop_w = abs(move_hz) / 50.0 / 0.05 * 10e6
        assert abs(p_w - was_w) <= by_droop_w + 10e6 * DT_S + 1.0
        was_w = p_w


@mark.parametrize("f_hz", [49.0, 49.79, 49.81, 50.0, 50.19, 50.21, 51.0])
def test_with_the_limited_mode_of_one_droop_both_lie_on_one_line(f_hz):
    rig = Rig(0.0, BOTH, droop_pu=0.05)
    rig.run(50.0)
    assert rig.run(f_hz) == approx((50.0 - f_hz) / 50.0 / 0.05 * 10e6, abs=1.0)


def test_it_is_late_by_its_delay_and_slow_by_its_response():
    rig = Rig(5e6, delay_s=1.0, response_s=5.0)
    rig.run(50.0, for_s=2.0)
    assert rig.run(49.8, for_s=0.9) == 5e6
    assert rig.run(49.8, for_s=5.1) == approx(5e6 + 0.9 * 1e6, rel=1e-2)
    rig.run(49.8, for_s=20.0)
    assert rig.run(50.0, for_s=0.9) == approx(6e6, rel=1e-3)


def test_small_changes_around_the_last_value_are_left_out():
    rig = Rig(5e6, insensitivity_hz=0.01)
    assert rig.run(49.9) == approx(5.5e6)
    assert rig.run(49.905) == approx(5.5e6)
    assert rig.run(49.92) == approx(5.4e6)


def test_without_a_frequency_it_holds_then_gives_up_then_answers_again():
    rig = Rig(5e6, hold_s=2.0)
    rig.run(49.8)
    assert rig.run(None, for_s=2.0) == approx(6e6)
    assert 5e6 < rig.run(None, for_s=2.0) < 6e6
    assert rig.mode == "blind"
    assert rig.run(None, for_s=5.0) == 5e6
    assert rig.run(49.8) == approx(6e6)


def test_switched_off_it_lets_go_gradually_and_forgets():
    rig = Rig(5e6, delay_s=1.0)
    rig.run(49.8, for_s=3.0)
    assert rig.run(49.8, for_s=1.0, enable_code=0) == approx(5.8e6)
    assert rig.run(49.8, for_s=5.0, enable_code=0) == 5e6
    assert rig.run(49.8, for_s=0.9) == 5e6
    assert Rig(5e6, enabled=False).run(49.8) == 5e6


def test_what_was_heard_before_it_was_switched_off_does_not_count():
    rig = Rig(5e6, insensitivity_hz=0.01)
    rig.run(49.9)
    rig.run(49.9, for_s=6.0, enable_code=0)
    assert rig.run(49.905) == approx(5.475e6)


def test_full_is_what_the_droop_gives_at_the_end_of_its_range():
    rig = Rig(5e6, droop_pu=0.06)
    assert rig.run(49.81) < rig.run(49.5) == approx(5e6 + 2e6 / 3)
    assert rig.mode == "full"


def test_one_side_only():
    assert Rig(5e6, sides="under").run(50.2) == 5e6
    assert Rig(5e6, sides="under").run(49.8) == approx(6e6)


def test_a_curve_with_a_knee():
    points = ((0.015, 0.0), (0.2, 0.05), (0.5, 1.0))
    rig = Rig(0.0, reserve_pu=0.5, points_hz_pu=points)
    assert rig.run(49.99) == 0.0
    assert rig.mode == "normal"
    assert rig.run(50.2) == approx(-0.25e6)
    assert rig.mode == "responding"
    assert rig.run(49.4) == approx(5e6)
    assert rig.mode == "full"
