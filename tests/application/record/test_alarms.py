"""Units that say that they are not well."""

from tests.application.record.recorded import recorded


def test_a_fault_and_its_end_are_events_and_a_state_that_is_well_is_not(tmp_path):
    with recorded(tmp_path) as plant:
        stand = plant.stand
        stand.run(1.05)
        machine = stand.plant.units["bess2"].inverter.machine
        machine.trip()
        tripped_s = plant.time.wall_s()
        stand.run(3.0)
        machine.reset()
        stand.run(20.0)
    first, *others = plant.rows("events", "source = 'bess2'")
    assert (first["severity"], first["text"]) == ("error", "state: running -> fault")
    assert 0.0 < first["ts"] - tripped_s < 0.3
    assert others[0]["text"].startswith("state: fault -> ")
    assert {row["severity"] for row in others} == {"info"}
    assert plant.rows("events", "source = 'bess1'") == []


def test_a_unit_that_is_in_fault_at_the_start_is_told(tmp_path):
    with recorded(tmp_path, settle_s=0.0) as plant:
        plant.stand.plant.units["pv3"].inverter.machine.trip()
        plant.stand.run(1.0)
    (row,) = plant.rows("events", "source = 'pv3' AND text LIKE 'state:%'")
    assert (row["severity"], row["text"]) == ("error", "state: fault")
