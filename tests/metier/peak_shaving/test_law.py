from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.peak_shaving.law import recharge_law, window_law


def allowed(imported_wh, elapsed_s):
    return window_law(
        2e6, imported_ws=imported_wh * 3600, elapsed_s=elapsed_s, window_s=900,
        least_s=10,
    )  # fmt: skip


@mark.parametrize(
    ("imported_wh", "elapsed_s", "allowed_w"),
    [
        (0.0, 0.0, 2e6),
        (250e3, 450.0, 2e6),  # at the peak so far
        (0.0, 450.0, 4e6),  # half the time, all of the energy
        (375e3, 450.0, 1e6),
        (600e3, 450.0, 0.0),  # lost: no more is drawn, but nothing is exported
    ],
)
def test_the_rest_of_the_window_gets_the_rest_of_its_energy(
    imported_wh, elapsed_s, allowed_w
):
    assert allowed(imported_wh, elapsed_s) == approx(allowed_w)


@given(st.lists(st.floats(0.0, 3e6), min_size=1, max_size=90))
def test_held_to_it_the_mean_is_never_above_the_peak(wishes_w):
    imported_ws = 0.0
    for i in range(90):
        most_w = window_law(
            2e6, imported_ws=imported_ws, elapsed_s=10.0 * i, window_s=900, least_s=10
        )
        imported_ws += min(wishes_w[i % len(wishes_w)], most_w) * 10.0
    assert imported_ws / 900 <= 2e6 * (1 + 1e-9)


def test_at_the_end_of_a_window_nothing_jumps():
    assert allowed(2e6 * 899.9 / 3600 + 100, 899.9) == approx(2e6 - 36e3, abs=1e3)


@mark.parametrize(
    ("resting_w", "import_w"), [(0.2e6, 1e6), (-3e6, 1e6), (1.5e6, 1.5e6)]
)
def test_charging_never_turns_into_discharging(resting_w, import_w):
    assert recharge_law(1e6, resting_w=resting_w) == import_w
