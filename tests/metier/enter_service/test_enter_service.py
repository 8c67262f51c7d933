from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark, raises

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier.enter_service.enter_service import EnterService

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-5e6, q_max_var=3.3e6
)
RATING = UnitRating("bess1", EquipmentType.BESS, 10e6, 10e6, -10e6, 5e6, 4e6)
WELL = Poi(v_v=20e3, f_hz=50.0, p_w=6e6, q_var=0.0)
GONE = Poi(v_v=0.0, f_hz=None, p_w=0.0, q_var=0.0)
UNREAD = Poi()
DT_S = 0.1


class Player:
    def __init__(self, **settings: object) -> None:
        chosen = {"delay_s": 1.0, "ramp_s": 10.0, "units_s": 0.0} | settings
        self.control = EnterService(EnterService.Settings(**chosen), PLANT)
        self.time_s = 0.0

    def run(
        self, poi: Poi, for_s: float, enable: float | None = None, p_w: float = 6e6
    ) -> Envelope:
        granted = Envelope()
        for _ in range(round(for_s / DT_S)):
            self.time_s += DT_S
            obs = SystemObs(
                time_s=self.time_s,
                dt_s=DT_S,
                poi=poi,
                bess={"bess1": Unit(RATING, p_w, 0.0, 10e6, -10e6)},
                orders=Orders(enable_code=enable),
            )
            granted = self.control.step(obs, Envelope())
        return granted


@mark.parametrize(
    ("poi", "for_s"),
    [
        (WELL._replace(v_v=0.04 * 20e3), 0.5),
        (WELL._replace(v_v=0.4 * 20e3), 1.7),
        (WELL._replace(v_v=0.7 * 20e3), 10.2),
        (WELL._replace(v_v=1.21 * 20e3), 5.2),
        (WELL._replace(v_v=1.36 * 20e3), 0.4),
        (WELL._replace(f_hz=47.4), 0.7),
        (WELL._replace(f_hz=51.6), 0.7),
    ],
)
def test_each_limit_has_its_own_time(poi: Poi, for_s: float):
    player = Player()
    player.run(WELL, 1.0)
    player.run(poi, for_s - 0.3)
    assert player.control.mode == "in_service"
    player.run(poi, 0.3)
    assert player.control.mode == "waiting"


def test_dips_one_after_the_other_are_not_added_up():
    player = Player()
    player.run(WELL, 1.0)
    for _ in range(20):
        player.run(GONE, 0.2)
        player.run(WELL, 0.1)
    assert player.control.mode == "in_service"


def test_a_gap_in_the_measurement_does_not_shorten_a_loss():
    player = Player()
    player.run(WELL, 1.0)
    player.run(GONE, 0.2)
    player.run(UNREAD, 0.2)
    player.run(GONE, 0.1)
    assert player.control.mode == "waiting"


def test_what_was_seen_long_before_does_not_count():
    player = Player()
    low = WELL._replace(v_v=0.7 * 20e3)
    player.run(WELL, 1.0)
    player.run(low, 6.0)
    player.run(UNREAD, 10.0)
    player.run(low, 6.0)
    assert player.control.mode == "in_service"
    player.run(low, 5.0)
    assert player.control.mode == "waiting"


def test_a_meter_that_fails_is_no_loss_while_the_units_feed():
    player = Player()
    player.run(WELL, 1.0)
    assert not player.run(UNREAD, 60.0).out
    assert player.control.mode == "blind"


def test_a_meter_that_does_not_answer_is_no_loss_either():
    player = Player()
    player.run(WELL, 1.0)
    player.run(UNREAD._replace(fresh=False), 60.0, p_w=0.0)
    assert player.control.mode == "blind"


def test_a_start_outside_the_window_waits():
    player = Player()
    assert player.run(WELL._replace(f_hz=50.2), 0.1).out == {"bess1"}
    assert player.control.mode == "waiting"


def test_every_start_waits_if_it_is_set_so():
    player = Player(wait_at_start=True)
    assert player.run(UNREAD, 0.1).p_w.high == 0.0
    player.run(WELL, 0.9)
    assert player.control.mode == "waiting"
    player.run(WELL, 0.3)
    assert player.control.mode == "ramping"


def test_a_loss_in_the_ramp_begins_anew():
    player = Player()
    player.run(GONE, 1.0)
    assert 0.0 < player.run(WELL, 3.0).p_w.high < 10e6
    assert player.run(GONE, 0.5).p_w.high == 0.0
    player.run(WELL, 0.9)
    assert player.control.mode == "waiting"


def test_without_automatic_a_loss_needs_the_operator_again():
    player = Player(automatic=False)
    player.run(WELL, 1.0, enable=1)
    assert player.run(GONE, 0.5, enable=1).out == {"bess1"}
    player.run(WELL, 60.0, enable=1)
    assert player.control.mode == "off"
    player.run(WELL, 1.0, enable=0)
    player.run(WELL, 1.0, enable=1)
    assert player.control.mode == "waiting"
    player.run(WELL, 20.0)
    assert player.control.mode == "in_service"


@given(p_w=st.floats(-5e6, 10e6), dt_s=st.sampled_from((0.02, 0.1, 0.5)))
def test_withdrawn_it_ceases_in_its_time_without_a_jump(p_w: float, dt_s: float):
    control = EnterService(EnterService.Settings(cease_s=1.0), PLANT)
    poi, time_s, last_w = WELL._replace(p_w=p_w), 0.0, p_w
    obs = SystemObs(time_s=0.0, dt_s=dt_s, poi=poi)
    control.step(obs, Envelope())
    while time_s < 1.0 - 1e-9:
        time_s += dt_s
        obs = replace(obs, time_s=time_s, orders=Orders(enable_code=0))
        now_w = control.step(obs, Envelope()).p_w.clamp(p_w)
        assert abs(now_w - last_w) <= 10e6 * dt_s + 1.0
        last_w = now_w
    assert last_w == approx(0.0, abs=1e-6)


def test_the_ramp_has_its_gradient():
    player = Player(ramp_s=600.0)
    player.run(GONE, 1.0)
    player.run(WELL, 10.0)
    before_w = player.run(WELL, 1.0).p_w.high
    assert player.run(WELL, 60.0).p_w.high - before_w == approx(1e6)


def test_a_window_upside_down_is_refused():
    with raises(ValueError, match="f_low_hz"):
        EnterService.Settings(f_low_hz=50.2, f_high_hz=49.8)
