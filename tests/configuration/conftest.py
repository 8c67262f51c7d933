import shutil
from pathlib import Path

from pytest import fixture

CONFIG = Path(__file__).parents[2] / "config"


@fixture
def plant(tmp_path):
    """The shipped plant, to be spoilt."""
    shutil.copytree(CONFIG, tmp_path, dirs_exist_ok=True)
    return tmp_path / "plant.yaml"
