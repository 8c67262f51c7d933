import logging

from pytest import mark

from ppc.bench.library import entries
from ppc.bench.trying import Verdict, attempt
from tests.bench.folder import LIBRARY, expecting, write_cases


def tried(folder, **changes):
    write_cases(folder, case=changes)
    (entry,) = entries(folder, library=LIBRARY)
    return attempt(entry, folder, LIBRARY)


def test_a_case_that_passes(tmp_path):
    result = tried(tmp_path)
    assert (result.verdict, result.why) == (Verdict.PASS, "")
    assert result.outcomes[0].passed


def test_a_case_that_fails_says_why_in_a_sentence(tmp_path):
    result = tried(tmp_path, expect=expecting(0.3))
    assert result.verdict is Verdict.FAIL
    assert result.why == "it is there: static error: 0.1 pu (at most 0.005)"
    assert not result.verdict.good


def test_an_expected_failure_leaves_the_bench_green(tmp_path):
    result = tried(tmp_path, expect=expecting(0.3), expected={"fail": "too far"})
    assert result.verdict is Verdict.EXPECTED_FAILURE
    assert result.why.startswith("too far (it is there")
    assert result.verdict.good


def test_an_expected_failure_that_passes_is_no_good(tmp_path):
    result = tried(tmp_path, expected={"fail": "too far"})
    assert result.verdict is Verdict.UNEXPECTED_PASS
    assert not result.verdict.good


def test_what_is_not_built_is_neither_passed_nor_failed(tmp_path):
    result = tried(tmp_path, needs=["set_point_tracking", "tea"])
    assert (result.verdict, result.why) == (Verdict.NOT_BUILT, "needs tea")
    assert result.verdict.good


@mark.parametrize(
    ("changes", "word"),
    [
        ({"stimulus": [{"at_s": 0, "grid.colour": 1}]}, "no signal grid.colour"),
        ({"expect": [expecting(0.2)[0] | {"signal": "tea"}]}, "no signal tea"),
        ({"stimulus": [{"at_s": 0, "order.p_set_pu": 5}]}, "was refused"),
    ],
)
def test_what_cannot_be_done_or_judged_does_not_pass(tmp_path, changes, word):
    result = tried(tmp_path, **changes)
    assert not result.verdict.good
    assert word in result.why


def test_the_program_is_silent_for_a_case_only(tmp_path):
    ours = logging.getLogger("ppc")
    before = ours.level
    tried(tmp_path)
    assert ours.level == before
