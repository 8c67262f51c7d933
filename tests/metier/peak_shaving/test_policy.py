from pytest import approx, raises

from ppc.datamodel.observation import Poi, SystemObs
from ppc.metier.peak_shaving.policy import Charge, PeakShavingSettings, Window

BEGIN_S = 1_782_000_000.0


def at(window, wall_s, p_w=-1e6, dt_s=1.0):
    obs = SystemObs(time_s=0.0, dt_s=dt_s, wall_s=wall_s, poi=Poi(p_w=p_w))
    return window.allowed_w(obs, 2e6)


def run(window, begin_s, seconds, p_w=-1e6):
    for second in range(seconds):
        allowed_w = at(window, BEGIN_S + begin_s + second + 1, p_w)
    return allowed_w


def test_what_was_not_drawn_may_be_drawn_later():
    assert run(Window(900), 0, 450) == approx(3e6)


def test_what_was_exported_does_not_count():
    assert run(Window(900), 0, 450, p_w=5e6) == approx(4e6)


def test_a_window_that_began_unseen_has_saved_nothing():
    assert run(Window(900), 449, 1) == approx(2e6, rel=0.01)
    assert run(Window(900), 450, 225) == approx(3e6)


def test_nor_has_the_time_without_a_meter():
    window = Window(900)
    run(window, 0, 300, p_w=None)
    assert run(window, 300, 300) == approx(3e6)


def test_every_window_begins_anew():
    window = Window(900)
    run(window, 0, 900)
    assert at(window, BEGIN_S + 901.0) == approx(2e6, rel=0.01)


def test_a_clock_that_jumps_saves_nothing():
    window = Window(900)
    run(window, 0, 450)
    assert at(window, BEGIN_S + 100.0) == approx(2e6, rel=0.01)
    run(window, 100, 50)
    assert at(window, BEGIN_S + 800.0) == approx(2.5e6, rel=0.1)


def test_without_a_clock_or_a_window_each_moment_counts():
    window = Window(900)
    run(window, 0, 450)
    assert at(window, None) == 2e6
    assert run(Window(0), 0, 450) == 2e6


def test_batteries_are_charged_up_to_full_and_then_left():
    charge = Charge(PeakShavingSettings(soc_full_pu=0.9, soc_again_pu=0.1))
    wanted = [charge.wanted(soc) for soc in (0.85, 0.8, 0.85, 0.9, 0.85, None, 0.79)]
    assert wanted == [False, True, True, False, False, False, True]


def test_to_charge_at_the_peak_makes_no_sense():
    with raises(ValueError, match=r"recharge_w 2\.0 is not below"):
        PeakShavingSettings(peak_w=2.0, recharge_w=2.0)
    with raises(ValueError, match=r"window_s is 5"):
        PeakShavingSettings(window_s=5)
