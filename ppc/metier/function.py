"""What the orchestrator expects of a control function."""

from typing import Any, ClassVar, Protocol

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint


class ControlFunction(Protocol):
    """One duty of the plant: voltage support, a power limit, a state-of-charge window.

    A function may remember, but it is deterministic: the same observations in the
    same order give the same envelopes. It does no I/O, reads no clock (time is
    `obs.time_s`), and logs nothing: its answer is its return value.

    `name` is its name in plant.yaml and the name of its folder. `Settings` is a frozen
    dataclass whose `__post_init__` raises ValueError for a value out of range.
    """

    name: ClassVar[str]
    Settings: ClassVar[type[Any]]

    def __init__(self, settings: Any, plant: ConnectionPoint) -> None: ...  # noqa: ANN401

    @property
    def mode(self) -> str:
        """The state it is in after the last step, in lower case."""
        ...

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        """Return the part of `envelope` this function accepts now."""
        ...
