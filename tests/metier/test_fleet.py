from pytest import approx

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import SystemObs, Unit
from ppc.datamodel.rating import EquipmentType, UnitRating
from ppc.metier.fleet import fleet


def bess(name, p_w=0.0, soc_pu=0.5, high_w=2e6, state=2.0):
    rating = UnitRating(name, EquipmentType.BESS, 2.2e6, 2e6, -2e6, 2e6, 4e6)
    return Unit(rating, p_w, 0.0, high_w, -2e6, soc_pu, state)


def pv(name, p_w=1e6, high_w=1.5e6):
    rating = UnitRating(name, EquipmentType.PV, 2e6, 2e6, 0.0, 2e6)
    return Unit(rating, p_w, 0.0, high_w, None, None, 2.0)


def seen(*units):
    return SystemObs(
        time_s=0.0,
        dt_s=0.1,
        bess={u.name: u for u in units if u.rating.e_max_wh},
        pv={u.name: u for u in units if not u.rating.e_max_wh},
    )


def test_units_add_up_and_the_load_is_what_is_missing_at_the_poi():
    all_units = fleet(seen(bess("b1", -0.5e6, 0.4), bess("b2"), pv("p1")), Envelope())
    assert all_units.units_w == approx(0.5e6)
    assert all_units.pv_w == approx(1.5e6)
    assert all_units.bess_able_w == Interval(-4e6, 4e6)
    assert all_units.soc_pu == approx(0.45)
    assert all_units.taken_w(-1.5e6) == approx(2e6)
    assert all_units.resting_w(2e6) == approx(-0.5e6)


def test_who_is_silent_faulted_or_out_does_not_count():
    units = bess("b1", high_w=None), bess("b2", state=4.0), bess("b3"), pv("p1", 0.0)
    assert fleet(seen(*units), Envelope().without("b3")).bess_rated_w == 0.0
    assert fleet(seen(*units), Envelope().without("b3")).soc_pu is None
    assert fleet(seen(*units), Envelope()).bess_rated_w == approx(2e6)
    assert fleet(seen(pv("p1", None)), Envelope()).pv_w == 0.0


def test_what_others_left_of_a_unit_counts():
    left = Envelope().limit_unit_p("b1", low=0.0).limit_unit_p("p1", high=0.3e6)
    limited = fleet(seen(bess("b1"), pv("p1")), left)
    assert limited.bess_able_w == Interval(0.0, 2e6)
    assert limited.pv_w == approx(0.3e6)
