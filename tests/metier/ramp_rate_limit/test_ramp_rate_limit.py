"""How fast the plant may move by default."""

from pytest import approx, mark

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Aim, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.ramp_rate_limit.ramp_rate_limit import RampRateLimit


def step(p_max_w: float) -> Envelope:
    plant = ConnectionPoint(
        v_nominal_v=20e3,
        f_nominal_hz=50.0,
        p_max_w=p_max_w,
        p_min_w=-p_max_w,
        q_max_var=1e6,
    )
    function = RampRateLimit(RampRateLimit.Settings(), plant)
    obs = SystemObs(time_s=1.0, dt_s=1.0, aim=Aim(0.0, 0.0))
    return function.step(obs, Envelope())


@mark.parametrize(("p_max_w", "up_w"), [(60e6, 0.2e6), (600e6, 1e6)])
def test_a_fifth_in_a_minute_and_60_mw_at_most(p_max_w: float, up_w: float):
    granted = step(p_max_w)
    assert granted.p_w.high == approx(up_w)
    assert granted.p_w.low == float("-inf")
