"""The recorder on a disk that is filled to the last byte while it runs."""

from tests.database.disk import run_on_a_small_disk


def test_samples_go_events_stay_and_it_recovers(tmp_path):
    said = run_on_a_small_disk("tests.database.full_disk", tmp_path / "disk", 48)
    assert "control waited" in said
    assert "Traceback" not in said
