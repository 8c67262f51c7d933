from pathlib import Path

from pytest import mark, raises

from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import load


def findings(path):
    with raises(ConfigurationError) as error:
        load(path)
    return error.value.findings


def spoil(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_shipped_plant_is_sound(plant):
    configuration = load(plant)
    assert list(configuration.ratings) == [
        *("bess1", "bess2", "bess3"),
        *("pv1", "pv2", "pv3", "pv4"),
    ]
    assert configuration.ratings["bess2"].p_min_w == -2.0e6
    assert configuration.connection_point.p_max_w == 10e6
    assert [name for name, _ in configuration.functions] == [
        *("equipment_watchdog", "unit_compliance", "state_of_charge", "power_limit"),
        *("set_point_tracking", "voltage_support"),
    ]


SUPPORT = "functions.5.voltage_support"
CASES = [
    # entries by themselves
    ("v_nominal_v: 20.0e+3", "v_nominal_v: 20 kV", "plant.v_nominal_v", 'not "20 kV"'),
    ("v_nominal_v: 20.0e+3", "v_nominal_v: 2e4", "plant.v_nominal_v", "write 2.0e+4"),
    ("v_nominal_v: 20.0e+3", "v_nominal_v: yes", "plant.v_nominal_v", "not true"),
    ("v_nominal_v: 20.0e+3", "v_nominal_v: .inf", "plant.v_nominal_v", "finite"),
    ("  v_nominal_v: 20.0e+3\n", "", "plant.v_nominal_v", "is missing"),
    ("  period_s: 0.1", "  periot_s: 0.1", "control.periot_s", "did you mean period_s"),
    ("  period_s: 0.1", "  period_s: 0.001", "control.period_s", "0.02, not 0.001"),
    ("priority: p", "priority: x", "control.priority", "'p' or 'q'"),
    (
        *("priority: p", "dispatch: {p: fair}"),
        *("control.dispatch.p", "'merit' or 'efficiency'"),
    ),
    (
        *("priority: p", "dispatch: {gamma: 3.0}"),
        *("control.dispatch.gamma", "equal to 2, not 3.0"),
    ),
    ("functions:\n", "functions: {}\nothers:\n", "functions", "should be a list"),
    ("every_s: 1.0", "raw_days: 32", "record.raw_days", "31, not 32"),
    ("every_s: 1.0", "quota: 5 parsecs", "record.quota", "byte unit: parsecs"),
    ("every_s: 1.0", "quota: 0", "record.quota", "greater than 0"),
    ("every_s: 1.0", "ballast: -1", "record.ballast", "byte string"),
    # devices and their drivers
    ("s_max_va: 2.2", "s_max_v: 2.2", "devices.bess1.s_max_v", "did you mean s_max_va"),
    ("port: 5021", "prot: 5021", "devices.bess1.connection.prot", "did you mean port"),
    ("port: 5021", "port: 99999", "devices.bess1.connection.port", "65535"),
    ("port: 5021", 'port: "5021"', "devices.bess1.connection.port", "integer"),
    ("{host: 127.0.0.1, port: 5021}", "", "devices.bess1.connection", "not null"),
    ("{host: 127.0.0.1, port", "{port", "devices.poi.connection.host", "is missing"),
    (
        "{host",
        "{driver: modbus_tpc, host",
        "devices.poi.connection.driver",
        "no driver",
    ),
    (
        "profile: demo_pcs",
        "profile: demo_psc",
        "devices.bess1.profile",
        "mean demo_pcs",
    ),
    # functions and their settings
    (
        "- power_limit: {}",
        "- power_limits: {}",
        "functions.3.power_limits",
        "mean power",
    ),
    ("- power_limit: {}", "- power_limit", "functions.3", "- name: {setting: value}"),
    (
        *("- power_limit: {}", "- state_of_charge:"),
        *("functions.3.state_of_charge", "stands twice in the list"),
    ),
    ("slope_pu: 0.04", "slope_pu: 0.4", f"{SUPPORT}.slope_pu", "is 0.4; it must be"),
    ("slope_pu: 0.04", "slop_pu: 0.04", f"{SUPPORT}.slop_pu", "did you mean slope_pu"),
    ("tau_s: 0.25", "tau_s: fast", f"{SUPPORT}.tau_s", 'valid number, not "fast"'),
    ("tau_s: 0.25", "tau_s: no", f"{SUPPORT}.tau_s", "valid number, not false"),
    ("tau_s: 0.25", "tau_s: 4e-1", f"{SUPPORT}.tau_s", "write 4.0e-1"),
    # YAML that means something else than it says
    ("  port: 5502", "  port: 5502\n  port: 5503", "scada.port", "stands twice"),
    ("  bess2:", "  bess1:", "devices.bess1", "stands twice"),
    ("plant:\n", "plant: [\n", "", "is not YAML"),
    ("name: demonstration plant", "name: &a [*a]", "", "contains itself"),
]
CROSSINGS = [
    ("port: 5022", "port: 5023", "devices.bess3.station", "bess2 is at the same"),
    ("    e_max_wh: 4.0e+6\n", "", "devices.bess1.e_max_wh", "usable energy"),
    ("    s_max_va: 1.65e+6\n", "", "devices.pv2.s_max_va", "apparent power"),
    ("    s_max_va: 1.65", "    e_max_wh: 1.65", "devices.pv1.e_max_wh", "no energy"),
    ("p_max_w: 1.5e+6", "p_max_w: 1.7e+6", "devices.pv1.p_max_w", "above s_max_va"),
    ("p_max_w: 2.0e+6", "p_min_w: -3.0e+6", "devices.bess2.p_min_w", "above s_max_va"),
    ("port: 5020}", "port: 5020}\n    s_max_va: 1", "devices.poi.s_max_va", "ratings"),
    ("port: 5020}", "port: 5020}\n    rank: 1", "devices.poi.rank", "no place"),
    (
        *("priority: p", "dispatch: {minimum_running_units: 4}"),
        *("control.dispatch.minimum_running_units", "number of batteries (3)"),
    ),
    ("profile: demo_poi_meter", "profile: demo_pcs", "devices", "one POI meter"),
    ("profile: demo_pcs", "profile: demo_poi_meter", "devices", "bess1, bess2, bess3"),
    ("period_s: 0.1", "command_life_s: 0.05", "control.command_life_s", "period_s"),
    ("period_s: 0.1", "period_s: 0.02\n  grace_s: 0.01", "control.grace_s", "half"),
    ("  port: 5502", "  port: 5020", "scada.port", "the simulated poi"),
    ("  port: 5502", "  port: 5019", "scada.port", "the simulated console"),
    (
        *("scada:\n", "proxy: {units: {1: bess9}}\nscada:\n"),
        *("proxy.units.1", "there is no device bess9; did you mean bess"),
    ),
    (
        *("scada:\n", "proxy: {port: 5502, units: {1: poi}}\nscada:\n"),
        *("proxy.port", "is the port of scada"),
    ),
    ("port: 5019}", "port: 5034}", "simulation.console.port", "the simulated pv4"),
    ("bess3: {soc_pu", "bess9: {soc_pu", "simulation.units.bess9", "did you mean bess"),
    (
        *("{host: 127.0.0.1, port: 5020}", "{driver: modbus_rtu, device: /dev/ttyS0}"),
        *("devices.poi.connection.driver", "only modbus_tcp can be simulated"),
    ),
]


@mark.parametrize(("old", "new", "path", "reason"), CASES + CROSSINGS)
def test_a_mistake_is_named_with_its_place_and_reason(plant, old, new, path, reason):
    spoil(plant, old, new)
    found = findings(plant)
    assert any(
        f.file == str(plant) and f.path == path and reason in f.reason for f in found
    ), found


def test_batteries_and_pv_are_split_only_where_there_are_both(plant):
    spoil(plant, "priority: p", "dispatch: {split: curtail_first}")
    assert load(plant).plant.control.dispatch.split == "curtail_first"
    text = plant.read_text(encoding="utf-8").replace("demo_pv_inverter", "demo_pcs")
    plant.write_text(text, encoding="utf-8")
    assert "control.dispatch.split" in {f.path for f in findings(plant)}


def test_a_set_point_must_be_renewed_before_the_device_drops_it(plant):
    spoil(
        plant.parent / "profiles" / "demo_pcs.yaml", "watchdog_s: 5", "watchdog_s: 0.1"
    )
    found = findings(plant)
    assert {f.path for f in found} == {"control.period_s"}
    assert "watchdog of bess1" in found[0].reason


def test_all_mistakes_of_all_files_are_told_at_once(plant):
    for old, new in (
        ("v_nominal_v: 20.0e+3", "v_nominal_v: high"),
        ("port: 5021", "prot: 5021"),
        ("slope_pu: 0.04", "slope_pu: 0.4"),
        ("p_max_w: 1.5e+6", "p_max_w: 1.7e+6"),
        ("  port: 5502", "  port: 5502\n  port: 5020"),
    ):
        spoil(plant, old, new)
    spoil(plant.parent / "profiles" / "demo_pcs.yaml", "type: s32,", "type: s33,")
    spoil(plant.parent / "northbound" / "scada.yaml", "key: p_w,", "key: p_kw,")
    found = findings(plant)
    assert {(Path(f.file).name, f.path) for f in found} >= {
        ("plant.yaml", "plant.v_nominal_v"),
        ("plant.yaml", "devices.bess1.connection.prot"),
        ("plant.yaml", f"{SUPPORT}.slope_pu"),
        ("plant.yaml", "devices.pv1.p_max_w"),
        ("plant.yaml", "scada.port"),
        ("demo_pcs.yaml", "blocks.0.points.1.type"),
        ("scada.yaml", "registers.14.key"),
    }


def test_findings_name_the_line_and_go_down_the_file(plant):
    spoil(plant, "priority: p", "priority: x")
    spoil(plant, "tau_s: 0.25", "tau_s: fast")
    found = findings(plant)
    lines = plant.read_text().splitlines()
    assert [lines[f.line - 1].split()[0] for f in found] == ["priority:", "-"]
    assert str(found[0]).startswith(f"{plant}:{found[0].line}: control.priority: ")


def test_a_number_in_quotes_is_text_on_purpose(plant):
    spoil(plant, "name: demonstration plant", 'name: "1e6"')
    assert load(plant).plant.plant.name == "1e6"


@mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "should be `name: value` pairs, not null"),
        (b"- 1", "should be `name: value` pairs, not [1]"),
        (b"\xff", "is not UTF-8 text"),
        (b"{[1]: 2}", "is not YAML"),
        (b"a: !!python/none", "is not YAML"),
    ],
)
def test_a_file_that_is_no_plant_is_one_finding(tmp_path, content, reason):
    path = tmp_path / "plant.yaml"
    if content is not None:
        path.write_bytes(content)
    (finding,) = findings(path)
    assert finding.path == ""
    assert reason in finding.reason


def test_sizes_may_be_told_in_words(plant):
    spoil(plant, "every_s: 1.0", "quota: 50 GB\n  ballast: 16MiB\n  raw_days: 1")
    record = load(plant).plant.record
    assert (record.quota, record.ballast) == (50_000_000_000, 16_777_216)
    spoil(plant, "quota: 50 GB\n  ballast: 16MiB", "ballast: 0")
    record = load(plant).plant.record
    assert (record.quota, record.ballast) == (None, 0)
