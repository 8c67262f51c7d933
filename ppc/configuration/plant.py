"""`config/plant.yaml`: what the plant is, checked entry by entry."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ByteSize, ConfigDict, Field

from ppc.adapter.northbound.unit_map import MOST_SLOTS
from ppc.adapter.strict import Name, Strict
from ppc.configuration.export import InfluxSection
from ppc.configuration.metrics import MetricsSection
from ppc.configuration.proxy import ProxySection
from ppc.configuration.scada import ScadaSection
from ppc.configuration.simulation import SimulationConfig
from ppc.core.dispatch.settings import ActivePolicy, ReactivePolicy, SplitPolicy

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
NotPositive = Annotated[float, Field(le=0, allow_inf_nan=False)]
Size = Annotated[ByteSize, Field(ge=0)]
"""Bytes, or a text with a unit: MB, GB, MiB, GiB."""


class PlantSection(Strict):
    """The connection point, as agreed with the grid operator."""

    name: str = "plant"
    v_nominal_v: Positive
    f_nominal_hz: Positive = 50.0
    p_max_w: Positive
    p_min_w: NotPositive = 0.0
    q_max_var: Positive
    grid_code: str | None = None
    """File in config/gridcodes: its figures are the defaults of the functions."""
    products: tuple[str, ...] = ()
    """Files in config/products: where one speaks of a function, it does instead of the
    grid code."""


class PoiLoopSection(Strict):
    """Gains of the closed loop at the POI."""

    kp: Annotated[float, Field(ge=0, le=2)] = 0.0
    ki_per_s: Annotated[float, Field(ge=0, le=10)] = 0.5
    response_s: NotNegative = 0.3
    """How fast the units are expected to follow: what they do in this time is not
    taken for an error, nor made up for by batteries where PV is behind the sun."""
    learn_s: NotNegative = 0.2
    """Time constant with which losses and load between units and POI are learnt."""
    trim_pu: Annotated[float, Field(ge=0, le=1)] = 0.3
    """Most that the loop may add, per unit of `p_max_w`."""
    v_freeze_pu: Annotated[float, Field(ge=0, le=1)] = 0.85
    """The loop holds below this voltage."""


class PlausibilitySection(Strict):
    """When the powers of a meter at the POI are not believed: docs/conditioning.md."""

    change_pu: Annotated[float, Field(gt=0, le=1)] = 0.05
    """Least change of the units that must show in the meter, of p_max_w and q_max_var.
    """
    change_s: Positive = 5.0
    """A meter that shows one figure for this time while the units changed is stuck."""
    p_gap_pu: Annotated[float, Field(gt=0)] | None = 0.35
    """Largest jump of units minus meter that passes, of p_max_w: larger than what the
    load behind the POI can jump by. null: any jump passes."""
    gap_s: Positive = 3.0
    """Time in which a larger jump may be explained."""
    trust_s: NotNegative = 10.0
    """Time for which a meter must agree again."""


class MeasurementSection(Strict):
    """What is done to the measurement at the POI before control functions see it."""

    v_filter_s: NotNegative = 0.0
    """Time constant of a first-order filter of the voltage; 0: none."""
    f_filter_s: NotNegative = 0.0
    p_filter_s: NotNegative = 0.0
    """The loop at the POI sees P and Q as they are."""
    q_filter_s: NotNegative = 0.0
    plausibility: PlausibilitySection = PlausibilitySection()
    v_differ_pu: Positive = 0.01
    """Two good meters may differ by so much."""
    f_differ_hz: Positive = 0.01
    p_differ_pu: Positive = 0.02
    """Of p_max_w and q_max_var."""
    differ_s: NotNegative = 5.0
    """For so long before it is said."""
    test_most_s: Positive = 900.0
    """A test of SCADA (f_test_hz, v_test_pu) ends by itself after this time."""


class DispatchSection(Strict):
    """How set-points are shared among the units; see docs/dispatch.md."""

    p: ActivePolicy = "energy"
    """Batteries by what they hold or have room for, all units by what they could give
    now (`availability`) or by their rating (`equal`), or only as many batteries as are
    needed (`merit`) or as work well (`efficiency`)."""
    q: ReactivePolicy = "headroom"
    """By what the circle leaves, by rating (`equal`), or one after the other."""
    split: SplitPolicy = "pv_first"
    """What PV and what batteries are for."""
    gamma: Annotated[float, Field(ge=1, le=2)] = 1.0
    """`energy`: the larger, the sooner states of charge are equal."""
    soc_hysteresis_pu: Annotated[float, Field(ge=0, le=0.2)] = 0.02
    """Changes of a state of charge smaller than this change no share."""
    minimum_running_units: Annotated[int, Field(ge=1)] = 1
    """`merit`, `efficiency`: so many batteries share whatever is asked."""
    one_unit_pu: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Up to this part of its rating the first battery runs alone all the same."""
    efficient_pu: Annotated[float, Field(gt=0, le=1)] = 0.5
    """`efficiency`: from this part of its rating on a battery works well."""
    hysteresis_pu: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """A battery rests when the power is this part below that which started it..."""
    rest_after_s: NotNegative = 30.0
    """...for this long."""


