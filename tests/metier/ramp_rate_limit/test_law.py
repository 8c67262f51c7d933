from ppc.metier.ramp_rate_limit.law import window_law


def test_the_window_is_as_wide_as_the_time_that_passed():
    window = window_law(5.0, up_per_s=1.0, down_per_s=2.0, dt_s=0.5)
    assert window == (4.0, 5.5)
