"""What became of set-points on their way to a device, told without waiting."""

from collections import deque
from typing import Literal, NamedTuple

Fate = Literal["written", "confirmed", "refused", "failed"]
_KEPT = 1000


class Outcome(NamedTuple):
    """What became of one write group of a device.

    `written`: acknowledged, or the device has it already; `confirmed`: read back as it
    was written; `refused`: by the device, `reason` says how; `failed`: no answer, or
    not taken, and it is tried again while there is time.
    """

    fate: Fate
    group: int
    """Which of the device's write groups."""
    expires_s: float
    """Of the command: no two cycles have the same."""
    at_s: float
    """Monotonic."""
    reason: str = ""


Outcomes = deque[Outcome]
"""From the event loop to the control thread. Where nobody takes them the oldest go."""


def outcomes() -> Outcomes:
    """Empty, and bounded."""
    return deque(maxlen=_KEPT)
