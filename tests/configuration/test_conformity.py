from pytest import fixture, mark

from ppc.configuration.changes import Changes
from ppc.configuration.conformity import About, remarks, said
from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import load

LFSM = "limited_frequency_sensitive_mode"
CODE = """
title: a code
f_nominal_hz: 50
functions:
  limited_frequency_sensitive_mode:
    over_hz: {value: 50.3, source: a law, standing: read}
    droop_pu: {value: 0.04, source: a paper, standing: secondary}
  power_limit:
    rate_pu_per_s: {value: 0.02, source: a friend, standing: recalled}
  voltage_support:
    slope_pu: {value: 0.03, source: a law, standing: read}
"""
FIGURE = "{value: 0.03, source: a law, standing: read}"
PRODUCT = """
title: a product
functions:
  power_limit:
    rate_w_per_s: {value: 70000, source: a market, standing: read}
"""


@fixture
def coded(plant):
    """The shipped plant with a grid code and two products at hand."""
    (plant.parent / "gridcodes" / "a_code.yaml").write_text(CODE)
    for name, text in (
        ("one", PRODUCT),
        ("two", PRODUCT.replace("70000", "80000")),
    ):
        (plant.parent / "products" / f"{name}.yaml").write_text(text)
    return plant


def read(path, settings=None, **names):
    return load(path, Changes(entries={"plant": names}, settings=settings or {}))


def findings(path, settings=None, **names):
    try:
        read(path, settings, **names)
    except ConfigurationError as error:
        return error.findings
    return ()


def options(configuration, function):
    return dict(configuration.functions)[function]


def test_the_figures_of_the_code_are_defaults_and_the_plant_has_the_last_word(coded):
    found = read(coded, grid_code="a_code")
    assert options(found, "power_limit").rate_w_per_s == 0.02 * 10e6
    assert options(found, "voltage_support").slope_pu == 0.04  # plant.yaml says so
    assert options(found, "voltage_support").tau_s == 0.25
    assert options(found, "state_of_charge") == options(load(coded), "state_of_charge")


def test_a_code_adds_no_function(coded):
    found = read(coded, grid_code="a_code")
    assert [n for n, _ in found.functions] == [n for n, _ in load(coded).functions]


def test_nothing_said_is_the_plants_word_too(coded):
    found = read(coded, {"power_limit": {"rate_w_per_s": None}}, grid_code="a_code")
    assert options(found, "power_limit").rate_w_per_s is None


def test_a_product_goes_before_the_grid_code(coded):
    found = read(coded, grid_code="a_code", products=["one"])
    assert options(found, "power_limit").rate_w_per_s == 70000
    about = [r for r in remarks(found) if r.function == "power_limit"]
    assert [(r.code, r.about, r.text) for r in about] == [
        ("a_code", About.OVERRIDDEN, "70000 by one, not 200000")
    ]


def test_a_product_does_not_mix_with_the_figures_of_the_grid_code(coded):
    path = coded.parent / "gridcodes" / "a_code.yaml"
    figure = "{value: default, source: a law, standing: read}"
    path.write_text(
        f"{CODE}    deadband_pu: {FIGURE}\n".replace(
            "  voltage_support:", f"    fallback: {figure}\n  voltage_support:"
        )
    )
    assert options(read(coded, grid_code="a_code"), "power_limit").fallback == "default"
    found = read(coded, grid_code="a_code", products=["one"])
    assert options(found, "power_limit").fallback == "hold"
    assert options(found, "voltage_support").deadband_pu == 0.03
    texts = [r.text for r in remarks(found) if r.setting == "fallback"]
    assert texts == ["hold by one, not default"]


def test_what_to_know_about_a_code(coded):
    found = read(coded, {LFSM: {"over_hz": 50.3}}, grid_code="a_code")
    assert [r[1:] for r in remarks(found)] == [
        (LFSM, "droop_pu", About.UNCONFIRMED, "0.04 is secondary: a paper"),
        (
            *("power_limit", "rate_w_per_s", About.UNCONFIRMED),
            "200000 is recalled: a friend",
        ),
        (
            *("voltage_support", "slope_pu", About.OVERRIDDEN),
            "0.04 by plant.yaml, not 0.03",
        ),
    ]


