"""What is, on record beside what the meter shows."""

import sqlite3
from contextlib import closing

from pytest import approx

from ppc.simulation.faults.plan import Planned
from ppc.simulation.truth_log import TruthLog
from tests.simulation.faults.field import field_of


def ask(path, query):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def test_truth_and_reading_stand_side_by_side_with_the_faults(tmp_path):
    log = TruthLog(tmp_path / "db", every_s=0.1)
    field = field_of(truth=log)
    for _ in range(50):
        field.step(0.02)
    fault = field.injector.add(Planned(kind="meter_reversed"))
    for _ in range(50):
        field.step(0.02)
    field.injector.clear(fault.number)
    log.close()
    (path,) = (tmp_path / "db").glob("truth_*.db")
    rows = ask(path, "SELECT p_w, meter_p_w, faults_count FROM truth ORDER BY ts")
    assert len(rows) == 20
    p_w, shown_w, count = rows[5]
    assert (shown_w, count) == (approx(p_w, rel=0.01), 0)
    p_w, shown_w, count = rows[-1]
    assert (shown_w, count) == (approx(-p_w, rel=0.01), 1)
    words = ask(path, "SELECT word, fault FROM truth_faults ORDER BY ts, word DESC")
    assert words == [(word, "meter_reversed on plant") for word in ("on", "off")]
    units = ask(path, "SELECT DISTINCT device FROM truth_units ORDER BY 1")
    assert [name for (name,) in units] == [
        *("bess1", "bess2", "bess3"),
        *("pv1", "pv2", "pv3", "pv4"),
    ]
    assert ask(path, "PRAGMA journal_mode") == [("delete",)]


def test_an_error_of_the_charge_is_seen_beside_the_truth(tmp_path):
    log = TruthLog(tmp_path, every_s=0.1)
    field = field_of(truth=log)
    field.injector.add(
        Planned(kind="soc_jump", device="bess1", parameters={"by_pu": 0.1})
    )
    for _ in range(20):
        field.step(0.02)
    log.close()
    (path,) = tmp_path.glob("truth_*.db")
    ((true_pu, shown_pu),) = ask(
        path,
        "SELECT soc_pu, soc_shown_pu FROM truth_units WHERE device='bess1' "
        "ORDER BY ts DESC LIMIT 1",
    )
    assert shown_pu - true_pu == approx(0.1, abs=1e-6)
