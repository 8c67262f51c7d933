"""What the run-back leaves to those after it."""

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders, Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.run_back.run_back import RunBack

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-20e6, q_max_var=3e6
)


def test_the_way_down_begins_where_the_plant_is_importing_too():
    function = RunBack(RunBack.Settings(), PLANT)
    obs = SystemObs(
        time_s=1.0,
        dt_s=1.0,
        poi=Poi(20e3, 50.0, -12e6, 0.0),
        orders=Orders(run_back_code=2),
    )
    granted = function.step(obs, Envelope())
    assert (granted.p_w.low, granted.p_w.high) == (-10.5e6, 10.5e6)


def test_no_level_before_the_first_order():
    function = RunBack(RunBack.Settings(), PLANT)
    assert function.step(SystemObs(time_s=1.0, dt_s=1.0), Envelope()) == Envelope()
