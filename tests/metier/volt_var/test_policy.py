from pytest import approx, raises

from ppc.datamodel.observation import Orders
from ppc.metier.volt_var.policy import Average, Lock, Reference, VoltVarSettings


def test_the_mean_is_of_samples_one_a_second_and_held_between_them():
    average = Average(VoltVarSettings(average_s=3.0))
    seen = [average.of(float(i), i / 10.0) for i in range(45)]
    assert seen[:20] == [None] * 20
    assert seen[20] == approx((0.0 + 10.0 + 20.0) / 3.0)
    assert seen[29] == seen[20]
    assert seen[30:40] == [approx((10.0 + 20.0 + 30.0) / 3.0)] * 10


def test_a_short_gap_interrupts_the_mean_and_a_long_one_begins_it_anew():
    average = Average(VoltVarSettings(average_s=3.0))
    for time_s in range(3):
        first = average.of(1.0, float(time_s))
    assert first == 1.0
    assert average.of(None, 3.0) is None
    assert average.of(4.0, 4.0) == approx(2.0)
    assert average.of(4.0, 20.0) is None


def test_cycles_longer_than_a_second_give_one_sample_each():
    average = Average(VoltVarSettings(average_s=10.0))
    seen = [average.of(float(i), 2.5 * i) for i in range(10)]
    assert seen[8] is None
    assert seen[9] == approx(4.5)


def test_without_an_average_it_is_the_voltage_itself():
    average = Average(VoltVarSettings())
    assert [average.of(v, 0.0) for v in (1.0, None, 2.0)] == [1.0, None, 2.0]


def test_the_reference_goes_on_from_where_an_order_left_it():
    reference = Reference(VoltVarSettings(v_reference_tau_s=300.0))
    assert reference.v_pu(1.02, Orders(v_set_pu=0.9), 1.0) == 0.95
    assert reference.v_pu(None, Orders(), 300.0) == 0.95
    assert reference.v_pu(1.0, Orders(), 300.0) == approx(0.95 + 0.05 * 0.63212)


def test_a_reference_that_is_set_comes_back_after_an_order():
    reference = Reference(VoltVarSettings(v_reference_pu=1.02))
    assert reference.v_pu(1.0, Orders(v_set_pu=0.97), 1.0) == 0.97
    assert reference.v_pu(1.0, Orders(), 1.0) == 1.02


def test_the_lock_remembers_while_power_is_not_measured():
    lock = Lock(VoltVarSettings(p_lock_in_pu=0.2, p_lock_out_pu=0.05))
    powers = (None, 0.1, 0.3, None, 0.1, 0.01, None)
    assert [lock.locked(p) for p in powers] == [
        *(True, True, False, False, False, True, True)
    ]


def test_a_lock_out_needs_a_lock_in_above_it():
    with raises(ValueError, match="p_lock_out_pu"):
        VoltVarSettings(p_lock_out_pu=0.05)
    with raises(ValueError, match="p_lock_out_pu"):
        VoltVarSettings(p_lock_in_pu=0.05, p_lock_out_pu=0.2)
