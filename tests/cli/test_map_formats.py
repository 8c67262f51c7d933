"""`ppc map` in every form, read back by whoever it is for."""

import csv
import io
import json
import tomllib
from pathlib import Path

from pytest import fixture
from typer.testing import CliRunner

from ppc.cli.main import app

PLANT = str(Path(__file__).parents[2] / "config" / "plant.yaml")
RUNNER = CliRunner()


def told(form):
    done = RUNNER.invoke(app, ["map", "--config", PLANT, "--format", form])
    assert done.exit_code == 0, done.output
    return done.stdout


@fixture(name="registers", scope="module")
def _registers():
    return list(csv.DictReader(io.StringIO(told("csv"))))


def one(rows, **wanted):
    [row] = [r for r in rows if wanted.items() <= r.items()]
    return row


def test_a_csv_has_every_register_of_map_devices_and_images(registers):
    assert len(registers) > 500
    assert one(registers, name="p_w", block="map")["address"] == "200"
    assert one(registers, name="p_w", block="integer") == {
        "block": "integer", "name": "p_w", "address": "10200", "registers": "2",
        "type": "s32", "word_order": "big", "scale": "100", "unit": "W", "access": "r",
        "meaning": one(registers, name="p_w", block="map")["meaning"],
    }  # fmt: skip
    assert one(registers, name="bess1.p_w", block="short")["scale"] == "1000"
    assert one(registers, name="poi.name", block="units")["registers"] == "8"
    assert one(registers, name="command.select_code")["access"] == "rw"


def test_json_is_one_object_with_the_images_apart(registers):
    said = json.loads(told("json"))
    assert said["port"] == 5502
    assert set(said["images"]) == {"integer", "short"}
    count = len(said["registers"]) + sum(map(len, said["images"].values()))
    assert count == len(registers)
    keys = [register["key"] for register in said["registers"]]
    assert len(set(keys)) == len(keys)


def test_markdown_is_a_table(registers):
    lines = told("md").splitlines()
    assert len(lines) == len(registers) + 2
    assert len({line.count(" | ") for line in lines}) == 1


def test_kepware_finds_its_columns_addresses_and_types(registers):
    tags = list(csv.DictReader(io.StringIO(told("kepware"))))
    assert len(tags) == len(registers)
    names = [tag["Tag Name"] for tag in tags]
    assert len(set(names)) == len(names)
    power = one(tags, **{"Tag Name": "p_w"})
    assert (power["Address"], power["Data Type"]) == ("400201", "Float")
    assert (power["Client Access"], power["Scaling"]) == ("RO", "")
    whole = one(tags, **{"Tag Name": "integer.p_set_w"})
    assert (whole["Address"], whole["Data Type"]) == ("410401", "Long")
    assert (whole["Client Access"], whole["Scaled High"]) == ("R/W", "100000")
    assert one(tags, **{"Tag Name": "bess1.name"})["Address"] == "401041.16H"


def test_telegraf_can_read_its_piece(registers):
    [piece] = tomllib.loads(told("telegraf"))["inputs"]["modbus"]
    assert piece["controller"] == "tcp://127.0.0.1:5502"
    fields = piece["holding_registers"]
    assert len(fields) == len([r for r in registers if r["type"] != "text"])
    power = one(fields, measurement="map", name="p_w")
    assert power == {
        "measurement": "map", "name": "p_w", "byte_order": "ABCD",
        "data_type": "FLOAT32", "scale": 1.0, "address": [200, 201],
    }  # fmt: skip
    assert one(fields, measurement="short", name="p_w")["scale"] == 1000.0


def test_a_table_is_for_people():
    said = told("table")
    assert "Once more 10000 further on" in said
    assert "command.select_code" in said
