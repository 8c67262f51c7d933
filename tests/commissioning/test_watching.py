from math import isnan

from ppc.commissioning.reading import Reading
from ppc.commissioning.watching import Watch, percentile


def reading(value, latency_s=0.01, quality="good"):
    return Reading("p_w", value, "W", quality, str(value), "holding 0", 0.0, latency_s)


def test_changes_and_extremes_are_kept():
    watch = Watch()
    for value in (1.0, 1.0, 3.0):
        watch.take([reading(value)])
    course = watch.courses["p_w"]
    assert (course.reads_count, course.changes_count) == (3, 1)
    assert (course.low, course.high, course.changed) == (1.0, 3.0, True)
    watch.take([reading(float("nan"), quality="failure")])
    assert (course.bad_count, course.high) == (1, 3.0)


def test_percentiles_are_of_the_nearest_rank():
    values = [float(i) for i in range(1, 101)]
    assert [percentile(values, s) for s in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.5) == 7.0
    assert isnan(percentile([], 0.5))
