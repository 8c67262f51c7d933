from pytest import mark

from ppc.metier.equipment_watchdog.law import may_serve


@mark.parametrize(
    ("time_s", "bad_s", "serves"),
    [
        (0.0, None, True),  # never lost since it was first seen
        (5.0, 5.0, False),
        (6.9, 5.0, False),
        (7.0, 5.0, True),
    ],
)
def test_who_was_lost_serves_again_after_a_while(
    time_s: float, bad_s: float | None, *, serves: bool
):
    assert may_serve(time_s=time_s, bad_s=bad_s, return_s=2.0) is serves
