from collections import deque
from math import exp

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.core.allocation import Dispatch
from ppc.core.capability import Ready
from ppc.core.dispatch.lateness import Lateness, late_law
from ppc.core.dispatch.split import Asked
from ppc.datamodel.observation import Poi, Setpoint
from ppc.datamodel.rating import EquipmentType
from tests.core.test_allocation import B1, able
from tests.core.test_allocation import PV as ARRAY
from tests.core.test_orchestrator import bess, brain, pv, seen

RATED_W = 3e6
powers = st.floats(-5e6, 5e6)


class Following:
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
    array = Following()
    assert array.step(1.0e6, 1.2e6) == left(2e5)
    assert array.step(1.1e6, 1.4e6) == left(3e5)
    assert array.step(1.2e6, 1.4e6) == left(2e5)
    assert array.step(1.4e6, 1.4e6) == 0.0


def test_at_the_beginning_of_a_cloud_nobody_is_late():
    array = Following()
    assert array.step(0.9e6, 0.9e6) == 0.0
    assert array.step(0.9e6, 0.8e6) == 0.0


def test_who_was_held_back_is_late_only_after_it_has_been_at_what_it_could_give():
    array = Following()
    array.step(1.0e6, 1.0e6, told_w=0.5e6)
    assert array.step(0.8e6, 1.0e6) == 0.0  # released while on its way down
    assert array.step(0.5e6, 1.0e6) == 0.0
    assert array.step(0.8e6, 1.0e6) == 0.0
    assert array.step(1.0e6, 1.0e6) == 0.0
    assert array.step(1.0e6, 1.2e6) == left(2e5)


def test_who_is_late_and_told_to_stop_short_of_what_it_could_give_stays_late():
    array = Following()
    array.step(1.0e6, 1.25e6)
    assert array.step(1.0e6, 1.5e6, told_w=1.4e6) == left(5e5)
    assert array.step(1.2e6, 1.5e6, told_w=1.4e6) == left(3e5)
    assert array.step(1.4e6, 1.5e6, told_w=1.4e6) == 0.0


def test_who_could_suddenly_give_more_is_no_cloud():
    array = Following()
    assert array.step(1.0e6, 1.4e6) == 0.0
    assert array.step(1.2e6, 1.4e6) == 0.0
    assert array.step(1.4e6, 1.4e6) == 0.0
    assert array.step(1.4e6, 1.6e6) == left(2e5)


def test_after_a_dip_and_after_an_absence_it_is_on_its_way():
    array = Following()
    assert array.step(0.2e6, 1.0e6, disturbed=True) == 0.0
    assert array.step(0.5e6, 1.0e6) == 0.0
    array = Following()
    array.lateness.step([], array.asked, disturbed=False, dt_s=0.1)
    array.asked = {}
    assert array.step(0.5e6, 1.0e6) == 0.0


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


class Cloud:
    """Two batteries, and PV that gives all there is a quarter of a second later."""

    def __init__(self, brain, high_w):
        self.brain, self.high_w, self.time_s = brain, high_w, 0.0
        self.pv_w, self.bess_w = high_w, 0.0
        self.pv_coming, self.bess_coming = deque([high_w]), deque()

    def step(self, v_v=20e3, high_w=None):
        """The power at the POI before these commands."""
        self.high_w = self.high_w if high_w is None else high_w
        p_w = self.pv_w + self.bess_w
        units = (
            *(bess(b, p_w=self.bess_w / 2) for b in ("b1", "b2")),
            pv("p1", p_w=self.pv_w, p_available_w=self.high_w),
        )
        poi = Poi(v_v, 50.0, p_w, 0.0)
        self.time_s += 0.1
        self.decision = self.brain.step(seen(*units, time_s=self.time_s, poi=poi))
        told_w = [c.p_set_w for c in self.decision.commands]
        self.bess_w = sum(told_w[:2])
        self.pv_coming.append(told_w[2])
        self.pv_w += 0.4 * (min(self.pv_coming.popleft(), self.high_w) - self.pv_w)
        return p_w


def through_a_cloud(field, *, v_v=20e3):
    """The largest errors, below and above 1 MW, while the sun comes back in 3 s."""
    for _ in range(100):
        field.step()
    shown = [field.step(v_v, min(0.4e6 + 3.5e4 * i, 1.45e6)) for i in range(60)]
    return min(shown) - 1e6, max(shown) - 1e6


def test_batteries_do_not_run_ahead_of_pv_at_the_end_of_a_cloud():
    field = Cloud(brain(lambda e: e.choose_p(1e6)), 0.4e6)
    below_w, above_w = through_a_cloud(field)
    assert below_w > -0.06e6
    assert above_w < 0.06e6
    assert field.pv_w == approx(1.45e6)
    for _ in range(50):
        shown_w = field.step()
    assert shown_w == approx(1e6, abs=1e3)  # nothing was wound up on the way


def test_what_pv_delivers_in_a_dip_is_not_made_up_for():
    field = Cloud(brain(lambda e: e.choose_p(1e6)), 0.9e6)
    for _ in range(50):
        field.step()
    rest_w = field.bess_w
    field.pv_w = 0.2e6
    field.step(v_v=10e3)
    assert field.bess_w == approx(rest_w, abs=1e3)


def test_batteries_rest_at_the_end_of_a_cloud_while_nobody_chooses():
    field = Cloud(brain(), 0.4e6)
    through_a_cloud(field)
    assert field.decision.commands[0].p_set_w == 0.0
    field.step(high_w=1.2e6)
    field.step(high_w=1.4e6)
    assert field.decision.commands[0].p_set_w == 0.0


def test_batteries_make_up_for_pv_that_is_late_and_pv_is_asked_for_all_the_same():
    def late(p_w, *units):
        asked = Asked(p_w, 0.0, p_w, p_late_w=0.4e6)
        return Dispatch().allocate(asked, able(*units), time_s=0.0)

    shares = late(2.5e6, B1, ARRAY)
    assert shares.p_w == approx([1.4e6, 1.5e6])
    assert shares.p_shortfall_w == approx(0.0)
    assert late(1.0e6, B1, ARRAY).p_w == approx([-0.1e6, 1.5e6])
    shares = late(3.5e6, B1, ARRAY)
    assert shares.p_w == approx([2e6, 1.5e6])  # nothing is left to make up with
    assert (shares.p_shortfall_w, shares.p_late_w) == (approx(0.0), approx(0.0))
    full = B1._replace(p_low_w=0.0)
    assert late(1.4e6, full, ARRAY).p_w == approx([0.3e6, 1.4e6])
    assert late(1.0e6, full, ARRAY).p_w == approx([0.0, 1.0e6])
