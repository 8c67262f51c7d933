"""`ppc map`: the registers SCADA sees."""

import json
import sys

from rich.console import Console
from rich.table import Table

from ppc.configuration.loading import Configuration


def show(configuration: Configuration, *, as_json: bool) -> None:
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
        head = {"host": scada.host, "port": scada.port, "station": scada.station}
        sys.stdout.write(json.dumps({**head, "registers": registers}, indent=1) + "\n")
        return
    table = Table(
        title=f"Modbus TCP {scada.host}:{scada.port}, station {scada.station}; "
        "addresses from 0, both register tables alike"
    )
    for column in registers[0]:
        table.add_column(column, no_wrap=column != "meaning")
    for row in registers:
        table.add_row(*map(str, row.values()))
    Console().print(table)
