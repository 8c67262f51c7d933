from pytest import mark

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.power_limit.policy import (
    Limits,
    Operator,
    PowerLimitSettings,
    figures,
)

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-5e6, q_max_var=3.3e6
)
FREE = Limits((-5e6, 10e6), limited=False, expired=False)


def operator(**options: object) -> Operator:
    settings = PowerLimitSettings(**options)
    return Operator(settings, figures(settings, PLANT))


@mark.parametrize(
    ("options", "left"),
    [
        ({"fallback": "hold"}, Limits((-5e6, 3e6), limited=True, expired=True)),
        ({"fallback": "none"}, FREE),
        ({"fallback": "default"}, FREE),
        (
            {"fallback": "default", "p_default_max_w": 1e6},
            Limits((-5e6, 1e6), limited=True, expired=True),
        ),
    ],
)
def test_what_stands_in_for_a_limit_that_expired(
    options: dict[str, object], left: Limits
):
    allowed = operator(**options)
    ordered = allowed.limits(Orders(p_limit_max_w=3e6))
    assert ordered == Limits((-5e6, 3e6), limited=True, expired=False)
    assert allowed.limits(Orders()) == left


@mark.parametrize("fallback", ["hold", "default", "none"])
def test_nothing_stands_in_for_a_limit_that_never_was(fallback: str):
    assert operator(fallback=fallback, p_default_max_w=1e6).limits(Orders()) == FREE


def test_an_infinite_limit_lifts_the_last_one_for_good():
    allowed = operator(fallback="hold")
    allowed.limits(Orders(p_limit_max_w=3e6))
    assert allowed.limits(Orders(p_limit_max_w=float("inf"))) == FREE
    assert allowed.limits(Orders()) == FREE
