"""What is laid over a plant file before it is checked."""

from pathlib import Path

from pytest import raises

from ppc.configuration.changes import Changes
from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import load

PLANT = Path(__file__).parents[2] / "config" / "plant.yaml"


def test_entries_go_into_one_another():
    changed = load(PLANT, Changes({"simulation": {"grid": {"scr": 3}}}))
    as_it_is = load(PLANT)
    assert changed.plant.simulation.grid.scr == 3
    assert changed.plant.simulation.grid.x_r == as_it_is.plant.simulation.grid.x_r
    assert changed.plant.devices == as_it_is.plant.devices


def test_settings_of_functions_are_laid_over_their_own():
    settings = {"voltage_support": {"tau_s": 0.7}}
    functions = dict(load(PLANT, Changes(settings=settings)).functions)
    assert functions["voltage_support"].tau_s == 0.7
    assert functions["voltage_support"].slope_pu == 0.04  # as in the file
    assert list(functions) == list(dict(load(PLANT).functions))


def test_a_function_that_is_not_listed_goes_to_the_end():
    functions = Changes(settings={"b": {"x": 1}}).over({"functions": [{"a": None}]})
    assert functions == {"functions": [{"a": {}}, {"b": {"x": 1}}]}


def test_a_change_that_is_wrong_is_told_like_any_other():
    with raises(ConfigurationError) as error:
        load(PLANT, Changes({"control": {"period_s": "soon"}}, {"tea": {}}))
    places = {finding.path for finding in error.value.findings}
    assert places == {"control.period_s", "functions.6.tea"}


def test_the_library_may_be_elsewhere(tmp_path):
    plant = tmp_path / "plant.yaml"
    plant.write_text(PLANT.read_text(encoding="utf-8"), encoding="utf-8")
    with raises(ConfigurationError):
        load(plant)
    assert load(plant, Changes(library=PLANT.parent)).profiles
