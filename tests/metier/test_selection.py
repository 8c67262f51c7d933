"""Who may choose."""

from pytest import mark

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders
from ppc.keys import QMode
from ppc.metier.selection import p_left, q_selected


@mark.parametrize(
    ("orders", "law", "enabled", "selected"),
    [
        (Orders(), QMode.VOLTAGE, True, True),
        (Orders(), QMode.VOLTAGE, False, False),
        (Orders(enable_code=0), QMode.VOLTAGE, True, False),
        (Orders(q_set_var=0.0), QMode.VOLTAGE, True, False),
        (Orders(q_set_var=0.0), QMode.SET_POINT, True, True),
        (Orders(q_set_var=0.0, q_mode_code=3), QMode.VOLTAGE, False, True),
        (Orders(q_set_var=0.0, q_mode_code=3), QMode.SET_POINT, True, False),
        (Orders(q_mode_code=0), QMode.VOLTAGE, True, True),
        (Orders(), QMode.LIMITED_BY_VOLTAGE, True, False),
        (Orders(q_set_var=0.0), QMode.LIMITED_BY_VOLTAGE, True, True),
        (Orders(q_set_var=0.0), QMode.LIMITED_BY_VOLTAGE, False, False),
        (Orders(q_set_var=0.0, q_mode_code=1), QMode.LIMITED_BY_VOLTAGE, True, False),
        (Orders(q_mode_code=6), QMode.LIMITED_BY_VOLTAGE, False, True),
    ],
)
def test_an_ordered_mode_decides_alone(orders, law, enabled, selected):
    assert q_selected(orders, law, enabled=enabled) is selected


def test_active_power_is_left_until_it_is_chosen_or_the_plant_is_blocked():
    assert p_left(Orders(), Envelope())
    assert p_left(Orders(enable_code=1), Envelope())
    assert not p_left(Orders(enable_code=0), Envelope())
    assert not p_left(Orders(), Envelope().choose_p(0.0))
