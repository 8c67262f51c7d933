"""The command line: `ppc run`, `explain`, `set`, `check`, `map`, `bench`, ..."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ppc.cli import (
    explain_command,
    fault_command,
    forward_command,
    history,
    map_command,
    metrics_command,
    new_profile_command,
    probe_command,
    profile_command,
    read_command,
    run_command,
    scan_command,
    set_command,
    simulate_command,
    sniff_command,
    summary,
    watch_command,
    write_command,
)
from ppc.cli.entry import (
    BAD_CONFIGURATION,
    ConfigOption,
    configured,
    console_of,
    refuse,
)
from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import Configuration
from ppc.configuration.machine import Machine, read_machine
from ppc.configuration.parameters import Parameters, load_over
from ppc.configuration.parameters import read as read_parameters

app = typer.Typer(
    name="ppc",
    help="An open power-plant controller, from registers to registers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

PlanOption = Annotated[
    Path | None,
    typer.Option("--faults", metavar="FILE", help="What goes wrong, and when."),
]
CasesOption = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="Names of cases; may be given again."),
]
ReportOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write one HTML page.")
]
FiguresOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write all figures.")
]
JobsOption = Annotated[
    int | None, typer.Option(min=1, help="Cases at once; left out: all processors.")
]
FolderOption = Annotated[
    Path | None, typer.Option(help="The cases; left out: bench/ of the project.")
]
TargetOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Another controller, over Modbus, in real time."),
]
ListOption = Annotated[bool, typer.Option("--list", help="Only name the cases.")]
LongOption = Annotated[
    bool, typer.Option("--long", help="Run those that take minutes, too.")
]
ForOption = Annotated[
    float | None,
    typer.Option("--for", min=0.0, help="Seconds to run; left out: until Ctrl-C."),
]


@app.command(epilog="Example: ppc run --config config/plant.yaml --for 60")
def run(config: ConfigOption = None, seconds: ForOption = None) -> None:
    """Control the plant; with a `simulation:` section, serve its field as well."""
    machine, configuration, parameters = _read_over(config)
    raise typer.Exit(run_command.run(configuration, machine, seconds, parameters))


@app.command(epilog="Example: ppc simulate --config config/plant.yaml")
def simulate(
    config: ConfigOption = None,
    seconds: ForOption = None,
    plan: PlanOption = None,
    *,
    attached: Annotated[
        bool, typer.Option("--attached", hidden=True, help="End with standard input.")
    ] = False,
) -> None:
    """Serve only the simulated field, for this controller or any other."""
    machine, configuration = configured(config)
    try:
        faults = simulate_command.fault_plan(configuration, plan)
    except ConfigurationError as error:
        refuse(error)
    raise typer.Exit(
        simulate_command.simulate(
            configuration, seconds, machine.db_dir, faults=faults, attached=attached
        )
    )


@app.command(epilog="Example: ppc explain")
def explain(
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Only of the controller that runs this file."),
    ] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="The whole status as one JSON object.")
    ] = False,
) -> None:
    """Say why the plant that runs does what it does. PPC_DB_DIR says which."""
    try:
        machine = read_machine()
    except ConfigurationError as error:
        refuse(error)
    raise typer.Exit(
        explain_command.explain(
            machine.db_dir, config, console_of(machine), as_json=as_json
        )
    )


@app.command(
    name="set", epilog='Example: ppc set power_limit.rate_w_per_s=1e6 --say "test 7"'
)
def set_(
    what: set_command.WhatArgument = None,
    say: set_command.SayOption = "",
    revert: set_command.RevertOption = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Only of the controller that runs this file."),
    ] = None,
    *,
    only_list: set_command.ListOption = False,
    history: set_command.HistoryOption = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="As one JSON object.")
    ] = False,
) -> None:
    """Change settings of control functions while the plant runs, and for good."""
    try:
        machine = read_machine()
        desk = set_command.SetCommand(
            machine.db_dir, config, machine.plant_file, console_of(machine), as_json
        )
        if history:
            code = desk.history()
        elif only_list:
            code = desk.listing(what or [])
        elif revert is not None:
            code = desk.revert(revert, say)
        else:
            code = desk.set(what or [], say)
    except ConfigurationError as error:
        refuse(error)
    raise typer.Exit(code)


@app.command(epilog="Example: ppc check --config config/plant.yaml")
def check(config: ConfigOption = None) -> None:
    """Check the whole configuration: every error at once, or a summary."""
    machine, configuration, parameters = _read_over(config)
    summary.show(configuration, parameters, console_of(machine))


@app.command(name="map", epilog="Example: ppc map --format csv > map.csv")
def map_(
    config: ConfigOption = None,
    form: map_command.FormatOption = map_command.Format.TABLE,
    *,
    as_json: map_command.JsonOption = False,
) -> None:
    """Show the registers SCADA reads and writes."""
    machine, configuration = configured(config)
    told = map_command.Format.JSON if as_json else form
    map_command.show(configuration, console_of(machine), told)


@app.command(epilog="Example: ppc bench --case 'energinet/*' --report report.html")
def bench(
    case: CasesOption = None,
    report: ReportOption = None,
    figures: FiguresOption = None,
    jobs: JobsOption = None,
    folder: FolderOption = None,
    target: TargetOption = None,
    *,
    only_list: ListOption = False,
    long: LongOption = False,
) -> None:
    """Try the controller on simulated plants against the cases of grid codes."""
    try:
        from ppc.cli import bench_command  # noqa: PLC0415 (an extra: it may be absent)
    except ModuleNotFoundError as error:
        sys.stderr.write(f"{error.name} is missing: pip install 'ppc[simulation]'\n")
        raise typer.Exit(BAD_CONFIGURATION) from None
    try:
        code = bench_command.bench(
            case or ["*"],
            folder=folder or bench_command.FOLDER,
            report=report,
            figures=figures,
            jobs=jobs,
            only_list=only_list,
            target=target,
            long=long,
        )
    except ConfigurationError as error:
        refuse(error)
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        raise typer.Exit(BAD_CONFIGURATION) from None
    raise typer.Exit(code)


app.command(epilog="Example: ppc scan 192.0.2.14:502 --units 1-10")(scan_command.scan)
app.command(epilog="Example: ppc read bess1 p_w soc_pu")(read_command.read)
app.command(epilog="Example: ppc write pv1 p_set_w 5e5")(write_command.write)
app.command(epilog="Example: ppc sniff /dev/ttyUSB0 --profile eastron_sdm")(
    sniff_command.sniff
)
app.command(epilog="Example: ppc probe --signs --report plant.html")(
    probe_command.probe
)
app.command(epilog="Example: ppc watch poi --every 0.5")(watch_command.watch)
app.command(epilog="Example: ppc metrics")(metrics_command.metrics)
app.command(epilog="Example: ppc forward")(forward_command.forward)

faults = typer.Typer(
    help="Put faults into a simulated field that runs.", no_args_is_help=True
)
app.add_typer(faults, name="fault")
app.add_typer(profile_command.app, name="profile")
app.add_typer(history.app, name="history")
profile_command.app.command(epilog="Example: ppc profile new table.csv -o mine.yaml")(
    new_profile_command.new
)


@faults.command(name="list", epilog="Example: ppc fault list --kinds")
def fault_list(
    config: ConfigOption = None, *, kinds: fault_command.KindsOption = False
) -> None:
    """Show the faults in force."""
    raise typer.Exit(fault_command.listing(configured(config)[1], kinds=kinds))


@faults.command(
    name="add", epilog="Example: ppc fault add half_open --device poi --for 5"
)
def fault_add(
    kind: fault_command.KindArgument,
    device: fault_command.DeviceOption = None,
    lasts_s: fault_command.LastsOption = None,
    param: fault_command.ParameterOption = None,
    config: ConfigOption = None,
) -> None:
    """Put a fault into force now."""
    configuration = configured(config)[1]
    raise typer.Exit(
        fault_command.add(configuration, kind, device, lasts_s, param or ())
    )


@faults.command(name="clear", epilog="Example: ppc fault clear 3")
def fault_clear(
    number: fault_command.NumberArgument = None, config: ConfigOption = None
) -> None:
    """Take back one fault, or all."""
    raise typer.Exit(fault_command.clear(configured(config)[1], number))


def _read_over(config: Path | None) -> tuple[Machine, Configuration, Parameters]:
    """The same with what was changed while the plant ran."""
    try:
        machine = read_machine()
        parameters = read_parameters(machine.db_dir)
        configuration = load_over(config or machine.plant_file, parameters)
    except ConfigurationError as error:
        refuse(error)
    return machine, configuration, parameters


if __name__ == "__main__":
    app(prog_name="ppc")
