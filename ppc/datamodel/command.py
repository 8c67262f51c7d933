"""What control has decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi


class Command(NamedTuple):
    """Set-points of one unit: active and reactive power, always both at once."""

    device: str
    p_set_w: float
    q_set_var: float


class Step(NamedTuple):
    """What one control function made of the envelope it was given."""

    function: str
    mode: str
    envelope: Envelope


MEASUREMENT_WORDS = (
    "testing",
    "implausible",
    "doubtful",
    "missing",
    "second_meter",
    "meters_differ",
    "test_over",
)
"""What may be unusual about a measurement, the most important first."""


class Measurement(NamedTuple):
    """What was made of the measurement at the POI before any function saw it."""

    poi: Poi = Poi()
    """What is believed, as it was measured: not filtered, nothing added by a test."""
    words: tuple[str, ...] = ()
    """Those of `MEASUREMENT_WORDS` that hold."""
    spare: tuple[str, ...] = ()
    """The values that the second meter stands in for."""
    differ: tuple[str, ...] = ()
    """The values in which two good meters differ."""
    test_left_s: float | None = None

    @property
    def mode(self) -> str:
        return self.words[0] if self.words else "normal"


_AS_IT_IS = Measurement()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome of one cycle, and how each function led to it.

    `p_w`, `q_var`: aimed at, at the POI. `p_units_w`, `q_units_var`: asked of all
    units together, losses included. `p_limited_by`, `q_limited_by`: the function that
    keeps the plant from what was wished, "capability", or "" when nothing does.
    Commands must not be written after `expires_s`. `offered` is what the first function
    was given: what all units that answer could do at the POI; `capability` is what is
    left of that in the end. `measurement` is what they all relied on.
    """

    time_s: float
    expires_s: float
    p_w: float
    q_var: float
    p_units_w: float
    q_units_var: float
    p_shortfall_w: float
    q_shortfall_var: float
    p_limited_by: str
    q_limited_by: str
    offered: Envelope
    capability: Envelope
    commands: tuple[Command, ...]
    trace: tuple[Step, ...]
    measurement: Measurement = _AS_IT_IS
    broken: Mapping[str, str] = field(default_factory=dict)
    """Functions that were passed over, for they raised, with what they said."""

    @property
    def modes(self) -> dict[str, str]:
        """Of the measurement first, then of each function in order."""
        functions = {step.function: step.mode for step in self.trace}
        return {"measurement": self.measurement.mode, **functions}
