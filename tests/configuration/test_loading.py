import shutil
from pathlib import Path

from pytest import fixture, mark, raises

from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import load

CONFIG = Path(__file__).parents[2] / "config"


@fixture
def plant(tmp_path):
    shutil.copytree(CONFIG, tmp_path, dirs_exist_ok=True)
    return tmp_path / "plant.yaml"


def findings(path):
    with raises(ConfigurationError) as error:
        load(path)
    return error.value.findings


def test_the_shipped_plant_is_sound(plant):
    configuration = load(plant)
    assert list(configuration.ratings) == [
        *("bess1", "bess2", "bess3"),
        *("pv1", "pv2", "pv3", "pv4"),
    ]
    assert configuration.ratings["bess2"].p_min_w == -2.0e6
    assert configuration.connection_point.p_max_w == 10e6


CASES = [
    ("v_nominal_v: 20.0e+3", "v_nominal_v: 20 kV", "plant.v_nominal_v", "number"),
    ("  period_s: 0.1", "  periot_s: 0.1", "control.periot_s", "misspelt"),
    ("  period_s: 0.1", "  period_s: 0.001", "control.period_s", "0.02"),
    ("  v_nominal_v: 20.0e+3\n", "", "plant.v_nominal_v", "is missing"),
    ("priority: p", "priority: x", "control.priority", "'p' or 'q'"),
    ("port: 5021", "prot: 5021", "devices.bess1.connection", "did you mean port"),
    ("port: 5021", "port: 99999", "devices.bess1.connection", "99999"),
    ("port: 5022", "port: 5023", "devices.bess3.station", "bess2 is at the same"),
    ("    e_max_wh: 4.0e+6\n", "", "devices.bess1.e_max_wh", "usable energy"),
    ("p_max_w: 1.5e+6", "p_max_w: 1.7e+6", "devices.pv1.p_max_w", "above s_max_va"),
    ("profile: demo_poi_meter", "profile: demo_pcs", "devices", "one POI meter"),
    ("- power_limit: {}", "- power_limits: {}", "functions.2.power_limits", "no such"),
    ("slope_pu: 0.04", "slope_pu: 0.4", "functions.3.voltage_support", "slope_pu"),
    ("slope_pu: 0.04", "slop_pu: 0.04", "functions.3.voltage_support", "slope_pu"),
    ("tau_s: 0.4", "tau_s: fast", "functions.3.voltage_support.tau_s", "number"),
    ("  port: 5502", "  port: 5020", "scada.port", "the simulated poi"),
    ("bess3: {soc_pu", "bess9: {soc_pu", "simulation.units.bess9", "no such device"),
    ("  host: 127.0.0.1\n  port: 5502", "  port: 5502\n  port: 5503", "line", "twice"),
    ("plant:\n", "plant: [\n", "line", ""),
]


@mark.parametrize(("old", "new", "path", "reason"), CASES)
def test_a_mistake_is_named_with_its_place_and_reason(plant, old, new, path, reason):
    text = plant.read_text()
    assert old in text
    plant.write_text(text.replace(old, new, 1))
    found = findings(plant)
    assert any(
        f.file == str(plant) and f.path.startswith(path) and reason in f.reason
        for f in found
    ), found


def test_all_mistakes_are_told_at_once(plant):
    text = plant.read_text()
    for old, new in (("port: 5021", "prot: 5021"), ("slope_pu: 0.04", "slope_pu: 0.4")):
        text = text.replace(old, new, 1)
    plant.write_text(text)
    profile = plant.parent / "profiles" / "demo_pcs.yaml"
    profile.write_text(profile.read_text().replace("type: s32}", "type: s33}", 1))
    shown = plant.parent / "northbound" / "scada.yaml"
    shown.write_text(shown.read_text().replace("key: p_w,", "key: p_kw,", 1))
    found = findings(plant)
    assert {Path(f.file).name for f in found} == {
        *("plant.yaml", "demo_pcs.yaml", "scada.yaml"),
    }
    assert len(found) >= 4


def test_a_missing_profile_is_named_with_what_there_is(plant):
    plant.write_text(plant.read_text().replace("demo_pcs", "demo_psc", 1))
    (finding,) = findings(plant)
    assert finding.file.endswith("profiles/demo_psc.yaml")
    assert "demo_pcs" in finding.reason


def test_a_missing_file_is_named(tmp_path):
    (finding,) = findings(tmp_path / "nowhere.yaml")
    assert "cannot be read" in finding.reason
