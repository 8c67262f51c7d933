from pytest import mark, raises

from ppc.datamodel.observation import Orders
from ppc.metier.q_voltage_limit.policy import Force, QVoltageLimitSettings


@mark.parametrize(
    "points_pu",
    [
        ((0.94, 0.33), (1.06, -0.33)),
        ((0.94, 0.33), (0.94, 0.0), (1.04, 0.0), (1.06, -0.33)),
        ((0.94, 0.0), (0.96, 0.0), (1.04, 0.0), (1.06, -0.33)),
        ((0.94, 0.33), (0.96, 0.0), (1.04, 0.1), (1.06, -0.33)),
    ],
)
def test_points_that_make_no_two_slopes_are_refused(points_pu):
    with raises(ValueError, match="points_pu"):
        QVoltageLimitSettings(points_pu=points_pu)


@mark.parametrize(
    ("then", "later_s", "holds"),
    [
        (Orders(), 10.0, True),
        (Orders(), 10.1, False),
        (Orders(q_mode_code=0), 10.0, True),
        (Orders(q_mode_code=1), 0.1, False),
        (Orders(enable_code=0), 0.1, False),
    ],
)
def test_an_order_that_expired_is_still_limited_unless_something_else_is_ordered(
    then, later_s, holds
):
    force = Force(QVoltageLimitSettings(hold_s=10.0))
    assert force.holds(Orders(q_set_var=1e6), 0.0)
    assert force.holds(then, later_s) is holds
    assert force.q_set_var == 1e6


def test_before_any_order_nothing_is_in_force():
    assert not Force(QVoltageLimitSettings()).holds(Orders(), 0.0)
