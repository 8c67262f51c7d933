"""Devices whose options choose a variant of their profile."""

from pathlib import Path

from pytest import fixture, mark, raises

from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import load
from ppc.keys import Key

INVERTER = "demo_pv_inverter.yaml"
COUNT = "    count: 7\n"


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def findings(plant):
    with raises(ConfigurationError) as error:
        load(plant)
    return error.value.findings


@fixture
def inverter(plant):
    return plant.parent / "profiles" / INVERTER


def with_options(plant, device, text):
    port = {"pv1": 5031, "pv2": 5032}[device]
    connection = f"{{host: 127.0.0.1, port: {port}}}"
    change(plant, (connection, f"{connection}\n    options: {text}"))


LATE = "p_available_w, address: 5, when: {firmware: '>=2'},"


def test_options_of_a_device_choose_the_variant_of_its_profile(plant, inverter):
    change(inverter, ("p_available_w, address: 5,", LATE))
    with_options(plant, "pv2", "{firmware: 2.1}")
    configuration = load(plant)
    keys = {}
    for name in ("pv1", "pv2"):
        device = configuration.plant.devices[name]
        keys[name] = configuration.profiles[device.variant].reads[0].keys
    assert Key.P_AVAILABLE_W not in keys["pv1"]
    assert Key.P_AVAILABLE_W in keys["pv2"]
    assert configuration.plant.devices["pv3"].variant == "demo_pv_inverter"
    assert configuration.ratings["pv1"].untold == {"p_available_w"}
    assert configuration.ratings["pv2"].untold == frozenset()


def test_an_option_nobody_asks_is_a_mistake(plant, inverter):
    change(inverter, ("p_available_w, address: 5,", LATE))
    with_options(plant, "pv2", "{firmwear: 2}")
    (found,) = findings(plant)
    assert found.path == "devices.pv2.options.firmwear"
    assert found.reason == "demo_pv_inverter does not ask it"


def test_a_mistake_in_a_profile_of_two_variants_is_told_once(plant, inverter):
    change(inverter, ("p_available_w, address: 5,", LATE), (COUNT, "    count: 2\n"))
    with_options(plant, "pv2", "{firmware: 2}")
    found = findings(plant)
    assert [f.path for f in found if f.file.endswith(INVERTER)] == ["blocks.0"]


def test_the_usual_station_is_that_of_the_profile(plant, inverter):
    change(inverter, ("type: pv\n", "type: pv\nstation: 3\n"))
    change(plant, ("port: 5032}", "port: 5032}\n    station: 9"))
    devices = load(plant).plant.devices
    assert [devices[name].station for name in ("pv1", "pv2", "bess1")] == [3, 9, 1]


@mark.parametrize(
    ("changes", "place", "reason"),
    [
        ([("address: 40, type: f32", "address: 40, type: f32, base: p_min_w")],
         "devices.pv1.p_min_w", "is missing: p_set_w of demo_pv_inverter"),
        ([("    - {key: q_set_var, address: 42, type: f32}\n", "")],
         "devices.pv1.q_max_var", "takes no set-point of reactive power"),
        ([("commands:\n", "heartbeat: {address: 60, every_s: 0.05}\ncommands:\n")],
         "control.period_s", "not be longer than the heartbeat of pv1 (0.05)"),
    ],
)  # fmt: skip
def test_what_a_profile_needs_is_asked_of_the_plant(
    plant, inverter, changes, place, reason
):
    change(inverter, *changes)
    change(plant, ("port: 5031}", "port: 5031}\n    q_max_var: 1.0e+6"))
    found = [f for f in findings(plant) if f.path == place]
    assert reason in found[0].reason


def test_no_reactive_power_is_asked_of_who_takes_none(plant, inverter):
    change(inverter, ("    - {key: q_set_var, address: 42, type: f32}\n", ""))
    ratings = load(plant).ratings
    assert ratings["pv1"].q_max_var == 0.0
    assert ratings["bess1"].q_max_var == 2.2e6
