"""Which law of reactive power is in force."""

from pytest import mark

from ppc.datamodel.observation import Orders
from ppc.keys import QMode
from ppc.metier.selection import q_selected


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
