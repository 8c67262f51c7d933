"""`ppc history`: its commands, together."""

import typer

from ppc.cli.history_command import check, events, list_
from ppc.cli.history_copy_command import backup, load_day, rebuild_trend
from ppc.cli.history_energy_command import energy
from ppc.cli.history_export_command import export

app = typer.Typer(
    help="The record: list, export, copy and check what was written down.",
    no_args_is_help=True,
)
app.command(name="list", epilog="Example: ppc history list --last 31")(list_)
app.command(
    epilog="Example: ppc history export --from yesterday --every 1m -o yesterday.csv"
)(export)
app.command(epilog="Example: ppc history events --from -3d --severity warning")(events)
app.command(epilog="Example: ppc history energy --by month")(energy)
app.command(epilog="Example: ppc history check 2026-11-21")(check)
app.command(epilog="Example: ppc history backup /mnt/nas/plant --days 31")(backup)
app.command(name="load", epilog="Example: ppc history load 2026-11-21")(load_day)
app.command(name="rebuild-trend", epilog="Example: ppc history rebuild-trend")(
    rebuild_trend
)
