"""What happened on the wires, device by device."""

from itertools import pairwise

from pytest import approx, fixture

from tests.application.record.recorded import recorded


@fixture(scope="module")
def plant(tmp_path_factory):
    """bess1 silent from 20 s, pv1 unplugged from 20 to 40 s, pv2 slow from 20 s on."""
    with recorded(tmp_path_factory.mktemp("plant")) as plant:
        stand = plant.stand
        stand.run(20.0)
        stand.set("silent.bess1", 1)
        stand.set("plug.pv1", 0)
        stand.set("delay_s.pv2", 0.02)
        stand.run(40.0)
        stand.set("plug.pv1", 1)
        stand.run(60.0)
    return plant


def of(plant, name):
    """Without the first two: one has all since the start, one is shorter."""
    return plant.rows("links", f"device = '{name}'")[2:]


def test_each_device_has_a_row_with_every_tenth_sample(plant):
    rows = plant.rows("links")
    sampled_s = {row["ts"] for row in plant.rows("poi")}
    times_s = sorted({row["ts"] for row in rows})
    assert sampled_s.issuperset(times_s)
    assert all(
        after_s - before_s == approx(10.0, abs=0.2)
        for before_s, after_s in pairwise(times_s[1:])
    )
    assert len(rows) == 8 * len(times_s) > 8 * len(sampled_s) // 11


def test_answers_are_timed(plant):
    for row in of(plant, "bess2"):
        assert row["answer_p50_s"] == approx(0.001)
        assert row["requests_count"] == approx(205, abs=6)  # read and written
        assert row["no_replies_count"] == row["connects_count"] == 0
    slow = of(plant, "pv2")[-1]
    assert slow["answer_p50_s"] == approx(0.04)
    assert slow["answer_max_s"] >= slow["answer_p50_s"]


def test_silence_is_counted_and_has_no_time(plant):
    row = of(plant, "bess1")[-1]
    assert row["requests_count"] == row["no_replies_count"] > 0
    assert row["answer_p50_s"] is row["answer_max_s"] is None


def test_a_cable_that_is_plugged_in_again_is_a_new_connection(plant):
    rows = of(plant, "pv1")
    assert sum(row["connects_count"] for row in rows) == 1
    assert rows[2]["requests_count"] == 0
    assert rows[-1]["requests_count"] > 0


def test_each_request_counts_once(plant):
    for name in ("bess2", "pv2", "poi"):
        rows = plant.rows("links", f"device = '{name}'")
        sent = plant.stand.wire(name).counters.requests
        assert sum(row["requests_count"] for row in rows) == approx(sent, abs=200)
