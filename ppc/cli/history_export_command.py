"""`ppc history export`: rows of the record as CSV or Parquet."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ppc.cli.history_command import FromOption, ToOption, UtcOption, span_of
from ppc.cli.history_desk import Desk, Done, desk, usage
from ppc.cli.history_list import grouped
from ppc.database.schema import KINDS
from ppc.history.export import Export, NothingFits, Reader
from ppc.history.signals import IN_COLUMNS, USUAL, Wish
from ppc.history.sinks import CsvSink, ParquetSink, Sink


class Format(StrEnum):
    """What a file is written as."""

    CSV = "csv"
    PARQUET = "parquet"


class Every(StrEnum):
    """Lengths of bins."""

    SECOND = "1s"
    MINUTE = "1m"
    QUARTER = "15m"
    HOUR = "1h"


_EVERY_S = {Every.SECOND: 1, Every.MINUTE: 60, Every.QUARTER: 900, Every.HOUR: 3600}


FormatOption = Annotated[
    Format | None, typer.Option("--format", help="Left out: as FILE is called.")
]
EveryOption = Annotated[
    Every | None, typer.Option(help="Averages over this; left out: as recorded.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Left out: CSV to stdout."),
]
DeviceOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="With wildcards; may be given again."),
]
SignalOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="p_w, '*_var' or bess1.soc_pu; again."),
]
TableOption = Annotated[
    list[str] | None,
    typer.Option(help=f"Left out: {', '.join(USUAL)}. Also: {', '.join(KINDS)}."),
]


def export(
    since: FromOption,
    until: ToOption = "now",
    device: DeviceOption = None,
    signal: SignalOption = None,
    table: TableOption = None,
    every: EveryOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
    *,
    long: Annotated[
        bool, typer.Option("--long", help="A row per value, not a column per signal.")
    ] = False,
    utc: UtcOption = False,
) -> None:
    """Write what was recorded into a file: a row per time, a column per signal.

    A value whose quality is not good is left empty; the column `quality` says why.
    """
    form = form or _format_of(output)
    wish = Wish(tuple(table or ()), tuple(device or ()), tuple(signal or ()))
    _check(wish, form, output, every, long=long)
    of = desk()
    every_s = _EVERY_S[every] if every else None
    told = Export(wish=wish, span=span_of(since, until), every_s=every_s, is_long=long)
    reader = Reader(of.directory, told)
    if not of.files():
        of.say_nothing_there()
    rows_count = _write(of, reader, form, output, utc=utc)
    for trouble in reader.troubles.values():
        of.tell(trouble)
    if not rows_count:
        of.remark(f"no rows from {since} to {until}")
    elif output is not None:
        of.remark(f"{output}: {grouped(rows_count)} rows, {len(reader.names)} columns")
    raise typer.Exit(of.code)


def _write(
    of: Desk, reader: Reader, form: Format, output: Path | None, *, utc: bool
) -> int:
    """Returns how many rows; ends the program when it cannot be."""
    try:
        with of.progress("looking for devices", len(reader.files)) as done:
            reader.look(_steps(done))
        with (
            of.progress("exporting", len(reader.files)) as done,
            _sink(reader, form, output, utc=utc) as sink,
        ):
            return reader.write(sink, _steps(done))
    except NothingFits as error:
        usage(f"{error}")
    except ModuleNotFoundError as error:
        usage(f"{error.name} is missing: pip install 'ppc[parquet]'")
    except BrokenPipeError:
        raise
    except OSError as error:
        usage(f"{error.filename or output}: {error.strerror}")


@contextmanager
def _sink(
    reader: Reader, form: Format, output: Path | None, *, utc: bool
) -> Iterator[Sink]:
    """Where rows go; a file has its name only when it is whole."""
    if output is None:
        yield CsvSink(sys.stdout, reader.names, utc=utc)
        return
    part = output.with_name(f".{output.name}.part")
    with ExitStack() as stack:
        stack.callback(part.unlink, missing_ok=True)
        sink: Sink
        if form is Format.PARQUET:
            sink = ParquetSink(part, reader.names, reader.types)
        else:
            file = stack.enter_context(part.open("w", encoding="utf-8", newline=""))
            sink = CsvSink(file, reader.names, utc=utc)
        try:
            yield sink
        finally:
            sink.close()
        if form is Format.CSV:
            file.flush()
        part.replace(output)


def _steps(done: Done) -> Done:
    """From how far it is to how much further it is."""
    reached = 0.0

    def tell(now: float) -> None:
        nonlocal reached
        done(now - reached)
        reached = now

    return tell


def _format_of(output: Path | None) -> Format:
    if output is not None and output.suffix == ".parquet":
        return Format.PARQUET
    return Format.CSV


def _check(
    wish: Wish, form: Format, output: Path | None, every: Every | None, *, long: bool
) -> None:
    """End the program when what was asked for does not go together."""
    for name in wish.tables:
        if name not in KINDS:
            usage(f"{name} is no table: {', '.join(KINDS)}")
    if wish.is_list:
        if len(wish.tables) > 1:
            usage(f"only {', '.join(IN_COLUMNS)} go together in one file")
        if every or long or wish.signals:
            usage(
                f"{wish.tables[0]} is a list of what happened: no --every, --long, "
                "--signal"
            )
    if form is Format.PARQUET and output is None:
        usage("Parquet needs a file: -o FILE")