def test_a_function_that_is_asked_for_and_not_listed_is_named(coded):
    found = list(remarks(read(coded, grid_code="a_code")))
    assert found[0] == ("a_code", LFSM, "", About.MISSING, "")
    assert [r for r in found if r.function == LFSM] == found[:1]


def test_no_code_no_remarks(coded):
    assert list(remarks(load(coded))) == []


@mark.parametrize(
    ("names", "path", "reason"),
    [
        ({"grid_code": "a_cod"}, "plant.grid_code", "did you mean a_code"),
        ({"products": ["one", "on"]}, "plant.products.1", "did you mean one"),
        ({"products": ["one", "one"]}, "plant.products.1", "stands twice"),
        (
            {"products": ["one", "two"]},
            *("plant.products.1", "one has another power_limit.rate_w_per_s"),
        ),
        (
            {"grid_code": "a_code", "f_nominal_hz": 60},
            *("plant.grid_code", "is for 50 Hz, not 60"),
        ),
        ({"grid_code": 5}, "plant.grid_code", "valid string"),
    ],
)
def test_a_mistake_in_naming_a_code_is_named(coded, names, path, reason):
    found = findings(coded, **names)
    assert [f.path for f in found] == [path]
    assert reason in found[0].reason


def test_the_plant_settles_what_two_products_dispute(coded):
    own = {"power_limit": {"rate_w_per_s": 75000}}
    found = read(coded, own, products=["one", "two"])
    assert options(found, "power_limit").rate_w_per_s == 75000


def test_a_mistake_in_a_code_is_named_with_its_place(coded):
    path = coded.parent / "gridcodes" / "a_code.yaml"
    path.write_text(CODE.replace("droop_pu", "drop_pu").replace("0.03", "0.3"))
    found = findings(coded, grid_code="a_code")
    lines = path.read_text().splitlines()
    assert [(f.file, f.path) for f in found] == [
        (str(path), f"functions.{LFSM}.drop_pu"),
        (str(path), "functions.voltage_support.slope_pu"),
    ]
    assert ["drop_pu" in lines[found[0].line - 1], "0.3" in lines[found[1].line - 1]]


@mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        (", standing: read", "", f"functions.{LFSM}.over_hz.standing", "is missing"),
        ("read", "heard", f"functions.{LFSM}.over_hz.standing", "'read'"),
        ("source: a law", "source: ''", f"functions.{LFSM}.over_hz.source", "at least"),
        ("value: 50.3", "value: null", f"functions.{LFSM}.over_hz", "is missing"),
        ("title: a code", "titel: a code", "titel", "did you mean title"),
    ],
)
def test_every_figure_needs_its_source_and_standing(coded, old, new, place, reason):
    path = coded.parent / "gridcodes" / "a_code.yaml"
    path.write_text(CODE.replace(old, new, 1))
    found = {f.path: f.reason for f in findings(coded, grid_code="a_code")}
    assert reason in found[place]


def test_a_code_that_does_not_go_with_the_plants_own_word_is_named(coded):
    path = coded.parent / "gridcodes" / "a_code.yaml"
    path.write_text(f"{CODE}  state_of_charge:\n    release_pu: {FIGURE}\n")
    (found,) = findings(
        coded, {"state_of_charge": {"soft_pu": 0.02}}, grid_code="a_code"
    )
    assert found.file == str(coded)
    assert found.path == "functions.2.state_of_charge.release_pu"
    assert found.reason.endswith("; a_code says so")


@mark.parametrize(
    ("value", "text"),
    [
        (0.05, "0.05"),
        (200000.0, "200000"),
        (True, "true"),
        (None, "left out"),
        ("latched", "latched"),
        (((0.9, 1), (1.1, -1.0)), "[[0.9, 1], [1.1, -1]]"),
    ],
)
def test_values_as_people_write_them(value, text):
    assert said(value) == text
