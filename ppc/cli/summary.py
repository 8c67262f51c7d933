"""`ppc check`, when all is well: the plant at a glance."""

from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from ppc.configuration.loading import Configuration


def show(configuration: Configuration) -> None:
    """Print devices, functions, and where people find us."""
    console = Console()
    plant, config = configuration.plant.plant, configuration.plant
    console.print(
        f"[bold]{plant.name}[/bold]: {plant.v_nominal_v / 1e3:g} kV, "
        f"P {plant.p_min_w / 1e6:g} to {plant.p_max_w / 1e6:g} MW, "
        f"Q ±{plant.q_max_var / 1e6:g} Mvar, cycle {config.control.period_s * 1e3:g} ms"
    )
    console.print(_devices(configuration))
    console.print(_functions(configuration))
    scada = config.scada
    console.print(
        f"SCADA: Modbus TCP {scada.host}:{scada.port}, station {scada.station}; "
        f"orders expire {scada.heartbeat_timeout_s:g} s after the heartbeat stops"
    )
    field = "simulated by this program" if config.simulation else "real devices"
    console.print(f"Field: {field}\n[green]{configuration.path}: no errors[/green]")


def _devices(configuration: Configuration) -> Table:
    table = Table("device", "part", "profile", "at", "S / P / E", title="Devices")
    ratings = configuration.ratings
    for name, device in configuration.plant.devices.items():
        profile = configuration.profiles[device.profile]
        where = device.connection.settings
        at = where.get("device") or f"{where.get('host')}:{where.get('port')}"
        rating = ratings.get(name)
        size = ""
        if rating:
            size = f"{rating.s_max_va / 1e6:g} MVA / {rating.p_max_w / 1e6:g} MW"
            if rating.e_max_wh:
                size += f" / {rating.e_max_wh / 1e6:g} MWh"
        table.add_row(
            name, profile.type, device.profile, f"{at}, station {device.station}", size
        )
    return table


def _functions(configuration: Configuration) -> Table:
    table = Table("rank", "function", "settings", title="Control functions")
    for i, (name, settings) in enumerate(configuration.functions, 1):
        shown = ", ".join(
            f"{k}={v}" for k, v in asdict(settings).items() if v is not None
        )
        table.add_row(str(i), name, shown)
    return table
