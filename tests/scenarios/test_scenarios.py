"""What an engineer would do at the plant, step by step, for each control function.

Each step lets the plant be so `for_s`, then looks. Seconds, SI units. `options` are the
function's settings, `units` the plant's; a step says what differs in its cycles:

    poi, orders    what is measured and ordered; left out: nothing
    wall_s         Unix time when the step begins; left out: not known
    units          per unit what differs from the units on top; null: silent
    asked          per unit what it was asked for, P and Q
    aim            p_w and q_var granted in the end in the cycle before
    envelope       what more binding functions left: p_w, q_var [low, high], p_bias_w

and what is expected after them, of `EXPECTED`. What is not named is not looked at.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from pytest import approx, mark, raises

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Aim, Orders, Poi, Setpoint, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier import FUNCTIONS, ControlFunction

DT_S = 0.1
HERE = Path(__file__).parent
SAID = {
    *("say", "for_s", "wall_s", "poi", "orders", "units", "envelope", "aim"),
    "asked",
    "expect",
}
RATED = ("s_max_va", "p_max_w", "p_min_w", "q_max_var", "e_max_wh")


def point(chosen: Interval, wish: float | None) -> float | None:
    """What was settled on, or None where the choice is left to others."""
    if wish is None:
        return None
    assert chosen.low == chosen.high
    return chosen.low


EXPECTED: dict[str, Callable[[ControlFunction, Envelope], Any]] = {
    "mode": lambda function, _: str(function.mode),
    "p_w": lambda _, granted: point(granted.p_w, granted.p_wish_w),
    "q_var": lambda _, granted: point(granted.q_var, granted.q_wish_var),
    "bias_w": lambda _, granted: granted.p_bias_w,
    "p_low": lambda _, granted: granted.p_w.low,
    "p_high": lambda _, granted: granted.p_w.high,
    "p_bias_w": lambda _, granted: granted.p_bias_w,
    "q_low": lambda _, granted: granted.q_var.low,
    "q_high": lambda _, granted: granted.q_var.high,
    "out": lambda _, granted: sorted(granted.out),
    "unit_low": lambda _, granted: {n: i.low for n, i in granted.unit_p_w.items()},
    "unit_high": lambda _, granted: {n: i.high for n, i in granted.unit_p_w.items()},
}


def unit(name: str, **values: Any) -> Unit:
    rating = UnitRating(
        name,
        EquipmentType(values.pop("type")),
        *(values.pop(key, 0.0) for key in RATED),
    )
    return Unit(rating, **values)


def units(
    of_type: str, all_units: dict[str, Any], changes: dict[str, Any]
) -> dict[str, Unit]:
    seen = {}
    for name, values in all_units.items():
        if values["type"] == of_type:
            differs = changes.get(name, {})
            if differs is None:
                known = (*RATED, "type")
                seen[name] = unit(
                    name, **{key: values[key] for key in known if key in values}
                )
            else:
                seen[name] = unit(name, **values | differs)
    return seen


def envelope(left: dict[str, Any]) -> Envelope:
    wide = [-20e6, 20e6]
    return Envelope(
        Interval(*left.get("p_w", wide)),
        Interval(*left.get("q_var", wide)),
        left.get("p_bias_w", 0.0),
    )


def play(function: ControlFunction, scenario: dict[str, Any]) -> None:
    cycle = 0
    for step in scenario["steps"]:
        assert set(step) <= SAID, f"{step['say']}: {set(step) - SAID}"
        changes = step.get("units", {})
        granted = None
        wall_s = step.get("wall_s")
        for i in range(round(step["for_s"] / DT_S)):
            cycle += 1
            obs = SystemObs(
                time_s=cycle * DT_S,
                dt_s=DT_S,
                wall_s=None if wall_s is None else wall_s + i * DT_S,
                poi=Poi(**step.get("poi", {})),
                bess=units("bess", scenario.get("units", {}), changes),
                pv=units("pv", scenario.get("units", {}), changes),
                orders=Orders(**step.get("orders", {})),
                asked={n: Setpoint(*s) for n, s in step.get("asked", {}).items()},
                aim=Aim(**step["aim"]) if "aim" in step else None,
            )
            granted = function.step(obs, envelope(step.get("envelope", {})))
        assert granted is not None, f"{step['say']}: less than one cycle"
        for what, wanted in step["expect"].items():
            seen = EXPECTED[what](function, granted)
            if not isinstance(wanted, str | list | None):
                wanted = approx(wanted, abs=1.0)  # noqa: PLW2901
            assert seen == wanted, f"{step['say']}: {what}"


def load(name: str) -> tuple[ControlFunction, dict[str, Any]]:
    scenario = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    control = FUNCTIONS[name]
    settings = control.Settings(**scenario["options"])
    return control(settings, ConnectionPoint(**scenario["plant"])), scenario


@mark.parametrize("name", FUNCTIONS)
def test_every_function_does_what_its_scenario_says(name: str):
    play(*load(name))


@mark.parametrize("name", FUNCTIONS)
def test_every_scenario_visits_every_mode_of_its_function(name: str):
    _, scenario = load(name)
    module = __import__(f"ppc.metier.{name}.state_machine", fromlist=["Mode"])
    visited = {step["expect"].get("mode") for step in scenario["steps"]}
    assert visited >= {str(mode) for mode in module.Mode}


def test_every_scenario_belongs_to_a_function():
    assert {path.stem for path in HERE.glob("*.yaml")} == set(FUNCTIONS)


def test_a_wrong_expectation_is_seen():
    function, scenario = load("voltage_support")
    scenario["steps"][0]["expect"]["q_var"] = 1.0e6
    with raises(AssertionError, match="q_var"):
        play(function, scenario)
