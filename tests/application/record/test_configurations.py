"""What is in force, as texts."""

import hashlib

from pytest import fixture

from ppc.application.record.configurations import digest, rows, texts
from ppc.configuration.loading import load
from ppc.configuration.parameters import Parameters, Version
from tests.rig import write_plant

VERSION = Version(
    number=1,
    when="2026-11-21T12:00:00+00:00",
    who="ops",
    why="less",
    plant="demonstration plant",
    before={"power_limit": {"rate_w_per_s": 2.0}},
    after={"power_limit": {"rate_w_per_s": 1.0}},
)


@fixture
def plant(tmp_path):
    return load(write_plant(tmp_path / "plant"))


def test_all_files_the_settings_and_the_program_are_there(plant, tmp_path):
    found = texts(plant, Parameters(tmp_path / "parameters", (VERSION,)))
    assert set(found) == {
        "plant.yaml",
        "profiles/demo_poi_meter.yaml",
        "profiles/demo_pcs.yaml",
        "profiles/demo_pv_inverter.yaml",
        "northbound/scada.yaml",
        "parameters",
        "program",
    }
    assert found["plant.yaml"] == plant.path.read_text()
    assert found["program"].startswith("ppc 0.")
    assert "power_limit.rate_w_per_s 2 -> 1" in found["parameters"]


def test_the_digest_is_sha256():
    assert digest("Güte") == hashlib.sha256("Güte".encode()).hexdigest()


def test_only_what_is_new_is_a_row(plant, tmp_path):
    none = Parameters(tmp_path / "parameters")
    found = texts(plant, none)
    first = rows(found, {}, 1.0)
    assert {row["what"] for row in first} == set(found)
    known = {row["what"]: row["digest"] for row in first}
    assert rows(texts(plant, none), known, 2.0) == []
    with plant.path.open("a") as file:
        file.write("# a word\n")
    (changed,) = rows(texts(plant, none), known, 3.0)
    assert (changed["what"], changed["ts"]) == ("plant.yaml", 3.0)
    assert changed["text"].endswith("# a word\n")
