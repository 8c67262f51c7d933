"""Changes of settings: what is let in, what is written down, what control is given."""

import os
import shutil
from concurrent.futures import Future
from pathlib import Path

import yaml
from pytest import fixture, mark, raises

from ppc.application import parameter_desk
from ppc.application.accounts import account
from ppc.application.parameter_desk import Order, ParameterDesk, Refused
from ppc.configuration.loading import load
from ppc.configuration.parameters import load_over, read

CONFIG = Path(__file__).parents[2] / "config"
US = os.getuid()
CHANGE = {"voltage_support": {"slope_pu": 0.05}}


class Control:
    """Takes over at once, as long as it runs."""

    def __init__(self):
        self.taken, self.runs = [], True

    def __call__(self, configuration, changes):
        taken: Future[None] = Future()
        if self.runs:
            self.taken.append((configuration, changes))
            taken.set_result(None)
        return taken


@fixture
def plant(tmp_path):
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path / "config" / "plant.yaml"


@fixture
def control():
    return Control()


@fixture
def events():
    return []


@fixture
def desk(plant, tmp_path, control, events):
    return ParameterDesk(
        load(plant), read(tmp_path), apply=control, event=events.append
    )


def slope(desk):
    rows = desk.reply({"ask": "settings"}, US)["settings"]
    return next(row for row in rows if row["setting"] == "slope_pu")


def test_a_change_is_taken_over_written_down_and_told(desk, control, events, tmp_path):
    answer = desk.reply({"ask": "set", "changes": CHANGE, "why": "test"}, US)
    changed = answer["changed"]
    assert (changed["number"], changed["who"]) == (1, account(US))
    assert changed["before"] == {"voltage_support": {"slope_pu": 0.04}}
    assert changed["after"] == CHANGE
    ((configuration, changes),) = control.taken
    assert dict(configuration.functions)["voltage_support"].slope_pu == 0.05
    assert list(changes) == ["voltage_support"]
    assert (slope(desk)["value"], slope(desk)["version"]) == (0.05, 1)
    assert events == [
        f"0001 by {account(US)}: voltage_support.slope_pu 0.04 -> 0.05 (test)"
    ]
    again = load_over(tmp_path / "config" / "plant.yaml", read(tmp_path))
    assert again == configuration


def test_it_is_taken_back_to_what_was_below_it(desk, control, tmp_path):
    desk.set(CHANGE, Order(US))
    desk.set({"voltage_support": {"slope_pu": 0.06}}, Order(US))
    back = desk.revert(2, Order(US))
    assert (back.number, back.reverts) == (3, 2)
    assert back.after == CHANGE
    desk.revert(1, Order(US))
    assert (slope(desk)["value"], slope(desk)["version"]) == (0.04, None)
    assert len(control.taken) == 4
    assert [v.number for v in read(tmp_path).versions] == [1, 2, 3, 4]
    with raises(Refused, match="already"):
        desk.revert(1, Order(US))


@mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ["nothing is to be changed"]),
        (
            {
                "volt_var": {"enabled": False},
                "voltage_support": {"slope_pu": 1.0, "tau_s": -1.0, "enabled": 1},
                "power_limit": {"rate": 1.0},
            },
            [
                "volt_var: is not listed",
                "voltage_support.enabled: should be a valid boolean, not 1",
                "power_limit.rate: is not known here",
            ],
        ),
        (
            {
                "voltage_support": {"slope_pu": 1.0, "tau_s": -1.0},
                "state_of_charge": {"soc_min_pu": 0.96},
            },
            [
                "voltage_support.slope_pu: is 1.0; it must be >= 0.02 and <= 0.07",
                "voltage_support.tau_s: is -1.0; it must be >= 0 and <= 60",
                "state_of_charge.soc_min_pu: ",
            ],
        ),
        ({"voltage_support": {"slope_pu": 0.04}}, ["nothing would change"]),
        ({"voltage_support": {"slope_pu": float("nan")}}, ["voltage_support.slope_pu"]),
    ],
)
def test_all_reasons_are_given_at_once_and_nothing_is_done(
    desk, control, events, tmp_path, changes, reasons
):
    said = desk.reply({"ask": "set", "changes": changes}, US)["error"]
    assert len(said) == len(reasons)
    for reason in reasons:
        assert any(one.startswith(reason) for one in said), (reason, said)
    assert (control.taken, events) == ([], [])
    assert read(tmp_path).versions == ()


def test_only_the_account_of_the_controller_and_root_may(desk, control):
    stranger = max(US, 1) + 4711
    for change in ({"ask": "set", "changes": CHANGE}, {"ask": "revert", "number": 1}):
        (reason,) = desk.reply(change, stranger)["error"]
        assert "may not change settings" in reason
    assert control.taken == []
    assert desk.reply({"ask": "settings"}, stranger)["settings"]
    assert "changed" in desk.reply({"ask": "set", "changes": CHANGE}, 0)


@mark.parametrize(
    "question",
    [
        {},
        {"ask": "what"},
        {"ask": "set"},
        {"ask": "set", "changes": [1]},
        {"ask": "set", "changes": {"power_limit": 3}},
        {"ask": "revert"},
        {"ask": "revert", "number": "x"},
        {"ask": "settings", "plant_file": "/another.yaml"},
    ],
)
def test_a_question_that_is_none_is_refused(desk, question):
    assert list(desk.reply(question, US)) == ["error"]


def test_files_that_are_not_those_of_the_start_are_no_ground(desk, control, plant):
    content = yaml.safe_load(plant.read_text())
    entry = next(e for e in content["functions"] if "voltage_support" in e)
    tau_s = entry["voltage_support"]["tau_s"]
    entry["voltage_support"]["tau_s"] = 2.0
    plant.write_text(yaml.safe_dump(content))
    (reason,) = desk.reply({"ask": "set", "changes": CHANGE}, US)["error"]
    assert "is not what it was at the start" in reason
    entry["voltage_support"]["tau_s"] = tau_s
    content["plant"]["p_max_w"] = 9.0e6
    plant.write_text(yaml.safe_dump(content))
    (reason,) = desk.reply({"ask": "set", "changes": CHANGE}, US)["error"]
    assert "is not what it was at the start" in reason
    assert control.taken == []


def test_what_control_does_not_take_over_does_not_count(
    desk, control, monkeypatch, tmp_path
):
    monkeypatch.setattr(parameter_desk, "_TAKEN_WITHIN_S", 0.01)
    control.runs = False
    (reason,) = desk.reply({"ask": "set", "changes": CHANGE}, US)["error"]
    assert "control did not take it over" in reason
    assert slope(desk)["value"] == 0.04
    assert list((tmp_path / "parameters").iterdir()) == []


def test_what_cannot_be_written_down_is_not_done(desk, control, tmp_path):
    (tmp_path / "parameters").write_text("a file in the way")
    (reason,) = desk.reply({"ask": "set", "changes": CHANGE}, US)["error"]
    assert reason.startswith("cannot be written down")
    assert control.taken == []


def test_the_figure_of_a_grid_code_is_the_default_that_is_shown(plant, tmp_path):
    text = plant.read_text().replace("  # grid_code:", "  grid_code:")
    plant.write_text(text.replace("slope_pu: 0.04, ", ""))
    desk = ParameterDesk(
        load(plant), read(tmp_path), apply=Control(), event=lambda _: None
    )
    row = slope(desk)
    assert row["default_by"] == "rfg_denmark_dk1"
    assert row["default"] == row["value"]
