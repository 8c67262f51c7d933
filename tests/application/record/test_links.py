"""What happened on the wires, device by device."""

from pytest import approx, fixture

from tests.application.record.recorded import recorded


@fixture(scope="module")
def plant(tmp_path_factory):
    """bess1 is silent from 2 s, pv1 unplugged from 2 to 4 s, pv2 slow from 2 s on."""
    with recorded(tmp_path_factory.mktemp("plant")) as plant:
        stand = plant.stand
        stand.run(2.0)
        stand.set("silent.bess1", 1)
        stand.set("plug.pv1", 0)
        stand.set("delay_s.pv2", 0.02)
        stand.run(4.0)
        stand.set("plug.pv1", 1)
        stand.run(6.0)
    return plant


def of(plant, name):
    """Without the first: it has all since the start."""
    return plant.rows("links", f"device = '{name}'")[1:]


def test_each_device_has_a_row_with_each_sample(plant):
    rows = plant.rows("links")
    assert len(rows) == 8 * len(plant.rows("poi"))
    assert {row["ts"] for row in rows} == {row["ts"] for row in plant.rows("poi")}


def test_answers_are_timed(plant):
    for row in of(plant, "bess2"):
        assert row["answer_p50_s"] == approx(0.001)
        assert row["requests_count"] == approx(20, abs=1)  # read and written
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
        assert sum(row["requests_count"] for row in rows) == approx(sent, abs=20)
