"""`ppc map`: the registers SCADA sees."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from ppc.cli.listing import listing
from ppc.configuration.loading import Configuration
from ppc.configuration.scada import ScadaSection

_FIRST = {"big": "most significant", "little": "least significant"}


def show(configuration: Configuration, console: Console, *, as_json: bool) -> None:
    """Print the map as a table, or as one JSON object and nothing else."""
    scada, northbound = configuration.plant.scada, configuration.northbound
    registers = [
        {
            "key": register.key.value,
            "address": register.address,
            "count": register.count,
            "type": register.type.value,
            "word_order": register.word_order or northbound.word_order,
            "scale": register.scale,
            "unit": register.unit,
            "access": register.access,
            "meaning": register.meaning,
        }
        for register in sorted(northbound.registers, key=lambda r: r.address)
    ]
    if as_json:
        head: dict[str, Any] = {
            "host": scada.ways_in[0].host,
            "port": scada.ways_in[0].port,
            "station": scada.first_unit,
        }
        sources = [
            {"name": s.name, "unit": s.unit, "keys": sorted(s.allowed)}
            for s in scada.sources
        ]
        head |= {"sources": sources} if sources else {}
        sys.stdout.write(json.dumps({**head, "registers": registers}, indent=1) + "\n")
        return
    console.print(
        f"Modbus at {_ways(scada)}, {_stations(scada)}. Addresses "
        "from 0, both register tables alike; value = raw number * scale; of 32-bit "
        f"values the {_FIRST[northbound.word_order]} word first where nothing else is "
        "said."
    )
    console.print(_table(registers, northbound.word_order))


def _ways(scada: ScadaSection) -> str:
    return ", ".join(way.place for way in scada.ways_in)


def _stations(scada: ScadaSection) -> str:
    """Who finds us at which unit id."""
    if not scada.sources:
        return f"station {scada.station}"
    return "; ".join(f"{s.known_by} for {s.name}" for s in scada.sources)


def _table(registers: Sequence[Mapping[str, Any]], word_order: str) -> Table:
    table = listing(
        *("address", "key", "type", "unit", "access", "meaning"), wrap="meaning"
    )
    for register in registers:
        kind = register["type"]
        if register["scale"] != 1.0:
            kind += f" * {register['scale']:g}"
        if register["word_order"] != word_order:
            kind += f" {register['word_order']}"
        shown = (register[name] for name in ("unit", "access", "meaning"))
        table.add_row(str(register["address"]), register["key"], kind, *shown)
    return table
