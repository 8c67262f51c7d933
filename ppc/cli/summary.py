"""`ppc check`, when all is well: the plant at a glance."""

from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from ppc.cli.conformity_table import conformity, named
from ppc.cli.figures import scale_for
from ppc.cli.listing import listing
from ppc.configuration.advice import advice
from ppc.configuration.loading import Configuration
from ppc.configuration.parameters import Parameters
from ppc.configuration.scada import ScadaSection
from ppc.datamodel.rating import UnitRating


def show(
    configuration: Configuration, parameters: Parameters, console: Console
) -> None:
    """Print the plant, its devices and functions, and where people find it."""
    plant, config = configuration.plant.plant, configuration.plant
    scale = scale_for(plant.p_max_w)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row(
        "plant",
        f"{plant.name}: {plant.v_nominal_v / 1e3:g} kV, {plant.f_nominal_hz:g} Hz, "
        f"P {plant.p_min_w / scale.divisor:g} to {plant.p_max_w / scale.divisor:g} "
        f"{scale.prefix}W, Q ±{plant.q_max_var / scale.divisor:g} {scale.prefix}var",
    )
    table.add_row("cycle", f"{config.control.period_s * 1e3:g} ms")
    for name, text in _scada(config.scada):
        table.add_row(name, text)
    record = config.record
    table.add_row(
        "record",
        f"every {record.every_s:g} s, {record.daily_files} daily files, "
        f"trends of {record.trend_days} days"
        + (f", {record.quota.human_readable(decimal=True)}" if record.quota else ""),
    )
    simulated = "simulated by this program" if config.simulation else "real devices"
    table.add_row("field", simulated)
    for kind, text in named(configuration):
        table.add_row(kind, text)
    for version in parameters.holding(plant.name):
        table.add_row("changed", f"{version}; {parameters.path(version)}")
    console.print(table)
    console.print(_devices(configuration))
    console.print(_functions(configuration))
    for table in conformity(configuration):
        console.print(table)
    for remark in advice(configuration):
        console.print(f"[yellow]remark:[/yellow] {remark}", soft_wrap=True)
    console.print(f"{configuration.path}: [green]no errors[/green]", soft_wrap=True)


def _scada(scada: ScadaSection) -> Iterator[tuple[str, str]]:
    """Where SCADA finds us, and who orders."""
    where = "Modbus at " + ", ".join(way.place for way in scada.ways_in)
    if not scada.sources:
        left = f"{scada.heartbeat_timeout_s:g} s after the heartbeat stops"
        yield "SCADA", f"{where}, station {scada.station}; orders expire {left}"
        return
    yield "SCADA", where
    for rank, source in enumerate(scada.sources, 1):
        timeout_s = source.heartbeat_timeout_s or scada.heartbeat_timeout_s
        left = f"they expire {timeout_s:g} s after the heartbeat stops"
        yield f"orders, {rank}", f"{source.name}: {source.known_by}; {left}"


def _devices(configuration: Configuration) -> Table:
    table = listing(
        *("device", "part", "profile", "at", "station", "rating"), wrap="rating"
    )
    ratings = configuration.ratings
    for name, device in configuration.plant.devices.items():
        profile = configuration.profiles[device.variant]
        settings = device.connection.settings
        end = [str(settings[k]) for k in ("host", "port", "device") if k in settings]
        rating = _rating(ratings[name]) if name in ratings else ""
        table.add_row(
            name,
            profile.type,
            device.profile,
            ":".join(end),
            str(device.station),
            rating,
        )
    return table


def _rating(rating: UnitRating) -> str:
    scale = scale_for(rating.s_max_va)
    text = f"{rating.s_max_va / scale.divisor:g} {scale.prefix}VA"
    text += f", {rating.p_max_w / scale.divisor:g} {scale.prefix}W"
    if rating.e_max_wh:
        text += f", {rating.e_max_wh / scale.divisor:g} {scale.prefix}Wh"
    return text


def _functions(configuration: Configuration) -> Table:
    table = listing("rank", "function", "settings", wrap="settings")
    for i, (name, settings) in enumerate(configuration.functions, 1):
        shown = ", ".join(
            f"{k}={v}" for k, v in asdict(settings).items() if v is not None
        )
        table.add_row(str(i), name, shown)
    return table
