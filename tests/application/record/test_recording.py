"""What is written down of a plant, and when: rows in real files."""

import json
from itertools import pairwise

from pytest import approx, fixture

from tests.application.record.recorded import BESS, PV, recorded


@fixture(scope="module")
def plant(tmp_path_factory):
    """3 MW are ordered at 0 s; bess2 falls silent from 3 to 6 s; a limit at 8.35 s."""
    with recorded(tmp_path_factory.mktemp("plant")) as plant:
        stand = plant.stand
        stand.set("order.p_set_w", 3e6)
        stand.run(3.0)
        stand.set("silent.bess2", 1)
        stand.run(6.0)
        stand.set("silent.bess2", 0)
        stand.run(8.35)
        stand.set("order.p_limit_max_w", 2e6)
        stand.run(62.0)
    return plant


def test_samples_are_taken_once_a_second(plant):
    times_s = [row["ts"] for row in plant.rows("poi")]
    assert len(times_s) == 62
    assert all(b - a == approx(1.0) for a, b in pairwise(times_s))
    for name in BESS:
        assert len(plant.rows("bess", f"device = '{name}'")) == 62
    for name in PV:
        assert len(plant.rows("pv", f"device = '{name}'")) == 62
    assert len(plant.rows("cycles")) == 62


def test_times_are_those_of_the_cycles(plant):
    cycles_s = {round(view.obs.time_s, 6) for view in plant.views}
    zero_s = plant.time.wall_s() - plant.time.now_s()
    for row in plant.rows("poi") + plant.rows("decisions"):
        assert round(row["ts"] - zero_s, 6) in cycles_s


def test_a_decision_is_written_at_once_when_its_sense_changes(plant):
    rows = plant.rows("decisions")
    limited = next(row for row in rows if row["p_limited_by"] == "power_limit")
    before = rows[rows.index(limited) - 1]
    assert 0.0 < limited["ts"] - before["ts"] < 0.95
    assert before["p_limit_max_w"] is None
    assert limited["p_limit_max_w"] == 2e6
    assert "power_limit" in json.loads(limited["modes"])


def test_a_change_of_mode_is_an_event_with_the_time_of_the_cycle(plant):
    events = plant.rows("events", "source = 'set_point_tracking'")
    assert [row["text"] for row in events] == ["tracking"]
    assert events[0]["ts"] == plant.rows("poi")[0]["ts"]


def test_energy_is_written_each_minute_by_the_clock_and_in_the_end(plant):
    times_s = [row["ts"] for row in plant.rows("energy", "device = 'poi'")]
    first, minute, last = times_s
    assert minute % 60.0 < 1.0
    assert first < minute < last


def test_rows_are_marked_while_the_clock_is_trusted(plant):
    assert {row["clock"] for row in plant.rows("poi")} == {1}
