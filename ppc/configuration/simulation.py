"""The `simulation:` section of plant.yaml: the field that the program serves itself."""

from ppc.adapter.profile import Strict


class SimulationConfig(Strict):
    """The simulated field."""

    seed: int = 1
