"""Batteries of two devices, as plant.yaml says which belong together."""

import yaml
from pytest import fixture, mark, raises

from ppc.configuration.batteries import batteries
from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import load

PCS = "profile: sinexcel_pcs"
BMS = """
  bms1:
    profile: sunspec_battery
    connection: {host: 127.0.0.1, port: 5041}
"""


@fixture
def paired(plant):
    """The shipped plant with bess1 of two devices; edited by (old, new)."""

    def edit(*changes, bms=BMS):
        text = plant.read_text(encoding="utf-8")
        pcs = f"{PCS}\n    battery: bms1"
        wide = text.index("  pv1: &pv")
        text = text[:wide] + bms.lstrip("\n") + text[wide:]
        for old, new in (("profile: demo_pcs", pcs), *changes):
            assert old in text, old
            text = text.replace(old, new, 1)
        # bess2 and bess3 are like bess1, but whole
        for i in (2, 3):
            merged = f"  bess{i}:\n    <<: *bess\n"
            own = "    profile: demo_pcs\n    battery: null\n"
            text = text.replace(merged, merged + own)
        plant.write_text(text, encoding="utf-8")
        return plant

    return edit


def findings(path):
    with raises(ConfigurationError) as error:
        load(path)
    return [(f.path, f.reason) for f in error.value.findings]


def test_a_converter_and_its_bms_are_a_battery(paired):
    configuration = load(paired())
    assert batteries(configuration.plant.devices) == {"bess1": "bms1"}
    assert list(configuration.ratings)[:2] == ["bess1", "bess2"]
    assert "bms1" not in configuration.ratings


def test_what_it_could_do_is_not_assumed_while_its_bms_is_to_tell(paired):
    assert load(paired()).ratings["bess1"].untold == frozenset()


def test_a_battery_without_any_state_of_charge_is_named(paired):
    found = findings(paired(("\n    battery: bms1", "")))
    assert (
        "devices.bess1",
        "its profile tells no state of charge: name the device that does (battery)",
    ) in found
    assert ("devices.bms1", "no battery names it (battery: bms1)") in found


@mark.parametrize(
    ("old", "new", "path", "reason"),
    [
        ("battery: bms1", "battery: bms2", "bess1.battery", "did you mean bms1?"),
        ("battery: bms1", "battery: pv1", "bess1.battery", "pv1 is no bms"),
        ("battery: bms1", "battery: bess1", "bess1.battery", "bess1 is no bms"),
        (
            *("    battery: null", "    battery: bms1"),
            *("bess2.battery", "bms1 is the battery of bess1 already"),
        ),
        (
            *("  pv1: &pv\n", "  pv1: &pv\n    battery: bms1\n"),
            *("pv1.battery", "only a battery has one; demo_pv_inverter is a pv"),
        ),
        (
            *("port: 5041}", "port: 5041}\n    e_max_wh: 1.0e+6\n    rank: 1"),
            *("bms1.e_max_wh", "a bms has no ratings"),
        ),
    ],
)
def test_a_wrong_pair_is_named(paired, old, new, path, reason):
    plant = paired()
    text = plant.read_text(encoding="utf-8")
    assert old in text
    plant.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = findings(plant)
    assert any(f"devices.{path}" == p and reason in r for p, r in found), found


def test_a_bms_is_no_unit(paired):
    plant = paired()
    content = yaml.safe_load(plant.read_text(encoding="utf-8"))
    devices = content["devices"]
    content["devices"] = {name: devices[name] for name in ("poi", "bms1")}
    plant.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert ("devices", "there is no unit to control") in findings(plant)
