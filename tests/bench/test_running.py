"""The whole bench, as `ppc bench` runs it."""

from ppc.bench.library import entries
from ppc.bench.report import counts, render
from ppc.bench.running import run_all
from ppc.bench.trying import Verdict
from tests.bench.folder import LIBRARY, ROOT

FOLDER = ROOT / "bench"


def test_every_case_ends_as_it_is_declared_to():
    found = entries(FOLDER, library=LIBRARY)
    cards = list(run_all(found, FOLDER, LIBRARY))
    assert len(cards) == len(found)
    assert [(c.name, c.why) for c in cards if not c.verdict.good] == []
    assert counts(cards)[Verdict.PASS] > 130
    page = render(cards, subject="ppc", when="now", took_s=1.0)
    assert len(page) < 12e6
