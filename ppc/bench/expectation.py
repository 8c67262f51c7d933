"""All kinds of checks, as a case may list them."""

from typing import Annotated

from pydantic import Field

from ppc.bench.checks.days import Energy, Ramp, Tracking
from ppc.bench.checks.levels import Static, Within
from ppc.bench.checks.references import Reference
from ppc.bench.checks.shapes import Against, Sine, Slope, Tolerance
from ppc.bench.checks.states import Mode
from ppc.bench.checks.steps import Steps

Expectation = Annotated[
    Steps
    | Static
    | Within
    | Slope
    | Sine
    | Tolerance
    | Against
    | Reference
    | Mode
    | Tracking
    | Ramp
    | Energy,
    Field(discriminator="check"),
]
