"""Buckets, by a clock that the test holds."""

from math import inf

from pytest import mark, raises

from ppc.communication.server.limits import NO_LIMITS, Bucket, Limits


def test_a_bucket_begins_full_and_fills_at_its_rate():
    bucket = Bucket(10.0, 3)
    assert bucket.there(100.0) == 3
    bucket.take(3)
    assert bucket.there(100.05) == 0
    assert 0.04 < bucket.next_s < 0.06
    assert bucket.there(100.21) == 2
    assert bucket.there(200.0) == 3


def test_time_that_goes_back_gives_nothing():
    bucket = Bucket(10.0, 3)
    assert bucket.there(100.0) == 3
    bucket.take(2)
    assert bucket.there(90.0) == 1
    assert bucket.there(100.0) == 1


def test_without_a_rate_there_is_always_enough():
    bucket = Bucket(inf, 500)
    for _ in range(10):
        assert bucket.there(5.0) == 500
        bucket.take(500)
    assert bucket.next_s == 0.0


@mark.parametrize(
    "wrong",
    [
        *({"connections": 0}, {"connections_per_host": 0}, {"burst": 0}),
        *({"idle_s": 0}, {"partial_s": -1}, {"requests_per_s": 0}),
        {"connects_per_s": float("nan")},
    ],
)
def test_a_limit_that_lets_nobody_in_is_named(wrong):
    with raises(ValueError, match=next(iter(wrong))):
        Limits(**wrong)


def test_without_limits_nothing_is_ever_overdue():
    assert NO_LIMITS.idle_s == NO_LIMITS.partial_s == inf
