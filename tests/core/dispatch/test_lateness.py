from math import exp

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.core.capability import Ready
from ppc.core.dispatch.lateness import Lateness, late_law
from ppc.datamodel.observation import Setpoint
from ppc.datamodel.rating import EquipmentType

RATED_W = 3e6
powers = st.floats(-5e6, 5e6)


class Pv:
    """One array, told what it was told; `told_w` None: all it says it could give."""

    def __init__(self, p_w=1e6):
        self.lateness, self.asked = Lateness(0.3), {}
        self.step(p_w, p_w)

    def step(self, p_w, high_w, told_w=None, *, disturbed=False):
        kind = EquipmentType.PV
        unit = Ready("pv", kind, p_w, 0.0, 0.0, high_w, RATED_W, RATED_W, 0.0, 0.0)
        late_w = self.lateness.step([unit], self.asked, disturbed=disturbed, dt_s=0.1)
        self.asked = {"pv": Setpoint(high_w if told_w is None else told_w, 0.0)}
        return late_w


def left(behind_w):
    return approx(behind_w * exp(-2.0 / 3.0))


def test_who_follows_the_sun_is_late_at_the_end_of_a_cloud_until_it_is_there():
    pv = Pv()
    assert pv.step(1.0e6, 1.2e6) == left(2e5)
    assert pv.step(1.1e6, 1.4e6) == left(3e5)
    assert pv.step(1.2e6, 1.4e6) == left(2e5)
    assert pv.step(1.4e6, 1.4e6) == 0.0


def test_at_the_beginning_of_a_cloud_nobody_is_late():
    pv = Pv()
    assert pv.step(0.9e6, 0.9e6) == 0.0
    assert pv.step(0.9e6, 0.8e6) == 0.0


def test_who_was_held_back_is_late_only_after_it_has_been_at_what_it_could_give():
    pv = Pv()
    pv.step(1.0e6, 1.0e6, told_w=0.5e6)
    assert pv.step(0.8e6, 1.0e6) == 0.0  # released while on its way down
    assert pv.step(0.5e6, 1.0e6) == 0.0
    assert pv.step(0.8e6, 1.0e6) == 0.0
    assert pv.step(1.0e6, 1.0e6) == 0.0
    assert pv.step(1.0e6, 1.2e6) == left(2e5)


def test_who_is_late_and_told_to_stop_short_of_what_it_could_give_stays_late():
    pv = Pv()
    pv.step(1.0e6, 1.25e6)
    assert pv.step(1.0e6, 1.5e6, told_w=1.4e6) == left(5e5)
    assert pv.step(1.2e6, 1.5e6, told_w=1.4e6) == left(3e5)
    assert pv.step(1.4e6, 1.5e6, told_w=1.4e6) == 0.0


def test_who_could_suddenly_give_more_is_no_cloud():
    pv = Pv()
    assert pv.step(1.0e6, 1.4e6) == 0.0
    assert pv.step(1.2e6, 1.4e6) == 0.0
    assert pv.step(1.4e6, 1.4e6) == 0.0
    assert pv.step(1.4e6, 1.6e6) == left(2e5)


def test_after_a_dip_and_after_an_absence_it_is_on_its_way():
    pv = Pv()
    assert pv.step(0.2e6, 1.0e6, disturbed=True) == 0.0
    assert pv.step(0.5e6, 1.0e6) == 0.0
    pv = Pv()
    pv.lateness.step([], pv.asked, disturbed=False, dt_s=0.1)
    pv.asked = {}
    assert pv.step(0.5e6, 1.0e6) == 0.0


def test_batteries_are_never_late():
    lateness = Lateness(0.3)
    kind = EquipmentType.BESS
    for p_w in (1e6, 0.0):
        unit = Ready("b", kind, p_w, 0.0, -1e6, 1e6, RATED_W, RATED_W, 1.0, 1.0)
        asked = {"b": Setpoint(1e6, 0.0)}
        assert lateness.step([unit], asked, disturbed=False, dt_s=0.1) == 0.0


@given(powers, st.floats(0.0, 10.0), st.floats(0.01, 1.0))
def test_no_more_is_late_than_is_missing(behind_w, response_s, dt_s):
    late_w = late_law(behind_w, response_s=response_s, dt_s=dt_s)
    assert 0.0 <= late_w <= max(behind_w, 0.0)
    assert late_w <= late_law(behind_w, response_s=2.0 * response_s, dt_s=dt_s)
