from pytest import approx, raises

from ppc.metier.capacity_firming.policy import CapacityFirmingSettings, Store, plan_w

MIDNIGHT_S = 1_782_000_000.0


def test_the_plan_is_that_of_the_plants_own_clock_and_none_without_it():
    settings = CapacityFirmingSettings(plan_w=[[8, 0], [10, 4]], utc_offset_s=3600.0)
    assert plan_w(settings, MIDNIGHT_S + 8 * 3600) == approx(2.0)
    assert plan_w(settings, None) is None
    assert plan_w(CapacityFirmingSettings(), MIDNIGHT_S) is None


def test_a_battery_at_its_end_still_works_the_other_way():
    store = Store(CapacityFirmingSettings(soc_min_pu=0.3, soc_max_pu=0.9))
    assert not store.usable(0.3, surplus=False)
    assert store.usable(0.3, surplus=True)
    assert not store.usable(0.319, surplus=False)
    assert store.usable(0.321, surplus=False)
    assert not store.usable(0.9, surplus=True)
    assert store.usable(0.9, surplus=False)
    assert not store.usable(0.881, surplus=True)
    assert store.usable(0.87, surplus=True)


def test_settings_that_contradict_are_refused():
    with raises(ValueError, match=r"soc_min_pu 0\.9 is not below"):
        CapacityFirmingSettings(soc_min_pu=0.9)
    with raises(ValueError, match=r"^plan_w is"):
        CapacityFirmingSettings(plan_w=[[8, 0], [25, 4]])
