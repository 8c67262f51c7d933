from pytest import mark, raises

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.operating_range.operating_range import OperatingRange

WELL = Poi(v_v=20e3, f_hz=50.0, p_w=0.0, q_var=0.0)


def plant(f_hz: float = 50.0) -> ConnectionPoint:
    return ConnectionPoint(
        v_nominal_v=20e3, f_nominal_hz=f_hz, p_max_w=10e6, p_min_w=0.0, q_max_var=3e6
    )


def lasts_s(poi: Poi, *, dt_s: float = 1.0, f_hz: float = 50.0) -> float:
    """How long the plant stays, at most two hours."""
    control = OperatingRange(OperatingRange.Settings(), plant(f_hz))
    time_s = 0.0
    while time_s < 7200.0 and control.mode != "expired":
        time_s += dt_s
        control.step(SystemObs(time_s=time_s, dt_s=dt_s, poi=poi), Envelope())
    return time_s


@mark.parametrize(
    ("poi", "time_s"),
    [
        (WELL._replace(f_hz=48.9), 1800.0),
        (WELL._replace(f_hz=47.4), 5.0),
        (WELL._replace(f_hz=51.1), 1800.0),
        (WELL._replace(f_hz=51.6), 5.0),
        (WELL._replace(v_v=0.89 * 20e3), 3600.0),
        (WELL._replace(v_v=0.84 * 20e3), 60.0),
        (WELL._replace(v_v=1.12 * 20e3), 3600.0),
        (WELL._replace(v_v=1.16 * 20e3), 60.0),
        (WELL, 7200.0),
    ],
)
def test_each_range_has_its_time(poi: Poi, time_s: float):
    assert lasts_s(poi) == time_s


def test_the_time_does_not_depend_on_the_cycle():
    poi = WELL._replace(f_hz=48.9)
    assert lasts_s(poi, dt_s=10.0) == lasts_s(poi, dt_s=0.5) == 1800.0


def test_at_60_hz_the_limits_are_in_proportion():
    assert lasts_s(WELL._replace(f_hz=58.7), f_hz=60.0) == 1800.0
    assert lasts_s(WELL._replace(f_hz=59.0), f_hz=60.0) == 7200.0


def test_limits_that_do_not_rise_are_refused():
    with raises(ValueError, match="v_low"):
        OperatingRange.Settings(v_low=((0.9, 5.0), (0.85, 10.0)))
