"""The grid, the plant's own network, and the meter's wiring."""

from functools import partial
from typing import Annotated, ClassVar

from pydantic import Field

from ppc.configuration.simulation import NotNegative, Positive
from ppc.simulation.faults.base import Fault, Layer, Target, Undo

STEP_S = 0.02
"""A ramp is moved this often."""


class _Grid(Fault):
    layer: ClassVar[Layer] = "grid"
    plant_wide: ClassVar[bool] = True


class VoltageStep(_Grid):
    """The source's voltage changes by a step."""

    reaction: ClassVar[str] = "reactive power as the droop says"
    by_pu: Annotated[float, Field(ge=-1, le=1)] = -0.05

    def begin(self, target: Target) -> Undo:
        grid = target.plant.grid
        grid.v_pu += self.by_pu

        def undo() -> None:
            grid.v_pu -= self.by_pu

        return undo


class FrequencyStep(_Grid):
    """The frequency changes by a step."""

    reaction: ClassVar[str] = "active power as the frequency functions say"
    by_hz: Annotated[float, Field(ge=-5, le=5)] = -0.3

    def begin(self, target: Target) -> Undo:
        grid = target.plant.grid
        grid.f_set_hz += self.by_hz

        def undo() -> None:
            grid.f_set_hz -= self.by_hz

        return undo


class FrequencyRamp(_Grid):
    """The frequency moves at a rate for a time, and jumps back at the end."""

    reaction: ClassVar[str] = "no trip; active power as the frequency functions say"
    rate_hz_per_s: Annotated[float, Field(ge=-4, le=4)] = -1.0
    for_s: Positive = 1.0

    def begin(self, target: Target) -> Undo:
        grid, moved = target.plant.grid, [0.0]

        def move() -> None:
            step_hz = self.rate_hz_per_s * STEP_S
            if abs(moved[0]) + 1e-9 < abs(self.rate_hz_per_s) * self.for_s:
                grid.f_set_hz += step_hz
                moved[0] += step_hz
                target.later(STEP_S, move)

        def undo() -> None:
            grid.f_set_hz -= moved[0]
            moved[0] = abs(self.rate_hz_per_s) * self.for_s  # it moves no more

        move()
        return undo


class Dip(_Grid):
    """A short circuit elsewhere: the voltage dips and comes back slowly."""

    reaction: ClassVar[str] = "held through; nothing winds up; power is back after it"
    retained_pu: NotNegative = 0.2
    for_s: Positive = 0.15
    recovery_s: Positive = 1.35

    def begin(self, target: Target) -> Undo:
        target.plant.grid.dip(
            [
                (0.0, self.retained_pu),
                (self.for_s, self.retained_pu),
                (self.for_s + self.recovery_s, 1.0),
            ]
        )
        return _nothing


class ShortCircuitRatio(_Grid):
    """A line is lost: the grid is weaker."""

    reaction: ClassVar[str] = "the voltage loop stays stable"
    scr: Annotated[float, Field(ge=1, le=1000)] = 3.0

    def begin(self, target: Target) -> Undo:
        grid = target.plant.grid

        def apply(scr: float) -> None:
            grid.set_impedance(scr, grid.x_r)

        return target.held.hold(grid, "scr", self.scr, grid.scr, apply)


class PhaseJump(_Grid):
    """The angle of the source jumps."""

    reaction: ClassVar[str] = "no trip, and no false answer to a frequency"
    by_deg: Annotated[float, Field(ge=-180, le=180)] = 20.0

    def begin(self, target: Target) -> Undo:
        grid = target.plant.grid
        grid.phase_deg += self.by_deg

        def undo() -> None:
            grid.phase_deg -= self.by_deg

        return undo


class TapSteps(_Grid):
    """The transformer's tap changer moves."""

    reaction: ClassVar[str] = "the voltage at the connection point is kept"
    steps: Annotated[int, Field(ge=-16, le=16)] = 2

    def begin(self, target: Target) -> Undo:
        network = target.plant.network
        network.tap += self.steps

        def undo() -> None:
            network.tap -= self.steps

        return undo


class GridLost(_Grid):
    """The breaker at the connection point opens."""

    reaction: ClassVar[str] = "set-points are harmless while it lasts and after it"

    def begin(self, target: Target) -> Undo:
        plant = target.plant

        def apply(closed: bool) -> None:  # noqa: FBT001
            if closed:
                plant.close_poi()
            else:
                plant.open_poi()

        closed = plant.network.poi_closed
        return target.held.hold(
            plant, "poi_closed", value=False, before=closed, apply=apply
        )


class FeederOpen(_Grid):
    """The breaker of a feeder opens; its units trip and come back."""

    reaction: ClassVar[str] = "the units on other feeders take over"
    feeder: str

    def begin(self, target: Target) -> Undo:
        closed = target.plant.network.closed
        if self.feeder not in closed:
            raise ValueError(f"no feeder {self.feeder}; there is {', '.join(closed)}")
        apply = partial(closed.__setitem__, self.feeder)
        before = closed[self.feeder]
        return target.held.hold(
            closed, self.feeder, value=False, before=before, apply=apply
        )


class MeterReversed(_Grid):
    """The meter's current transformers are turned round."""

    reaction: ClassVar[str] = "implausible against the sum of the units"

    def begin(self, target: Target) -> Undo:
        return target.held.set(target.plant.meter, "reversed", value=True)


class MeterRatio(_Grid):
    """The meter has a wrong transformer ratio."""

    reaction: ClassVar[str] = "implausible against the sum of the units"
    ratio: Positive = 2.0

    def begin(self, target: Target) -> Undo:
        return target.held.set(target.plant.meter, "ratio", self.ratio)


def _nothing() -> None:
    """It is over by itself."""


GRID = (
    VoltageStep,
    FrequencyStep,
    FrequencyRamp,
    Dip,
    ShortCircuitRatio,
    PhaseJump,
    TapSteps,
    GridLost,
    FeederOpen,
    MeterReversed,
    MeterRatio,
)
