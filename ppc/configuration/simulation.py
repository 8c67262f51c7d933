"""The `simulation:` section of plant.yaml: the field that the program serves itself."""

from typing import Annotated

from pydantic import Field

from ppc.adapter.profile import Address, Strict

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class GridSection(Strict):
    """The grid behind the connection point, as a Thevenin source.

    Noise figures are standard deviations of slow random walks around the set values;
    0 switches them off.
    """

    scr: Positive = 10.0
    """Short-circuit power at the connection point, in multiples of `p_max_w`."""
    x_r: NotNegative = 10.0
    """Reactance over resistance of the source."""
    v_pu: Annotated[float, Field(ge=0, le=2)] = 1.0
    """Voltage of the source, per unit of `v_nominal_v`."""
    f_hz: Positive | None = None
    """Left out: `f_nominal_hz`."""
    v_noise_pu: NotNegative = 0.001
    f_noise_hz: NotNegative = 0.019


class CollectorSection(Strict):
    """Plant transformer and cables, as one series impedance, in pu on `p_max_w`."""

    r_pu: NotNegative = 0.006
    x_pu: NotNegative = 0.06


class LoadSection(Strict):
    """What the site itself consumes. The one place where consumption is positive."""

    p_w: float = 0.0
    q_var: float = 0.0
    noise_pu: NotNegative = 0.02
    """Standard deviation, as a share of `p_w` and `q_var`."""


class SkySection(Strict):
    """The sun over the PV arrays, and what stands before it."""

    latitude_deg: Annotated[float, Field(ge=-90, le=90)] = 45.0
    day: Annotated[int, Field(ge=1, le=366)] = 172
    """Day of the year; 172 is 21 June."""
    clouds: bool = True


class MeterSection(Strict):
    """The meter at the connection point. Errors are drawn once, from the seed."""

    refresh_s: Positive = 0.04
    """It shows a new reading this often."""
    accuracy_pu: Share = 0.005
    """Greatest gain error of P and Q; 0.005 is class 0.5 S."""
    v_accuracy_pu: Share = 0.002
    """Greatest gain error of the voltage."""
    noise_pu: NotNegative = 0.0002
    """Standard deviation of P and Q, as a share of `p_max_w`."""


class UnitSection(Strict):
    """What one unit has different. Left out: the figures of its kind."""

    soc_pu: Share | None = None
    """State of charge at the start; batteries only. Left out: 0.5."""
    dead_time_s: NotNegative | None = None
    """From a set-point written to the first reaction."""
    response_s: NotNegative | None = None
    """Time constant of P and Q after the dead time."""
    ramp_pu_per_s: Positive | None = None
    """Fastest change of P and of Q, in pu of `s_max_va`."""


class BenchSection(Strict):
    """Where the simulated grid itself can be read and moved, over Modbus TCP."""

    host: str = "127.0.0.1"
    port: Address = 5019
    station: Annotated[int, Field(ge=0, le=255)] = 1


class SimulationConfig(Strict):
    """The simulated field. Everything has a default: `simulation: {}` is complete."""

    seed: int = 1
    """Equal seeds, commands and steps give equal plants."""
    step_s: Annotated[float, Field(ge=0.001, le=0.1)] = 0.02
    start_h: Annotated[float, Field(ge=0, lt=24)] = 11.0
    """Solar time of day at the start."""
    speed: Positive = 1.0
    """How much faster than real the slow part of the plant runs: time of day, clouds
    and state of charge. Inverters, grid and meter keep real time."""
    grid: GridSection = GridSection()
    collector: CollectorSection = CollectorSection()
    load: LoadSection = LoadSection()
    sky: SkySection = SkySection()
    meter: MeterSection = MeterSection()
    units: dict[str, UnitSection] = Field(default_factory=dict)
    """By name of the device."""
    bench: BenchSection | None = BenchSection()
    """null: no bench."""
