"""What `ppc check` says of functions that do not fit together."""

from dataclasses import replace
from pathlib import Path

from pytest import mark

from ppc.configuration.advice import advice
from ppc.configuration.loading import load
from ppc.configuration.scada import ScadaSection

ROOT = Path(__file__).parents[2]
TLS = {"ca_file": "ca.pem", "cert_file": "ppc.pem", "key_file": "ppc.key"}
A, B = {"name": "a", "unit": 1}, {"name": "b", "unit": 2}
SOUND = "  - plant_sequence: {}\n"
FREQUENCY = SOUND + "  - limited_frequency_sensitive_mode: {%s}\n"


def told(tmp_path, functions):
    text = (ROOT / "config/plant.yaml").read_text(encoding="utf-8")
    head, rest = text.split("functions:\n", 1)
    tail = rest.split("scada:", 1)[1]
    for name in ("profiles", "gridcodes", "products", "northbound"):
        (tmp_path / name).symlink_to(ROOT / "config" / name)
    path = tmp_path / "plant.yaml"
    path.write_text(f"{head}functions:\n{functions}scada:{tail}", encoding="utf-8")
    return advice(load(path))


@mark.parametrize(
    ("functions", "words"),
    [
        ("  - voltage_support: {}\n", ["no function stops", "an emergency stop"]),
        (SOUND + "  - voltage_support: {}\n", []),
        (SOUND + "  - volt_var: {enabled: true}\n  - voltage_support: {}\n",
         ["voltage_support chooses Q only in its ordered mode: volt_var"]),
        (SOUND + "  - set_point_tracking: {}\n  - voltage_support: {}\n", []),
        (SOUND + "  - voltage_support: {}\n  - set_point_tracking: {}\n",
         ["voltage_support chooses Q as soon as an order of Q expires"]),
        (SOUND + "  - capacity_firming: {}\n  - self_consumption: {}\n", []),
        (SOUND + "  - pv_smoothing: {}\n  - self_consumption: {}\n",
         ["self_consumption hardly ever chooses P: pv_smoothing"]),
        (FREQUENCY % "" + "  - frequency_sensitive_mode: {}\n", []),
        (FREQUENCY % "over_hz: 50.1" + "  - frequency_sensitive_mode: {}\n",
         ["limited_frequency_sensitive_mode begins 0.1 Hz away"]),
        (FREQUENCY % "over_hz: 50.1"
         + "  - frequency_sensitive_mode: {sides: under}\n", []),
        (SOUND + "  - frequency_sensitive_mode: {}\n  - energy_management: {}\n",
         ["energy_management reckons with a reserve of 5e+06 W"]),
        (SOUND + "  - peak_shaving: {recharge_w: 1.0e+6}\n"
         "  - set_point_tracking: {fallback: hold}\n",
         ["peak_shaving charges 10 s after a P order is lost"]),
        (SOUND + "  - peak_shaving: {recharge_w: 1.0e+6}\n"
         "  - set_point_tracking: {}\n", []),
    ],
)  # fmt: skip
def test_what_hardly_can_be_meant_is_said(tmp_path, functions, words):
    said = told(tmp_path, functions)
    assert len(said) == len(words), said
    assert all(s.startswith(w) for s, w in zip(said, words, strict=True))


def test_a_slot_that_is_counted_beside_one_that_is_said_is_worth_a_word(tmp_path):
    for name in ("profiles", "gridcodes", "products", "northbound"):
        (tmp_path / name).symlink_to(ROOT / "config" / name)
    text = (ROOT / "config/plant.yaml").read_text(encoding="utf-8")
    path = tmp_path / "plant.yaml"
    path.write_text(text.replace("  bess2:\n", "  bess2:\n    slot: 9\n"), "utf-8")
    remark = next(s for s in advice(load(path)) if "slot" in s)
    assert remark.startswith("poi, bess1, bess3, pv1")


@mark.parametrize(
    ("scada", "words"),
    [
        ({}, []),
        ({"host": "192.0.2.1"}, ["scada: orders are taken from this machine only"]),
        ({"host": "192.0.2.1", "from": ["192.0.2.0/24"]}, []),
        ({"host": "localhost"}, []),
        (
            {"host": "192.0.2.1", "sources": [A, B | {"from": ["192.0.2.0/24"]}]},
            ["a orders from this machine only"],
        ),
        (
            {
                "listeners": [{"host": "192.0.2.1", "port": 802}, {"port": 502}],
                "sources": [A | {"port": 802}, B | {"port": 502}],
            },
            ["a is whoever reaches port 802"],
        ),
        (
            {
                "listeners": [
                    {"host": "192.0.2.1", "port": 802, "tls": TLS},
                    {"port": 502},
                ],
                "sources": [A | {"port": 802}, B | {"port": 502}],
            },
            [],
        ),
        (
            {
                "listeners": [{"host": "192.0.2.1", "port": 802}, {"port": 502}],
                "sources": [A | {"port": 802}, B | {"port": 802}],
            },
            ["a orders from this machine only", "b orders from this machine only"],
        ),
        ({"listeners": [{"serial": "/dev/ttyS0"}]}, []),
    ],
)
def test_who_could_order_from_elsewhere_and_may_not_is_told(scada, words):
    plain = load(ROOT / "config" / "plant.yaml")
    section = ScadaSection.model_validate(scada)
    plant = plain.plant.model_copy(update={"scada": section})
    found = advice(replace(plain, plant=plant))
    assert len(found) == len(words) + len(advice(plain))
    assert all(any(each in said for said in found) for each in words)
