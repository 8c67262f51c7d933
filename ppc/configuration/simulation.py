"""The `simulation:` section of plant.yaml: the field that the program serves itself."""

from typing import Annotated, Literal

from pydantic import Field

from ppc.adapter.strict import Address, Strict

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
    v_flicker_pu: NotNegative = 0.0
    """A quicker one, of 1 s; recorded on a feeder: 0.0004."""
    f_noise_hz: NotNegative = 0.019
    f_flicker_hz: NotNegative = 0.0
    """A quicker one, of 5 s; recorded in Continental Europe: 0.004."""
    v_file: str | None = None
    """CSV file of seconds and pu that takes the place of `v_pu` and its noise; it
    begins again at its end."""
    f_file: str | None = None
    """CSV file of seconds and Hz that takes the place of `f_hz` and its noise; it
    begins again at its end."""


class FeederSection(Strict):
    """A cable with a breaker, and the units behind it. Impedance in pu on `p_max_w`."""

    r_pu: NotNegative = 0.0
    x_pu: NotNegative = 0.0
    units: tuple[str, ...] = Field(min_length=1)


class CollectorSection(Strict):
    """Plant transformer and cables, as one series impedance, in pu on `p_max_w`."""

    r_pu: NotNegative = 0.006
    x_pu: NotNegative = 0.06
    tap_pu: NotNegative = 0.0125
    """Of the transformer's tap changer, per step. Usual: 1.25 to 1.6 %."""
    feeders: dict[str, FeederSection] = Field(default_factory=dict)
    """Left out: every unit stands at the collector itself."""


class IslandSection(Strict):
    """Without the grid: who keeps voltage and frequency, and how stiffly."""

    former: str
    """A battery that forms the grid."""
    h_s: Positive = 3.0
    """Inertia constant, on the former's `s_max_va`."""
    damping_pu: NotNegative = 1.0
    droop_pu: Positive = 0.05
    governor_s: Positive = 0.5
    x_pu: Positive = 0.1
    """Between the former's own voltage and its terminals, on its `s_max_va`."""


class LoadSection(Strict):
    """What the site itself consumes. The one place where consumption is positive."""

    p_w: float = 0.0
    q_var: float = 0.0
    noise_pu: NotNegative = 0.02
    """Standard deviation, as a share of `p_w` and `q_var`."""
    v_exponent: NotNegative = 0.0
    """Power goes with the voltage to this power; 0: constant power. Usual: 1 to 1.5."""
    f_factor: float = 0.0
    """Relative change of power over relative change of frequency. Usual: 0 to 2."""
    day_pu: tuple[NotNegative, ...] = ()
    """Profile over the day as shares of `p_w` and `q_var`, evenly spread from midnight
    on; straight lines between. Left out: 1 all day."""


class SkySection(Strict):
    """The sun over the PV arrays, and what stands before it."""

    latitude_deg: Annotated[float, Field(ge=-90, le=90)] = 45.0
    day: Annotated[int, Field(ge=1, le=366)] = 172
    """Day of the year; 172 is 21 June."""
    height_m: Annotated[float, Field(ge=-500, le=9000)] = 100.0
    turbidity: Annotated[float, Field(ge=1, le=10)] = 3.0
    """Linke turbidity of the air; 2 to 3 in the country, 4 to 5 over towns."""
    tilt_deg: Annotated[float, Field(ge=0, le=90)] = 0.0
    """Of the modules; 0: flat."""
    azimuth_deg: Annotated[float, Field(ge=0, le=360)] = 180.0
    """Where the modules look; 180: south."""
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
    v_step_v: NotNegative = 0.0
    """Resolution of the voltage; 0: none but the register's."""
    f_step_hz: NotNegative = 0.0
    """Resolution of the frequency. Usual: 1 to 10 mHz."""
    unbalance_pu: NotNegative = 0.0
    """How far phase 1 lies above, and phase 2 below, the mean voltage."""


class ProtectionSection(Strict):
    """When a unit trips by itself, and how it comes back."""

    v_low_pu: NotNegative = 0.5
    v_low_s: NotNegative = 1.5
    v_high_pu: Positive = 1.3
    v_high_s: NotNegative = 0.1
    f_low_hz: NotNegative = 45.0
    f_high_hz: Positive = 65.0
    f_s: NotNegative = 0.2
    restart_s: NotNegative = 60.0
    """How long voltage and frequency must have been right before it starts again."""
    precharge_s: NotNegative = 2.0
    release_pu_per_s: Positive = 0.1
    """How fast it gives power again, of `s_max_va`, after a start."""


class UnitSection(Strict):
    """What one unit has different. Left out: the figures of its kind."""

    r_pu: NotNegative = 0.0
    x_pu: NotNegative = 0.0
    """Its own transformer and cable, on its `s_max_va`. Usual: 0.01 and 0.06."""
    priority: Literal["p", "q"] = "p"
    """What it gives first when it cannot give both."""
    protection: ProtectionSection = ProtectionSection()
    ambient_c: float = 20.0
    """Temperature of the air around it; of a battery's container too."""
    soh_pu: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Battery: capacity at the start over capacity when new."""
    ageing_speed: NotNegative = 1.0
    """Battery: how much faster than real it ages."""
    soc_step_pu: NotNegative = 0.0
    """Battery: resolution of the state of charge it tells. Usual: 0.001 to 0.01."""
    dc_over_ac: Positive | None = None
    """PV: power of the modules over `p_max_w`. Left out: 1.2."""
    wind_m_per_s: NotNegative = 2.0
    """PV: over the modules; it cools them."""
    tells_available: bool = True
    """PV: whether it tells what it could give."""

    soc_pu: Share | None = None
    """State of charge at the start; batteries only. Left out: 0.5."""
    dead_time_s: NotNegative | None = None
    """From a set-point written to the first reaction."""
    response_s: NotNegative | None = None
    """Time constant of P and Q after the dead time."""
    ramp_pu_per_s: Positive | None = None
    """Fastest change of P and of Q, in pu of `s_max_va`."""


class ConsoleSection(Strict):
    """Where the simulated grid itself can be read and moved, over Modbus TCP."""

    host: str = "127.0.0.1"
    port: Address = 5019
    faults_port: Address = 5018
    """Where `ppc fault` finds the field."""
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
    truth_s: NotNegative = 1.0
    """What is goes into truth_<day>.db this often, beside what the meter shows; 0:
    never."""
    island: IslandSection | None = None
    """Left out: without the grid the plant is dead."""
    console: ConsoleSection | None = ConsoleSection()
    """null: no console."""
