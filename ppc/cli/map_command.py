"""`ppc map`: the registers SCADA sees."""

import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ppc.adapter.northbound.published import Published
from ppc.application.scada_segments import all_registers, registers
from ppc.cli.listing import listing
from ppc.cli.map_formats import FILES
from ppc.configuration.loading import Configuration
from ppc.configuration.scada import ScadaSection

_FIRST = {"big": "most significant", "little": "least significant"}


class Format(StrEnum):
    """How the map is told."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MD = "md"
    KEPWARE = "kepware"
    TELEGRAF = "telegraf"


FormatOption = Annotated[
    Format, typer.Option("--format", help="Also for Kepware and for Telegraf.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="As one JSON object.")]


def show(configuration: Configuration, console: Console, form: Format) -> None:
    """Print the map as a table, or as a file of that form and nothing else."""
    if form is Format.TABLE:
        _print(configuration, console)
    elif form is Format.JSON:
        sys.stdout.write(json.dumps(_object(configuration), indent=1) + "\n")
    else:
        everything = all_registers(configuration)
        sys.stdout.write(FILES[form](everything, _head(configuration)))


def _head(configuration: Configuration) -> dict[str, Any]:
    scada = configuration.plant.scada
    head: dict[str, Any] = {
        "plant": configuration.plant.plant.name,
        "version": configuration.northbound.version,
        "host": scada.ways_in[0].host,
        "port": scada.ways_in[0].port,
        "station": scada.first_unit,
    }
    sources = [
        {"name": s.name, "unit": s.unit, "keys": sorted(s.allowed)}
        for s in scada.sources
    ]
    return head | ({"sources": sources} if sources else {})


def _object(configuration: Configuration) -> dict[str, Any]:
    """`registers`: all but the images; `images`: by name."""
    plain = [_entry(r) for r in registers(configuration)]
    images = {
        image.name: [
            _entry(r) for r in all_registers(configuration) if r.block == image.name
        ]
        for image in configuration.northbound.images
    }
    return {**_head(configuration), "registers": plain, "images": images}


def _entry(register: Published) -> Mapping[str, Any]:
    return {
        "key": register.name,
        "address": register.address,
        "count": register.size,
        "type": register.type.value,
        "word_order": register.word_order,
        "scale": register.scale,
        "unit": register.unit,
        "access": register.access,
        "meaning": register.meaning,
        "block": register.block,
    }


def _print(configuration: Configuration, console: Console) -> None:
    scada, northbound = configuration.plant.scada, configuration.northbound
    console.print(
        f"Modbus at {_ways(scada)}, {_stations(scada)}. Addresses "
        "from 0, both register tables alike; value = raw number * scale; of 32-bit "
        f"values the {_FIRST[northbound.word_order]} word first where nothing else is "
        "said."
    )
    for image in northbound.images:
        console.print(
            f"Once more {image.address} further on, without floats: {image.name} "
            "(ppc map --format csv)."
        )
    console.print(_table(registers(configuration), northbound.word_order))


def _ways(scada: ScadaSection) -> str:
    return ", ".join(way.place for way in scada.ways_in)


def _stations(scada: ScadaSection) -> str:
    """Who finds us at which unit id."""
    if not scada.sources:
        return f"station {scada.station}"
    return "; ".join(f"{s.known_by} for {s.name}" for s in scada.sources)


def _table(shown: Sequence[Published], word_order: str) -> Table:
    table = listing(
        *("address", "key", "type", "unit", "access", "meaning"), wrap="meaning"
    )
    for register in sorted(shown, key=lambda r: r.address):
        kind = register.type.value
        if register.scale != 1.0:
            kind += f" * {register.scale:g}"
        if register.word_order != word_order:
            kind += f" {register.word_order}"
        table.add_row(
            *(str(register.address), register.name, kind),
            *(register.unit, register.access, register.meaning),
        )
    return table
