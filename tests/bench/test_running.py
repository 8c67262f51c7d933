"""The bench, as `ppc bench` runs it, but for cases of more than two minutes."""

from ppc.bench.library import entries
from ppc.bench.report import counts, render
from ppc.bench.running import run_all
from ppc.bench.trying import Verdict
from tests.bench.folder import LIBRARY, ROOT

FOLDER = ROOT / "bench"
MOST_S = 120.0
"""`ppc bench` runs those that take longer in simulated time as well."""


def test_every_case_ends_as_it_is_declared_to():
    every = entries(FOLDER, library=LIBRARY)
    found = [entry for entry in every if entry.case.duration_s <= MOST_S]
    cards = list(run_all(found, FOLDER, LIBRARY))
    assert len(cards) == len(found)
    assert [(c.name, c.why) for c in cards if not c.verdict.good] == []
    assert counts(cards)[Verdict.PASS] > 290
    page = render(cards, subject="ppc", when="now", took_s=1.0)
    assert len(page) < 12e6
