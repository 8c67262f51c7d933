from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from ppc.metier.power_limit.law import Band, band, close_in, move

WATTS = st.floats(-1e9, 1e9)
BANDS = st.tuples(WATTS, WATTS).map(lambda ends: (min(ends), max(ends)))


@mark.parametrize(
    ("low", "high", "allowed"),
    [
        (-9.0, 99.0, (-5.0, 10.0)),  # clamped to what always applies
        (-2.0, 3.0, (-2.0, 3.0)),
        (4.0, 2.0, (2.0, 2.0)),  # contradictory: the nearest to zero of 2 to 4
        (-2.0, -4.0, (-2.0, -2.0)),
        (3.0, -3.0, (0.0, 0.0)),
        (50.0, 20.0, (10.0, 10.0)),
    ],
)
def test_limits_by_hand(low: float, high: float, allowed: Band):
    assert band(low, high, within=(-5.0, 10.0)) == allowed


@given(WATTS, WATTS, BANDS)
def test_whatever_is_ordered_a_range_within_the_connection_is_left(
    low: float, high: float, within: Band
):
    left = band(low, high, within=within)
    assert within[0] <= left[0] <= left[1] <= within[1]


@mark.parametrize(
    ("target", "p_w", "start"),
    [
        ((-5.0, 3.0), 6.0, (-5.0, 6.0)),  # the upper limit starts at the power
        ((-5.0, 3.0), 1.0, (-5.0, 3.0)),  # below it already: nothing to wait for
        ((2.0, 10.0), 0.0, (0.0, 10.0)),
        ((-5.0, 10.0), 3.0, (-5.0, 10.0)),  # nothing gets tighter
    ],
)
def test_a_ramp_starts_where_the_plant_is(target: Band, p_w: float, start: Band):
    assert close_in((-5.0, 10.0), target, p_w) == start


def test_a_limit_that_closes_in_pushes_the_other_that_is_on_its_way_out():
    assert close_in((4.0, 10.0), (-9.0, 3.0), 2.0) == (3.0, 3.0)
    assert close_in((-9.0, 4.0), (6.0, 9.0), 7.0) == (6.0, 6.0)


@given(BANDS, BANDS, WATTS)
def test_closing_in_never_goes_beyond_the_target(
    present: Band, target: Band, p_w: float
):
    low, high = close_in(present, target, p_w)
    assert low <= high
    assert min(present[0], target[0]) <= low <= max(present[0], target[0])
    assert min(present[1], target[1]) <= high <= max(present[1], target[1])


@given(BANDS, BANDS, st.floats(0.001, 1e9), st.floats(0.0, 10.0))
def test_limits_move_no_faster_than_their_rate_and_never_cross(
    present: Band, target: Band, rate_per_s: float, dt_s: float
):
    low, high = move(present, target, rate_per_s=rate_per_s, dt_s=dt_s)
    step = rate_per_s * dt_s * (1 + 1e-9) + 1e-6
    assert low <= high
    assert abs(low - present[0]) <= step
    assert abs(high - present[1]) <= step


@given(BANDS, BANDS)
def test_limits_arrive(present: Band, target: Band):
    assert move(present, target, rate_per_s=1e10, dt_s=1.0) == target
