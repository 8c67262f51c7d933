"""The function among others: what rides on top, and what it is counted from."""

from pytest import approx, mark, raises

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders, Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier import FUNCTIONS

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
)
KIND = FUNCTIONS["limited_frequency_sensitive_mode"]


def run(function, f_hz, p_w, for_s=1.0, begin_s=0.0):
    for i in range(round(for_s / 0.1)):
        obs = SystemObs(
            time_s=begin_s + 0.1 * (i + 1), dt_s=0.1, poi=Poi(20e3, f_hz, p_w, 0.0),
            orders=Orders(),
        )  # fmt: skip
        envelope = function.step(obs, Envelope())
    return envelope


def at(f_hz, p_w, **settings):
    function = KIND(KIND.Settings(**settings), PLANT)
    run(function, 50.0, p_w)
    return run(function, f_hz, p_w, begin_s=1.0)


@mark.parametrize(
    ("f_hz", "set_w", "p_w"),
    [(51.0, 5e6, 1.8e6), (49.0, 5e6, 8.2e6), (49.0, 8e6, 10e6), (51.0, -9e6, -10e6)],
)
def test_a_set_point_is_moved_by_the_answer_within_the_connection(f_hz, set_w, p_w):
    settled = at(f_hz, set_w).choose_p(set_w)
    assert settled.p_w.low == settled.p_w.high == approx(p_w)


def test_a_later_limit_does_not_undo_the_answer_to_low_frequency():
    settled = at(49.5, 5e6).limit_p(high=5e6).choose_p(9e6)
    assert settled.p_w.low == approx(5e6 + 0.12 * 10e6)


def test_what_was_ordered_but_not_fed_does_not_count():
    settled = at(51.0, 4e6).choose_p(10e6)
    assert settled.p_w.low == approx(4e6 - 3.2e6)


def test_a_latched_reference_is_the_power_that_was_fed():
    assert at(51.0, 5e6, reference="latched").choose_p(5e6).p_w.low == approx(3.4e6)


def test_it_waits_for_its_delay_and_answers_in_its_time():
    function = KIND(KIND.Settings(delay_s=1.0, response_s=5.0), PLANT)
    run(function, 50.0, 5e6)
    assert run(function, 51.0, 5e6, for_s=0.8, begin_s=1.0) == Envelope()
    answered = run(function, 51.0, 5e6, for_s=5.2, begin_s=1.8).choose_p(5e6)
    assert 5e6 - answered.p_w.low == approx(0.9 * 3.2e6, rel=0.02)


def test_the_answer_below_can_be_switched_off():
    assert at(49.0, 5e6, under_enabled=False) == Envelope()


def test_a_droop_out_of_range_is_refused():
    with raises(ValueError, match=r"droop_pu is 0\.5"):
        KIND.Settings(droop_pu=0.5)


def test_what_others_choose_is_held_until_the_frequency_is_near_nominal():
    function = KIND(KIND.Settings(base_hold_hz=0.04, base_release_hz=0.02), PLANT)
    run(function, 50.0, 5e6)
    free = run(function, 50.03, 5e6, begin_s=1.0).choose_p(6e6)
    held = run(function, 50.05, 5e6, begin_s=2.0).choose_p(6e6)
    still = run(function, 50.03, 5e6, begin_s=3.0).choose_p(6e6)
    blind = run(function, None, 5e6, begin_s=4.0).choose_p(6e6)
    again = run(function, 50.01, 5e6, begin_s=5.0).choose_p(6e6)
    chosen = [e.p_w.low for e in (free, held, still, blind, again)]
    assert chosen == [6e6, 5e6, 5e6, 5e6, 6e6]
