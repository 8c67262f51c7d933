from pytest import approx, mark

from ppc.metier.enter_service.law import foot_pu, gives_nothing, inside, is_lost


@mark.parametrize(
    ("value", "holds"), [(0.899, False), (0.9, True), (1.1, True), (1.101, False)]
)
def test_a_window_has_its_edges(value: float, *, holds: bool):
    assert inside(value, low=0.9, high=1.1) is holds


def test_lost_is_what_has_been_beyond_for_as_long_as_it_may():
    assert not is_lost(0.29, allowed_s=0.3)
    assert is_lost(0.3, allowed_s=0.3)


def test_units_give_nothing_up_to_a_tolerance():
    assert gives_nothing(0.2e6, of_va=0.2e6)
    assert not gives_nothing(0.21e6, of_va=0.2e6)


@mark.parametrize(("ramp_s", "foot"), [(600.0, 0.0025), (1.0, 1.0), (0.0, 1.0)])
def test_the_foot_is_a_small_part_of_a_slow_ramp(ramp_s: float, foot: float):
    assert foot_pu(ramp_s) == approx(foot)
