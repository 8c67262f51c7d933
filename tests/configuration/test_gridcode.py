from pathlib import Path

from pytest import approx, mark, raises

from ppc.configuration.checking import check
from ppc.configuration.document import Document
from ppc.configuration.gridcode import (
    Figure,
    GridCode,
    faults,
    prescriptions,
    setting_of,
)
from ppc.configuration.plant import PlantSection

CONFIG = Path(__file__).parents[2] / "config"
FILES = sorted([*CONFIG.glob("gridcodes/*.yaml"), *CONFIG.glob("products/*.yaml")])
WANTED = {
    *("rfg_denmark_dk1", "rfg_denmark_dk2", "rfg_france", "rfg_austria"),
    *("rfg_germany", "rfg_italy", "ieee_1547_a", "ieee_1547_b", "ieee_2800", "gb"),
    *("fcr_continental", "fcr_n", "fcr_d", "ffr_nordic", "gb_dc", "gb_dm", "gb_dr"),
}
LFSM = "limited_frequency_sensitive_mode"


def plant(p_max_w=10e6, f_nominal_hz=50):
    return PlantSection(
        v_nominal_v=20e3, f_nominal_hz=f_nominal_hz, p_max_w=p_max_w, q_max_var=3.3e6
    )


def figure(value, **more):
    return {"value": value, "source": "a law", "standing": "read", **more}


def code(**functions):
    return GridCode.model_validate({"title": "a code", "functions": functions})


def test_the_codes_are_all_there():
    assert {path.stem for path in FILES} >= WANTED


@mark.parametrize("p_max_w", [1e5, 10e6, 500e6])
@mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_code_builds_its_functions_for_plants_of_any_size(path, p_max_w):
    document = Document(path)
    found, wrong = check(GridCode, document.data)
    assert (document.findings, wrong) == ([], [])
    at = plant(p_max_w, found.f_nominal_hz or 50)
    assert list(faults(found, at)) == []
    assert len(list(prescriptions(path.stem, found, at))) == sum(
        len(figures) for figures in found.functions.values()
    )


@mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_quoted_from_memory_is_recalled(path):
    found, _ = check(GridCode, Document(path).data)
    for figures in found.functions.values():
        for each in figures.values():
            assert ("from memory" in each.source) <= (each.standing == "recalled")


@mark.parametrize(
    ("function", "name", "given", "setting", "value"),
    [
        (LFSM, "droop_pu", figure(0.04), "droop_pu", 0.04),
        (LFSM, "release_pu_per_s", figure(0.01), "release_w_per_s", 1e5),
        ("power_limit", "p_default_max_pu", figure(0.5), "p_default_max_w", 5e6),
        ("voltage_support", "q_max_pu", figure(0.33), "q_max_var", 3.3e6),
        ("power_limit", "q_rate_pu_per_s", figure(0.1), "q_rate_var_per_s", 1e6),
        (
            *(LFSM, "release_pu_per_s", figure(0.01, at_most=6e4)),
            *("release_w_per_s", 6e4),
        ),
        (
            *(LFSM, "release_pu_per_s", figure(0.01, at_most=6e6)),
            *("release_w_per_s", 1e5),
        ),
    ],
)
def test_a_power_per_unit_is_of_the_plant(function, name, given, setting, value):
    found = setting_of(function, name, Figure.model_validate(given), plant())
    assert found == (setting, approx(value))


@mark.parametrize(
    ("name", "given", "reason"),
    [
        ("drop_pu", figure(0.04), "did you mean droop_pu"),
        ("droop_pu", figure(0.04, at_most=1), "at_most belongs to a power per unit"),
        ("release_pu_per_s", figure("fast"), "is one number"),
        ("over_pu", figure(1.0), "is not known here"),
    ],
)
def test_a_figure_for_no_setting_is_refused(name, given, reason):
    with raises(ValueError, match=reason):
        setting_of(LFSM, name, Figure.model_validate(given), plant())


@mark.parametrize(
    ("functions", "place", "reason"),
    [
        ({"lfsm": {}}, ("functions", "lfsm"), "no such function"),
        (
            {LFSM: {"drop_pu": figure(0.04)}},
            *(("functions", LFSM, "drop_pu"), "did you mean droop_pu"),
        ),
        (
            {LFSM: {"droop_pu": figure(0.4)}},
            *(("functions", LFSM, "droop_pu"), "is 0.4; it must be"),
        ),
        (
            {LFSM: {"release_pu_per_s": figure(-1)}},
            *(("functions", LFSM, "release_pu_per_s"), "it must be > 0"),
        ),
        (
            {LFSM: {"release_pu_per_s": figure(1), "release_w_per_s": figure(1)}},
            *(("functions", LFSM, "release_w_per_s"), "is release_pu_per_s once more"),
        ),
    ],
)
def test_an_unsound_code_says_where_and_why(functions, place, reason):
    ((found, why),) = faults(code(**functions), plant())
    assert found == place
    assert reason in why
