"""What control has decided."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.envelope import Envelope


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome of one cycle, and how each function led to it.

    `p_w`, `q_var`: aimed at, at the POI. `p_units_w`, `q_units_var`: asked of all
    units together, losses included. `p_limited_by`, `q_limited_by`: the function that
    keeps the plant from what was wished, "capability", or "" when nothing does.
    Commands must not be written after `expires_s`. `offered` is what the first function
    was given: what all units that answer could do at the POI; `capability` is what is
    left of that in the end.
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
