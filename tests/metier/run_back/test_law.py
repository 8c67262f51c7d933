from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from ppc.metier.run_back.law import level_law, limit_law

POWERS = st.floats(0, 1e9)


@mark.parametrize(
    ("code", "level"), [(0, None), (1, 0.6), (2, 0.3), (3, 0.3), (4, 0.0), (8, None)]
)
def test_of_the_active_levels_the_lowest_wins(code: int, level: float | None):
    assert level_law(code, (0.6, 0.3, 0.0)) == level


@given(POWERS, POWERS, st.none() | POWERS, st.floats(0, 10))
def test_a_limit_never_overshoots_its_target(present, target, power, dt_s):
    limit = limit_law(
        present, target, power=power, down_per_s=1e6, up_per_s=1e6, dt_s=dt_s
    )
    assert min(present, target) <= limit <= max(present, target)
