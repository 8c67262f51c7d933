from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark, raises

from ppc.metier.state_of_charge.policy import Limit, StateOfChargeSettings


@mark.parametrize(
    ("options", "name"),
    [
        ({"soc_min_pu": 0.9, "soc_max_pu": 0.1}, "soc_min_pu"),
        ({"soft_pu": 0.01, "release_pu": 0.01}, "release_pu"),
        ({"soc_max_pu": 95}, "soc_max_pu"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    options: dict[str, float], name: str
):
    with raises(ValueError, match=f"^{name} "):
        StateOfChargeSettings(**options)


@given(st.lists(st.floats(-0.004, 0.004), min_size=2, max_size=50))
def test_noise_around_the_hard_limit_gives_no_power(noise_pu: list[float]):
    limit = Limit(StateOfChargeSettings())
    assert limit.part("bess1", 0.0) == 0.0
    assert all(limit.part("bess1", each) == 0.0 for each in noise_pu)


def test_a_limit_left_far_behind_is_forgotten():
    limit = Limit(StateOfChargeSettings())
    parts = [limit.part("bess1", d) for d in (0.005, 0.0, 0.005, 0.05, 0.005)]
    assert parts == [approx(0.1), 0.0, 0.0, 1.0, approx(0.1)]


@given(st.integers(1, 1000))
def test_power_comes_back_without_a_jump(steps: int):
    limit = Limit(StateOfChargeSettings())
    parts = [limit.part("bess1", i / steps * 0.06) for i in range(steps + 1)]
    jump = max(b - a for a, b in pairwise(parts))
    assert parts[-1] == 1.0
    assert jump <= 0.06 / steps / 0.04 + 1e-9
