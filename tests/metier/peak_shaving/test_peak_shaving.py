from pytest import approx

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier.peak_shaving.peak_shaving import PeakShaving

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3e6
)
BESS = UnitRating("b", EquipmentType.BESS, 9e6, 9e6, -9e6, 2e6, 9e6)


def test_charging_begins_beneath_what_rides_on_top():
    settings = PeakShaving.Settings(peak_w=2e6, recharge_w=1e6, rate_w_per_s=1e6)
    control = PeakShaving(settings, PLANT)
    biased = Envelope().add_p(0.5e6)
    for cycle in range(2):
        obs = SystemObs(
            time_s=0.1 * cycle,
            dt_s=0.1,
            poi=Poi(p_w=0.5e6),
            bess={"b": Unit(BESS, 0.5e6, 0.0, 9e6, -9e6, 0.5, 2.0)},
        )
        granted = control.step(obs, biased)
    assert control.mode == "recharging"
    assert granted.p_w.low == approx(0.5e6 - 0.1e6)
