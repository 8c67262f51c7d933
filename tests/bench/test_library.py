from pytest import raises

from ppc.bench.library import configuration, entries
from ppc.configuration.findings import ConfigurationError
from tests.bench.folder import LIBRARY, ROOT, write_cases


def test_cases_are_found_by_name_and_variant(tmp_path):
    axes = [{"a": {"p": 0.1}, "b": {"p": 0.2}}]
    stimulus = [{"at_s": 0, "order.p_set_pu": "$p"}]
    write_cases(tmp_path, one={}, two={"variants": axes, "stimulus": stimulus})
    names = [entry.name for entry in entries(tmp_path, library=LIBRARY)]
    assert names == ["one", "two-a", "two-b"]
    chosen = entries(tmp_path, ["two-*"], library=LIBRARY)
    assert [e.case.stimulus[0].signals for e in chosen] == [
        {"order.p_set_pu": 0.1},
        {"order.p_set_pu": 0.2},
    ]


def test_all_that_is_wrong_in_all_files_is_told_with_its_place(tmp_path):
    write_cases(
        tmp_path,
        one={"duration_s": -1, "tea": True},
        two={"changes": {"simulation": {"grid": {"scr": 0}}}},
        three={"settings": {"voltage_support": {"slope_pu": 0.9}}},
        four={"stimulus": [{"at_s": 0, "order.p_set_pu": "$p"}], "variants": [1]},
    )
    with raises(ConfigurationError) as error:
        entries(tmp_path, library=LIBRARY)
    told = {(f.file.split("/")[-1], f.path) for f in error.value.findings}
    assert ("one.yaml", "duration_s") in told
    assert ("one.yaml", "tea") in told
    assert ("bess.yaml", "simulation.grid.scr") in told
    assert any(path.endswith("slope_pu") for _, path in told)
    assert ("four.yaml", "") in told
    assert any("two.yaml, on " in f.file for f in error.value.findings)


def test_a_case_for_what_is_not_built_is_listed_but_not_set_up(tmp_path):
    write_cases(tmp_path, one={"needs": ["tea"], "settings": {"tea": {"hot": True}}})
    (entry,) = entries(tmp_path, library=LIBRARY)
    assert entry.missing == ("tea",)


def test_changes_and_settings_reach_the_plant(tmp_path):
    write_cases(
        tmp_path,
        one={
            "changes": {"simulation": {"grid": {"scr": 3}}},
            "settings": {"voltage_support": {"tau_s": 0.7}},
        },
    )
    (entry,) = entries(tmp_path, library=LIBRARY)
    found = configuration(entry, tmp_path, LIBRARY)
    assert found.plant.simulation.grid.scr == 3
    assert dict(found.functions)["voltage_support"].tau_s == 0.7


def test_the_projects_own_cases_are_sound():
    found = entries(ROOT / "bench", library=LIBRARY)
    assert len(found) > 90
    assert len({entry.name for entry in found}) == len(found)
