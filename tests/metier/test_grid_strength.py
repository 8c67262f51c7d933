"""How the grid's strength is learnt, and what is not taken for it."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.grid_strength import GridStrength


def moved(strength: GridStrength, ratio: float, *, grid_pu: float = 1.0) -> None:
    for i in range(30):
        q_pu = 0.02 * i
        strength.observe(grid_pu + q_pu / ratio, q_pu)


@mark.parametrize("ratio", [1.5, 3.0, 10.0, 50.0])
def test_it_is_learnt_while_reactive_power_moves(ratio: float):
    strength = GridStrength(None)
    moved(strength, ratio)
    assert strength.sensitivity_pu == approx(1.0 / ratio)


def test_a_step_of_the_grid_answered_by_the_plant_is_no_part_of_it():
    strength = GridStrength(None)
    moved(strength, 20.0)
    for i in range(20):
        q_pu = 0.58 + 0.04 * i
        strength.observe((1.0 if i < 3 else 0.9) + q_pu / 20.0, q_pu)
    assert strength.sensitivity_pu == approx(1 / 20.0)


def test_noise_while_nothing_moves_teaches_nothing():
    strength = GridStrength(None)
    for i in range(100):
        strength.observe(1.0 + 0.01 * (-1) ** i, 0.1 + 0.001 * (i % 3))
    assert strength.sensitivity_pu == 0.1


def test_what_is_configured_is_not_learnt():
    strength = GridStrength(4.0)
    moved(strength, 20.0)
    assert strength.sensitivity_pu == 0.25


def test_a_gap_begins_a_new_difference():
    strength = GridStrength(None)
    for i in range(10):
        strength.observe(1.0 + 0.5 * i, 0.1 * i)
        strength.observe(1.0, None)
    assert strength.sensitivity_pu == 0.1


@given(st.lists(st.tuples(st.floats(0.0, 2.0), st.floats(-1.0, 1.0)), max_size=50))
def test_it_is_always_one_a_grid_can_have(samples):
    strength = GridStrength(None)
    for v_pu, q_pu in samples:
        strength.observe(v_pu, q_pu)
    assert 0.01 <= strength.sensitivity_pu <= 1.5
