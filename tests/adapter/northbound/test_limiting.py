from ppc.adapter.northbound.limiting import LIMITING_CODES, limiting_code
from ppc.metier import FUNCTIONS


def test_every_control_function_has_a_number_of_its_own():
    assert LIMITING_CODES.keys() == {"", "capability", *FUNCTIONS}
    assert len(set(LIMITING_CODES.values())) == len(LIMITING_CODES)
    assert 255 not in LIMITING_CODES.values()


def test_numbers_that_are_published_stay():
    assert limiting_code("") == 0
    assert limiting_code("equipment_watchdog") == 1
    assert limiting_code("power_limit") == 11
    assert limiting_code("set_point_tracking") == 21
    assert limiting_code("self_consumption") == 29
    assert limiting_code("capability") == 100
    assert limiting_code("nobody") == 255
