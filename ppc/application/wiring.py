"""From the configuration to the parts: devices with their slots, site and brain."""

from collections.abc import Callable, Mapping

from ppc.adapter.site import Site
from ppc.application.aggregation import Aggregation
from ppc.application.device import FieldDevice
from ppc.application.processing import Brain
from ppc.application.sources import Sources
from ppc.communication.driver import DRIVERS
from ppc.communication.driver.base import Driver
from ppc.communication.server.modbus_proxy import ModbusProxy, Route
from ppc.configuration.batteries import batteries
from ppc.configuration.links import link_defaults, with_defaults
from ppc.configuration.loading import Configuration
from ppc.configuration.plant import ConnectionSection, MeasurementSection
from ppc.configuration.ratings import merit_order
from ppc.core.conditioning import MeasurementSettings
from ppc.core.dispatch.settings import DispatchSettings
from ppc.core.orchestrator import Orchestrator
from ppc.core.plausibility import PlausibilitySettings
from ppc.core.poi_loop import PoiLoopSettings
from ppc.datamodel.rating import EquipmentType
from ppc.metier import FUNCTIONS

POI_BACKOFF_MAX_S = 5.0
"""The meter is looked for more often than others: without it the plant is blind."""


Connect = Callable[[ConnectionSection, Mapping[str, float]], Driver]
"""Makes the driver of a connection; what its settings are where it says nothing else is
told along."""


def over_the_wire(section: ConnectionSection, defaults: Mapping[str, float]) -> Driver:
    """The driver the configuration names. To be called in the running event loop."""
    kind = DRIVERS[section.driver]
    driver: Driver = kind(kind.Settings(**with_defaults(section, defaults)))
    return driver


def build_field(
    configuration: Configuration,
    *,
    now_s: Callable[[], float],
    connect: Connect = over_the_wire,
) -> Aggregation:
    """All devices with their drivers; devices with equal connections share one."""
    plant = configuration.plant
    devices = _devices(configuration, now_s, connect)
    types = {
        n: configuration.profiles[d.variant].type for n, d in plant.devices.items()
    }
    meters = [devices[n] for n, kind in types.items() if kind is EquipmentType.POI]
    assert meters, "the configuration was checked: there is a meter"
    return Aggregation(
        meters[0],
        [devices[name] for name, kind in types.items() if kind.is_unit],
        plant.control.period_s,
        now_s,
        second=meters[1] if len(meters) > 1 else None,
        batteries={u: devices[bms] for u, bms in batteries(plant.devices).items()},
    )


def _devices(
    configuration: Configuration, now_s: Callable[[], float], connect: Connect
) -> dict[str, FieldDevice]:
    """By name, each with the driver of its connection and slots of its own."""
    defaults = link_defaults(configuration.plant, configuration.profiles)
    drivers: dict[str, Driver] = {}
    devices: dict[str, FieldDevice] = {}
    slot = 0
    for name, section in configuration.plant.devices.items():
        profile = configuration.profiles[section.variant]
        connection = section.connection
        if connection.key not in drivers:
            asked = defaults[connection.key]
            if profile.type is EquipmentType.POI:
                asked = {"backoff_max_s": POI_BACKOFF_MAX_S, **asked}
            drivers[connection.key] = connect(connection, asked)
        devices[name] = FieldDevice(
            name,
            profile,
            drivers[connection.key],
            station=section.station,
            first_slot=slot,
            period_s=configuration.plant.control.period_s,
            rating=configuration.ratings.get(name),
            now_s=now_s,
        )
        slot += len(devices[name].polls)
    return devices


def build_proxies(
    configuration: Configuration, field: Aggregation, now_s: Callable[[], float]
) -> list[ModbusProxy]:
    """What lets others read the devices: none, or one."""
    section = configuration.plant.proxy
    if section is None:
        return []
    devices = {device.name: device for device in field.devices}
    routes = {
        unit: Route(devices[name].driver, devices[name].party.station)
        for unit, name in section.units.items()
    }
    life_s = section.life_s
    return [ModbusProxy(section.host, section.port, routes, now_s=now_s, life_s=life_s)]


def build_brain(
    configuration: Configuration, field: Aggregation, sources: Sources
) -> Brain:
    """Everything that decides."""
    plant, control = configuration.connection_point, configuration.plant.control
    loop = control.poi_loop
    units, second = field.units, field.second
    return Brain(
        site=Site(
            meter=field.meter.slots,
            second=second.slots if second else None,
            units=[(unit.rating, unit.slots) for unit in units if unit.rating],
            batteries={name: bms.slots for name, bms in field.batteries.items()},
        ),
        orchestrator=Orchestrator(
            [FUNCTIONS[name](s, plant) for name, s in configuration.functions],
            plant,
            loop=PoiLoopSettings(
                kp=loop.kp,
                ki_per_s=loop.ki_per_s,
                response_s=loop.response_s,
                learn_s=loop.learn_s,
                trim_max_w=loop.trim_pu * plant.p_max_w,
                trim_max_var=loop.trim_pu * plant.q_max_var,
                v_freeze_v=loop.v_freeze_pu * plant.v_nominal_v,
            ),
            command_life_s=control.command_life_s,
            priority=control.priority,
            measurement=_measurement(control.measurement),
            dispatch=DispatchSettings(
                **control.dispatch.model_dump(), order=merit_order(configuration.plant)
            ),
        ),
        sources=sources,
    )


def _measurement(section: MeasurementSection) -> MeasurementSettings:
    given = section.model_dump()
    plausibility = PlausibilitySettings(**given.pop("plausibility"))
    return MeasurementSettings(plausibility=plausibility, **given)
