from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.core.capability import Ready
from ppc.core.dispatch.charge import SteadyCharge, energy_weight, soc_pu
from ppc.datamodel.rating import EquipmentType


def battery(soc, e_wh=4e6):
    return Ready(
        *("b", EquipmentType.BESS, 0.0, 0.0, -2e6, 2e6, 2e6, 2e6),
        *(soc * e_wh, (1 - soc) * e_wh),
    )


parts = st.floats(0.0, 1.0)


@given(st.lists(parts, min_size=1), st.floats(0.0, 0.2))
def test_what_is_used_is_never_further_than_the_play(seen, play):
    steady = SteadyCharge(play)
    for soc in seen:
        assert steady.step([battery(soc)])["b"] == approx(soc, abs=play + 1e-9)


def test_noise_within_the_play_moves_nothing_and_drift_is_followed_one_way():
    steady = SteadyCharge(0.02)
    noisy = [0.5, 0.51, 0.49, 0.515, 0.485]
    used = [steady.step([battery(soc)])["b"] for soc in noisy]
    assert used == approx([0.5] * 5)
    falling = [steady.step([battery(0.5 - 0.001 * i)])["b"] for i in range(100)]
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] == approx(0.401 + 0.02)


def test_a_jump_is_taken_as_it_is_seen():
    steady = SteadyCharge(0.02)
    steady.step([battery(0.5)])
    assert steady.step([battery(0.4)])["b"] == approx(0.4)


def test_who_was_away_begins_with_what_is_seen():
    steady = SteadyCharge(0.1)
    steady.step([battery(0.5)])
    steady.step([])
    assert steady.step([battery(0.55)])["b"] == approx(0.55)


@given(parts, st.floats(1.0, 2.0))
def test_the_weight_is_energy_held_or_room(soc, gamma):
    unit = battery(soc)
    assert energy_weight(unit, soc, charging=False, gamma=1.0) == approx(4e6 * soc)
    assert energy_weight(unit, soc, charging=True, gamma=1.0) == approx(4e6 * (1 - soc))
    assert energy_weight(unit, soc, charging=False, gamma=gamma) == approx(
        4e6 * soc**gamma
    )


def test_a_battery_without_energy_has_no_weight():
    assert soc_pu(battery(0.3, e_wh=0.0)) == 0.5
    assert energy_weight(battery(0.3, 0.0), 0.5, charging=False, gamma=1.0) == 0.0