class ControlSection(Strict):
    """The control cycle."""

    period_s: Annotated[float, Field(ge=0.02, le=1.0)] = 0.1
    grace_s: Annotated[float, Field(ge=0, le=0.05)] = 0.005
    """How long a late meter is waited for, at the tick."""
    command_life_s: Positive = 1.0
    """A set-point older than this is not written any more."""
    priority: Literal["p", "q"] = "p"
    """What a unit gives first when it cannot give both."""
    poi_loop: PoiLoopSection = PoiLoopSection()
    measurement: MeasurementSection = MeasurementSection()
    dispatch: DispatchSection = DispatchSection()
    realtime: bool = True
    """Ask the machine for real-time priority."""


class ConnectionSection(Strict):
    """How a device is reached. `driver` names the kind; the rest are its settings.

    Devices with equal connections share one.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    driver: str = "modbus_tcp"

    @property
    def settings(self) -> dict[str, Any]:
        return dict(self.model_extra or {})

    @property
    def key(self) -> str:
        """Equal for equal connections."""
        return f"{self.driver} {sorted(self.settings.items())}"


class DeviceSection(Strict):
    """One device: where it is, what it is. With ratings it is a unit we control."""

    profile: str
    connection: ConnectionSection
    station: Annotated[int, Field(ge=0, le=255)] = 1
    """Left out: the profile's usual one."""
    options: dict[Name, Any] = Field(default_factory=dict)
    """What the profile asks about the device: model, firmware, ..."""
    s_max_va: Positive | None = None
    p_max_w: Positive | None = None
    """Left out: `s_max_va`."""
    p_min_w: NotPositive | None = None
    """Left out: -p_max_w for a battery, 0 for PV."""
    q_max_var: Positive | None = None
    """Left out: `s_max_va`."""
    e_max_wh: Positive | None = None
    battery: str | None = None
    """The device, of a profile of type bms, that tells the state of charge and the
    limits of this battery. Left out: it tells them itself."""
    rank: int | None = None
    """Place in the merit order. Left out: after those that have one, as listed."""
    slot: Annotated[int, Field(ge=1, le=MOST_SLOTS)] | None = None
    """Its place on SCADA's map, for good. Left out: counted, in the order of this
    file."""

    @property
    def variant(self) -> str:
        """Equal for devices with the same register map."""
        return variant(self.profile, self.options)


def variant(profile: str, options: Mapping[str, Any]) -> str:
    """The name of a profile, with the options of the device where it has any."""
    if not options:
        return profile
    told = ", ".join(f"{name}: {value}" for name, value in sorted(options.items()))
    return f"{profile} {{{told}}}"


class RecordSection(Strict):
    """What is written down, and for how long it is kept."""

    every_s: Positive = 1.0
    raw_days: Annotated[int, Field(ge=1, le=31)] = 7
    """Full-rate rows in trend.db."""
    trend_days: Annotated[int, Field(ge=400)] = 800
    """All else in trend.db: minutes, quarters of an hour, energy, events, commands."""
    daily_files: Annotated[int, Field(ge=2)] = 400
    """Daily files kept."""
    quota: Annotated[Size, Field(gt=0)] | None = None
    """What the folder may take on the disk, as in `50 GB`. When it takes more, the
    oldest of what is finest goes first: samples, and events at the very last. Left
    out: what the disk has."""
    ballast: Size = ByteSize(64_000_000)
    """A file of no use, given up when the disk is full, so that events are written on.
    0: none."""
    clock: Literal["ntp", "trusted"] = "ntp"
    """When the times of rows are trusted: while the kernel's clock is synchronised, or
    always but for a minute after a step."""


class PlantConfig(Strict):
    """The whole plant.

    `functions` lists the control functions, the most binding first; each entry is the
    name of one and its settings: `- power_limit: {rate_w_per_s: 1.0e+6}`.
    Without `simulation` the devices are taken to be there.
    """

    plant: PlantSection
    control: ControlSection = ControlSection()
    devices: dict[str, DeviceSection] = Field(min_length=2)
    functions: tuple[dict[str, dict[str, Any] | None], ...] = Field(min_length=1)
    scada: ScadaSection = ScadaSection()
    proxy: ProxySection | None = None
    metrics: MetricsSection | None = None
    record: RecordSection = RecordSection()
    export: dict[Name, InfluxSection] = Field(default_factory=dict)
    """Who else gets what is recorded, by a name of your own."""
    simulation: SimulationConfig | None = None
