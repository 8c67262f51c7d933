"""The demonstration plant, quiet: no noise, an exact meter."""

from dataclasses import replace
from pathlib import Path

from pytest import fixture

from ppc.configuration.loading import load

PLANT = Path(__file__).parents[2] / "config" / "plant.yaml"


@fixture(name="configuration", scope="session")
def _configuration():
    return load(PLANT)


@fixture(name="quiet", scope="session")
def _quiet(configuration):
    simulation = configuration.plant.simulation
    grid = simulation.grid.model_copy(update={"v_noise_pu": 0.0, "f_noise_hz": 0.0})
    meter = simulation.meter.model_copy(
        update={"accuracy_pu": 0.0, "v_accuracy_pu": 0.0, "noise_pu": 0.0}
    )
    update = {
        "grid": grid,
        "meter": meter,
        "load": simulation.load.model_copy(update={"noise_pu": 0.0}),
        "sky": simulation.sky.model_copy(update={"clouds": False}),
    }
    plant = configuration.plant.model_copy(
        update={"simulation": simulation.model_copy(update=update)}
    )
    return replace(configuration, plant=plant)
