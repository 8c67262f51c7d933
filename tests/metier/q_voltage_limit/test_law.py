from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.q_voltage_limit.law import held_or_free, limit_law
from ppc.metier.q_voltage_limit.policy import VDE
from ppc.metier.shaping import polyline

VOLTS = st.floats(0.0, 2.0)
SETS = st.floats(-0.33, 0.33)


def limited(v_pu: float, q_set_pu: float, points_pu=VDE) -> float:
    least, most = limit_law(v_pu, points_pu)
    return min(max(q_set_pu, least), most)


def shifted(v_pu: float, q_set_pu: float) -> float:
    """As the published form has it: inner points moved by the set-point."""
    (u1, q1), (u2, q2), (u3, q3), (u4, q4) = VDE
    slope_a, slope_b = (q2 - q1) / (u2 - u1), (q4 - q3) / (u4 - u3)
    return polyline(
        v_pu,
        [
            (u1, q1),
            (u2 + q_set_pu / slope_a, q_set_pu),
            (u3 + q_set_pu / slope_b, q_set_pu),
            (u4, q4),
        ],
    )


@given(VOLTS, SETS)
def test_it_is_the_curve_with_its_break_points_moved(v_pu: float, q_set_pu: float):
    assert limited(v_pu, q_set_pu) == approx(shifted(v_pu, q_set_pu), abs=1e-6)


@mark.parametrize(
    ("v_pu", "q_set_pu", "q_pu"),
    [
        (1.0, 0.2, 0.2),
        (1.04, 0.2, 0.0),
        (1.05, 0.2, -0.165),
        (1.05, -0.2, -0.2),
        (0.95, -0.2, 0.165),
        (0.80, -0.2, 0.33),
        (1.20, 0.2, -0.33),
        (1.03, 0.2, 0.165),
    ],
)
def test_by_hand(v_pu: float, q_set_pu: float, q_pu: float):
    assert limited(v_pu, q_set_pu) == approx(q_pu)


@given(VOLTS, SETS)
def test_it_has_no_jump(v_pu: float, q_set_pu: float):
    near = limited(v_pu + 1e-9, q_set_pu)
    assert limited(v_pu, q_set_pu) == approx(near, abs=1e-6)


@given(VOLTS, VOLTS, SETS)
def test_a_higher_voltage_never_leaves_more_q(a: float, b: float, q_set_pu: float):
    low, high = (limited(v, q_set_pu) for v in sorted((a, b)))
    assert high <= low


def test_where_the_lines_contradict_each_other_the_nearer_end_wins():
    flat = ((0.94, 0.33), (0.96, 0.0), (1.04, 0.0), (1.24, -0.33))
    assert limit_law(0.94, flat) == (approx(0.33), approx(0.33))
    flat = ((0.76, 0.33), (0.96, 0.0), (1.04, 0.0), (1.06, -0.33))
    assert limit_law(1.06, flat) == (approx(-0.33), approx(-0.33))


@mark.parametrize(("blind_s", "least"), [(0.0, -1.0), (10.0, -1.0), (10.1, -1e9)])
def test_without_a_voltage_first_the_last_limits_then_none(blind_s, least):
    band = held_or_free((-1.0, 2.0), blind_s=blind_s, hold_s=10.0)
    assert max(band[0], -1e9) == least
