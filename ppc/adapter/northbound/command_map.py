"""Where commands are given on the map, and curves told."""

from pydantic import Field

from ppc.adapter.strict import Address, Strict


class CommandMap(Strict):
    """Where commands are given, and how long each step may take."""

    address: Address
    arm_s: float = Field(default=10.0, gt=0, le=600)
    """How long a command stays armed."""
    seen_s: float = Field(default=5.0, gt=0, le=600)
    """How soon control must have taken it up."""
    achieved_s: float = Field(default=300.0, gt=0, le=3600)
    one_shot: bool = True
    """Whether one write does what arming and operating do."""


class CurveMap(Strict):
    """Where curves are staged and shown."""

    address: Address


class SunSpecMap(Strict):
    """Where the plant stands as a SunSpec device."""

    address: Address
