from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.schedule.law import held_law, linear_law

DAY = [(1, -2.0), (5, None), (17, 3.0), (19, 1.0), (20, None)]
POINTS = st.lists(
    st.tuples(st.floats(0, 24), st.none() | st.floats(-1e7, 1e7)), min_size=1
).map(lambda points: sorted(points, key=lambda point: point[0]))


@mark.parametrize(
    ("hours", "held_w", "linear_w"),
    [
        (0.5, None, None),
        (1.0, -2.0, -2.0),
        (4.99, -2.0, -2.0),
        (5.0, None, None),
        (16.9, None, None),
        (18.5, 3.0, 1.5),
        (19.0, 1.0, 1.0),
        (19.9, 1.0, 1.0),
        (23.9, None, None),
    ],
)
def test_a_day_by_hand(hours, held_w, linear_w):
    assert held_law(hours, DAY) == held_w
    planned_w = linear_law(hours, DAY)
    assert planned_w == (None if linear_w is None else approx(linear_w))


def test_a_step_may_be_drawn():
    step = [(8.0, 1.0), (9.0, 1.0), (9.0, 5.0), (10.0, 5.0)]
    assert [linear_law(h, step) for h in (8.5, 9.0, 9.5, 23.0)] == [1.0, 5.0, 5.0, 5.0]


def test_without_a_table_nothing_is_planned():
    assert held_law(8.0, ()) is linear_law(8.0, ()) is None


@given(st.floats(0, 24), POINTS)
def test_both_plan_at_the_same_times_and_nothing_beyond_the_points(hours, points):
    held_w, linear_w = held_law(hours, points), linear_law(hours, points)
    assert (held_w is None) == (linear_w is None)
    known = [p_w for _, p_w in points if p_w is not None]
    if linear_w is not None:
        assert min(known) - 1e-6 <= linear_w <= max(known) + 1e-6
