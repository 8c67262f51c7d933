from pathlib import Path

from pytest import raises

from ppc.configuration.findings import ConfigurationError
from ppc.configuration.machine import ROOT, read_machine


def test_the_environment_says_where_the_record_goes(monkeypatch, tmp_path):
    monkeypatch.setenv("PPC_DB_DIR", str(tmp_path))
    assert read_machine().db_dir == tmp_path


def test_a_misspelt_variable_is_an_error(monkeypatch):
    monkeypatch.setenv("PPC_DBDIR", "x")
    with raises(ConfigurationError, match=r"PPC_DBDIR.*PPC_DB_DIR"):
        read_machine()


def test_the_plant_is_looked_for_here_then_in_the_project(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert read_machine().plant_file == ROOT / "config" / "plant.yaml"
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "plant.yaml").touch()
    assert read_machine().plant_file == Path("config/plant.yaml")
