"""Units whose maps say little: what control may think of them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.core.untold import Untold, believed
from ppc.datamodel.observation import Setpoint, Unit
from ppc.datamodel.rating import EquipmentType, UnitRating

DT_S = 0.1


def pv(p_w, untold=("p_available_w",), **more):
    rating = UnitRating(
        *("pv1", EquipmentType.PV, 100e3, 100e3, 0.0, 50e3), untold=frozenset(untold)
    )
    return Unit(rating, p_w, **({"q_var": 0.0} | more))


def bess(p_w, untold):
    rating = UnitRating(
        *("b", EquipmentType.BESS, 90e3, 80e3, -60e3, 50e3, 1e5),
        untold=frozenset(untold),
    )
    return Unit(rating, p_w, soc_pu=0.5)


def fill(one, asked=None):
    return Untold().fill({one.name: one}, {one.name: asked} if asked else {}, DT_S)


def test_what_is_told_is_left_alone_and_what_is_missing_stays_missing():
    units = {"pv1": pv(5e3, untold=())}
    assert Untold().fill(units, {}, DT_S) is units
    silent = pv(None)
    assert fill(silent) == {"pv1": silent}
    old = pv(5e3, untold=("q_var",), q_var=None)
    assert fill(old)["pv1"].p_available_w is None


def test_a_battery_is_thought_able_to_do_what_it_is_rated_for():
    unit = fill(bess(1e3, ("p_available_w", "p_available_min_w", "q_var")))["b"]
    assert (unit.p_available_w, unit.p_available_min_w, unit.q_var) == (80e3, -60e3, 0)


def test_reactive_power_nobody_tells_is_what_was_asked():
    assert fill(pv(1e3, ("q_var",), q_var=None), Setpoint(1e3, 7e3))["pv1"].q_var == 7e3


class Sun:
    """An inverter in the sun: gives what it is asked as far as there is some."""

    def __init__(self):
        self.untold = Untold()
        self.p_w = 0.0
        self.asked_w = 100e3

    def run(self, sun_w, seconds, limit_w=100e3):
        told = []
        for _ in range(round(seconds / DT_S)):
            target_w = min(self.asked_w, sun_w)
            self.p_w += (target_w - self.p_w) * 0.3
            asked = {"pv1": Setpoint(self.asked_w, 0.0)}
            unit = self.untold.fill({"pv1": pv(self.p_w)}, asked, DT_S)["pv1"]
            self.asked_w = min(unit.p_available_w, limit_w)
            told.append(unit.p_available_w)
        return told


def test_what_is_asked_in_vain_is_not_believed_for_long():
    sun = Sun()
    assert sun.run(60e3, 1.0)[-1] == 100e3
    assert sun.run(60e3, 4.0)[-1] == approx(62e3, rel=0.001)


def test_the_sun_may_rise_and_set():
    sun = Sun()
    sun.run(30e3, 10.0)
    assert sun.run(90e3, 15.0)[-1] >= 90e3
    assert sun.p_w == approx(90e3, rel=0.01)
    assert sun.run(20e3, 5.0)[-1] == approx(22e3, rel=0.01)


def test_a_unit_held_down_is_hoped_to_have_more():
    sun = Sun()
    sun.run(60e3, 10.0)
    told = sun.run(60e3, 30.0, limit_w=40e3)
    assert told[-1] == 100e3
    assert max(b - a for a, b in pairwise(told)) < 1e3
    assert sun.run(60e3, 6.0)[-1] == approx(62e3, rel=0.01)


@mark.parametrize("short_s", [0.0, 1.0, 5.0])
@given(before_w=st.floats(0, 100e3), p_w=st.floats(-1e3, 110e3))
def test_the_belief_stays_between_what_is_given_and_the_rating(short_s, before_w, p_w):
    told = believed(before_w, p_w, short_s, p_max_w=100e3, dt_s=DT_S)
    assert min(p_w + 2e3, 100e3) <= told <= 100e3
