from dataclasses import dataclass, fields
from typing import Literal

from pytest import mark, raises

from ppc.metier import FUNCTIONS
from ppc.metier.setting import Curve, Domain, Table, check, setting


@dataclass(frozen=True, kw_only=True)
class Settings:
    on: bool = setting(default=True, meaning="a switch")
    slope_pu: float = setting(default=0.04, low=0.02, high=0.07, meaning="a slope")
    rate_w_per_s: float | None = setting(default=None, above=0.0, meaning="a rate")
    levels_pu: tuple[float, ...] = setting(
        default=(0.5,), low=0.0, high=1.0, meaning="levels", form="several"
    )
    points_pu: Curve = setting(
        default=((0.0, 0.0), (1.0, 1.0)), low=-1.0, high=1.0, meaning="a curve",
        form="curve",
    )  # fmt: skip
    day_w: Table | None = setting(
        default=None, high=5.0, meaning="a table", form="table"
    )
    way: Literal["a", "b"] = setting(default="a", choices=("a", "b"), meaning="a way")

    def __post_init__(self) -> None:
        check(self)


@mark.parametrize(
    "options",
    [
        {},
        {"on": False},
        {"slope_pu": 0.02},
        {"slope_pu": 0.07},
        {"rate_w_per_s": 5},  # YAML writes a whole number so
        {"rate_w_per_s": None},
        {"way": "b"},
        {"levels_pu": [1, 0.25]},
        {"points_pu": [[0.9, 1], [1.1, -0.4]]},
        {"points_pu": [[0.9, 1], [0.9, 0], [1.1, -1]]},
        {"day_w": [[8, 5]]},
        {"day_w": [[8, 5.0], [12, None], [18, -3]]},
    ],
)
def test_what_lies_in_its_domain_is_accepted(options: dict[str, object]):
    Settings(**options)


@mark.parametrize(
    ("name", "value"),
    [
        ("on", 1),
        ("slope_pu", 0.019),
        ("slope_pu", 0.071),
        ("slope_pu", float("nan")),
        ("slope_pu", None),  # it has a figure of its own: none is not one
        ("slope_pu", True),
        ("rate_w_per_s", 0.0),
        ("rate_w_per_s", float("inf")),
        ("rate_w_per_s", True),
        ("rate_w_per_s", "3e6"),  # what YAML makes of 3e6
        ("way", "c"),
        ("levels_pu", []),
        ("levels_pu", 0.5),
        ("levels_pu", [0.5, 1.1]),
        ("points_pu", [[0.9, 1.0]]),
        ("points_pu", [[1.1, 0.0], [0.9, 0.0]]),
        ("points_pu", [[0.9, 2.0], [1.1, 0.0]]),
        ("points_pu", [[0.9], [1.1, 0.0]]),
        ("points_pu", [[0.9, "1"], [1.1, 0.0]]),
        ("points_pu", [[float("nan"), 1.0], [1.1, 0.0]]),
        ("points_pu", [[0.9, None], [1.1, 0.0]]),
        ("day_w", []),
        ("day_w", [[8, 6.0]]),
        ("day_w", [[8, None], [7, 1.0]]),
        ("day_w", [[None, 1.0]]),
        ("day_w", [[8, "1"]]),
        ("day_w", [8, 1.0]),
    ],
)
def test_what_does_not_is_refused_by_name(name: str, value: object):
    with raises(ValueError, match=f"^{name} is "):
        Settings(**{name: value})


@mark.parametrize(
    ("domain", "text"),
    [
        (Domain(""), "any number"),
        (Domain("", low=0.02, high=0.07), ">= 0.02 and <= 0.07"),
        (Domain("", above=0.0), "> 0"),
        (Domain("", choices=("a", "b")), "one of a, b"),
    ],
)
def test_a_domain_says_what_it_holds(domain: Domain, text: str):
    assert str(domain) == text


@mark.parametrize("name", FUNCTIONS)
def test_every_function_runs_with_its_defaults_and_refuses_nonsense(name: str):
    settings = FUNCTIONS[name].Settings
    settings()
    for each in fields(settings):
        with raises(ValueError, match=f"^{each.name} is "):
            settings(**{each.name: "nonsense"})
