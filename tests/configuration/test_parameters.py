"""Versions of settings on the disk, and plant.yaml under them."""

import shutil
from pathlib import Path

import yaml
from pytest import fixture, raises

from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import load
from ppc.configuration.parameters import (
    Parameters,
    Version,
    Writing,
    load_over,
    read,
    values,
)

CONFIG = Path(__file__).parents[2] / "config"
PLANT = CONFIG / "plant.yaml"
NAME = "demonstration plant"


def version(number, after, *, reverts=None, plant=NAME):
    return Version(
        number=number,
        when="2026-11-21T09:00:00+00:00",
        who="ada",
        why="a test",
        plant=plant,
        reverts=reverts,
        before={},
        after=after,
    )


SLOPE = version(1, {"voltage_support": {"slope_pu": 0.05, "tau_s": 1.0}})
AGAIN = version(2, {"voltage_support": {"slope_pu": 0.06}})


def stored(db_dir, *versions):
    for each in versions:
        Writing(Parameters(db_dir / "parameters"), each).keep()
    return read(db_dir)


def test_what_is_written_is_read_again(tmp_path):
    parameters = stored(tmp_path, SLOPE, AGAIN)
    assert parameters.versions == (SLOPE, AGAIN)
    assert parameters.next_number == 3
    assert sorted(p.name for p in parameters.folder.iterdir()) == [
        "0001.yaml",
        "0002.yaml",
    ]
    assert read(tmp_path / "none").versions == ()
    assert read(tmp_path / "none").next_number == 1


def test_a_draft_does_not_count(tmp_path):
    writing = Writing(Parameters(tmp_path / "parameters"), SLOPE)
    assert read(tmp_path).versions == ()
    writing.drop()
    assert list((tmp_path / "parameters").iterdir()) == []


def test_the_last_version_has_the_last_word_on_each_setting(tmp_path):
    parameters = stored(tmp_path, SLOPE, AGAIN)
    configuration = load_over(PLANT, parameters)
    settings = dict(configuration.functions)["voltage_support"]
    assert (settings.slope_pu, settings.tau_s) == (0.06, 1.0)
    by = parameters.set_by(NAME)
    assert by["voltage_support", "slope_pu"].number == 2
    assert by["voltage_support", "tau_s"].number == 1


def test_what_is_taken_back_leaves_what_is_below_it(tmp_path):
    def slope(*versions):
        functions = load_over(PLANT, Parameters(tmp_path, versions)).functions
        return dict(functions)["voltage_support"].slope_pu

    second, first = version(3, {}, reverts=2), version(4, {}, reverts=1)
    assert slope(SLOPE, AGAIN, second) == 0.05
    assert slope(SLOPE, AGAIN, second, first) == 0.04
    assert slope(SLOPE, AGAIN, version(3, {}, reverts=1)) == 0.06
    below = load(PLANT)
    assert load_over(PLANT, Parameters(tmp_path, (SLOPE, first))) == below


def test_what_another_plant_has_does_not_count(tmp_path):
    other = version(1, {"voltage_support": {"slope_pu": 0.07}}, plant="other")
    assert load_over(PLANT, Parameters(tmp_path, (other,))) == load(PLANT)
    assert Parameters(tmp_path, (other,)).next_number == 2


def test_only_a_version_that_holds_can_be_taken_back(tmp_path):
    parameters = Parameters(tmp_path, (SLOPE, version(2, {}, reverts=1)))
    for number, reason in ((1, "already"), (2, "takes back 1"), (3, "there is no")):
        with raises(ValueError, match=reason):
            parameters.revertible(number, NAME)
    with raises(ValueError, match="of this plant"):
        Parameters(tmp_path, (SLOPE,)).revertible(1, "other")
    assert Parameters(tmp_path, (SLOPE,)).revertible(1, NAME) is SLOPE


@fixture
def plant(tmp_path):
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path / "config" / "plant.yaml"


def test_a_version_that_fits_no_more_is_found_at_its_file(plant, tmp_path):
    bad = version(1, {"voltage_support": {"slope_pu": 0.5, "tau_s": -1.0, "x": 1}})
    parameters = stored(tmp_path, bad)
    with raises(ConfigurationError) as raised:
        load_over(plant, parameters)
    found = {(f.file, f.path) for f in raised.value.findings}
    file = str(tmp_path / "parameters" / "0001.yaml")
    assert found == {(file, "voltage_support.x")}
    fits = version(1, {"voltage_support": {"slope_pu": 0.5, "tau_s": -1.0}})
    with raises(ConfigurationError) as raised:
        load_over(plant, stored(tmp_path, fits))
    found = {(f.file, f.path) for f in raised.value.findings}
    assert found == {
        (file, "voltage_support.slope_pu"),
        (file, "voltage_support.tau_s"),
    }


def test_a_function_that_is_not_listed_any_more_is_not_added(plant, tmp_path):
    content = yaml.safe_load(plant.read_text())
    content["functions"] = [
        each for each in content["functions"] if "voltage_support" not in each
    ]
    plant.write_text(yaml.safe_dump(content))
    with raises(ConfigurationError, match=r"not listed .* any more"):
        load_over(plant, stored(tmp_path, SLOPE))


def test_a_file_that_was_spoilt_is_refused_with_its_name(tmp_path):
    folder = stored(tmp_path, SLOPE).folder
    (folder / "0002.yaml").write_text("number: 7\nwho: [")
    shutil.copy(folder / "0001.yaml", folder / "0003.yaml")
    with raises(ConfigurationError) as raised:
        read(tmp_path)
    said = str(raised.value)
    assert "0002.yaml" in said
    assert "0003.yaml:1: number: is not that of the file's name" in said


def test_values_are_what_yaml_can_write():
    found = values(load(PLANT).functions, [("power_limit", "rate_w_per_s")])
    assert found == {"power_limit": {"rate_w_per_s": None}}


def test_a_version_says_itself_in_a_line():
    told = SLOPE.model_copy(
        update={"before": {"voltage_support": {"slope_pu": 0.04, "tau_s": None}}}
    )
    assert str(told) == (
        "0001 by ada: voltage_support.slope_pu 0.04 -> 0.05, "
        "voltage_support.tau_s left out -> 1 (a test)"
    )
