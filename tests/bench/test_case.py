from pydantic import ValidationError
from pytest import raises

from ppc.bench.case import Case, variants

CASE = {
    "title": "a case",
    "source": {"document": "a document", "case": "its name"},
    "plant": "bess",
    "duration_s": 10,
    "expect": [{"check": "within", "name": "x", "signal": "p_pu", "low": 0}],
}


def test_a_file_without_variants_is_one_case():
    assert list(variants(CASE)) == [("", CASE)]


def test_every_combination_of_the_axes_is_a_case():
    data = {
        "variants": [
            {"a": {"p": 0.2, "word": "low"}, "b": {"p": 1, "word": "high"}},
            {"x": {"v": [1, 2]}, "y": {"v": None}},
        ],
        "level": "$p",
        "text": "the $word level",
        "nested": [{"$word": "$v"}],
    }
    found = dict(variants(data))
    assert list(found) == ["a-x", "a-y", "b-x", "b-y"]
    assert found["b-x"] == {
        "level": 1,
        "text": "the high level",
        "nested": [{"high": [1, 2]}],
    }


def test_a_name_without_value_is_told():
    with raises(ValueError, match=r"'\$q' has no value; there is p"):
        list(variants({"variants": [{"a": {"p": 1}}], "x": "$q"}))
    with raises(ValueError, match="a list of"):
        list(variants({"variants": {"a": {"p": 1}}}))


def test_a_stimulus_must_end_with_the_case():
    late = {"at_s": 9.0, "grid.v_pu": 1.0, "over_s": 2.0}
    with raises(ValidationError, match="goes on after the end"):
        Case.model_validate({**CASE, "stimulus": [late]})


def test_a_case_expects_something():
    with raises(ValidationError, match="expect"):
        Case.model_validate({**CASE, "expect": []})
