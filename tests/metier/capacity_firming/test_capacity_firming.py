"""The function among others: where it begins, and what it goes on from."""

from pytest import approx

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier.capacity_firming.capacity_firming import CapacityFirming

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3e6
)
BESS = UnitRating("b", EquipmentType.BESS, 9e6, 9e6, -9e6, 2e6, 9e6)
PV = UnitRating("p", EquipmentType.PV, 9e6, 9e6, 0.0, 2e6)


def firming(**options):
    settings = CapacityFirming.Settings(
        plan_w=[[0, 3e6], [24, 3e6]], band_w=0.5e6, rate_w_per_s=1e6, **options
    )
    return CapacityFirming(settings, PLANT)


def after(control, cycles, *, pv_w, envelope=None, begin_s=0.0, takes_w=-9e6):
    """A battery makes up what PV lacks of what was granted last."""
    envelope, p_w = envelope or Envelope(), pv_w
    for i in range(cycles):
        obs = SystemObs(
            time_s=begin_s + 0.1 * i,
            dt_s=0.1,
            wall_s=1_782_000_000.0,
            poi=Poi(p_w=p_w),
            bess={"b": Unit(BESS, p_w - pv_w, 0.0, 9e6, takes_w, 0.6, 2.0)},
            pv={"p": Unit(PV, pv_w, 0.0, pv_w)},
        )
        granted = control.step(obs, envelope)
        p_w = granted.p_w.low if granted.p_wish_w is not None else p_w
    return granted


def test_it_begins_where_the_plant_is():
    assert after(firming(), 1, pv_w=5e6).p_w.low == approx(4.9e6)


def test_and_beneath_what_rides_on_top():
    granted = after(firming(), 1, pv_w=5e6, envelope=Envelope().add_p(1e6))
    assert granted.p_w.low == approx(4e6 - 0.1e6 + 1e6)


def test_it_goes_on_from_what_was_granted():
    control = firming()
    limited = Envelope(Interval(-9e6, 1e6))
    after(control, 100, pv_w=1e6, envelope=limited)
    freed = after(control, 1, pv_w=1e6, begin_s=10.0)
    assert freed.p_w.low == approx(1.1e6)


def test_pv_is_curtailed_to_the_plan_only_where_that_is_wanted():
    for surplus, p_w in (("export", 4e6), ("curtail", 3e6)):
        control = firming(surplus=surplus)
        assert after(control, 100, pv_w=5e6, takes_w=-1e6).p_w.low == approx(p_w)
