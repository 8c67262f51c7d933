"""A field in our hands: no sockets, no noise."""

from ppc.configuration.changes import Changes
from ppc.configuration.loading import load
from ppc.simulation.field import Field
from tests.rig import ROOT

CHANGE = {
    "simulation": {
        "console": None,
        "sky": {"clouds": False},
        "grid": {"v_noise_pu": 0.0, "f_noise_hz": 0.0},
        "load": {"noise_pu": 0.0},
        "meter": {"accuracy_pu": 0.0, "v_accuracy_pu": 0.0, "noise_pu": 0.0},
        "collector": {"feeders": {"north": {"units": ["bess1", "bess2"]}}},
    }
}


class Line:
    """A wire nobody listens to."""

    plugged = True

    def add(self, fault):  # noqa: ARG002
        return lambda: None


def field_of(faults=None, truth=None):
    configuration = load(ROOT / "config" / "plant.yaml", Changes(CHANGE))
    plant = configuration.plant
    lines = dict.fromkeys(plant.devices, Line())
    profiles = configuration.profiles
    return Field(plant, profiles, faults=faults, lines=lines, truth=truth)
