from pytest import mark

from ppc.metier.disturbance_freeze.law import disturbed_law


@mark.parametrize(
    ("course", "held"),
    [
        ((1.0, 0.84, 0.86, 0.89, 0.91), (False, True, True, True, False)),
        ((0.86, 0.84, 0.86, 0.84), (False, True, True, True)),
        ((1.16, 1.14, 1.12), (True, True, False)),
    ],
)
def test_a_voltage_around_a_threshold_does_not_chatter(course, held):
    disturbed, seen = False, []
    for v_pu in course:
        disturbed = disturbed_law(
            v_pu, disturbed=disturbed, low_pu=0.85, return_pu=0.9, high_pu=1.15
        )
        seen.append(disturbed)
    assert tuple(seen) == held
