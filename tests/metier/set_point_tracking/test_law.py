from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from ppc.metier.set_point_tracking.law import fallback_law, ramp_law

WATTS = st.floats(-1e9, 1e9)


@mark.parametrize(
    ("present", "target", "next_value"),
    [
        (0.0, 10.0, 1.0),  # up by 1 per second
        (0.0, -10.0, -2.0),  # down by 2
        (5.0, 5.5, 5.5),  # arrives, does not overshoot
        (5.0, 5.0, 5.0),
        (1.0, -9.0, -1.0),  # through zero
    ],
)
def test_ramp_by_hand(present: float, target: float, next_value: float):
    moved = ramp_law(present, target, up_per_s=1.0, down_per_s=2.0, dt_s=1.0)
    assert moved == next_value


@given(WATTS, WATTS, st.floats(0.0, 1e9))
def test_a_ramp_never_overshoots(present: float, target: float, rate_per_s: float):
    moved = ramp_law(
        present, target, up_per_s=rate_per_s, down_per_s=rate_per_s, dt_s=0.1
    )
    assert min(present, target) <= moved <= max(present, target)


@mark.parametrize(
    ("lost_s", "default", "target"),
    [(0.0, 0.0, 4.0), (9.9, 0.0, 4.0), (10.0, 0.0, 0.0), (10.0, None, None)],
)
def test_an_order_that_expired_counts_for_a_while(
    lost_s: float, default: float | None, target: float | None
):
    assert fallback_law(4.0, lost_s=lost_s, hold_s=10.0, default=default) == target
