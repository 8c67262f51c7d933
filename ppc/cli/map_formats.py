"""The registers SCADA sees, as files for other programs.

Sources: columns of Kepware's tag file, www.kepware.com/Products/feature-csvimportexport
and many public exports with the same head; addresses and types of its Modbus driver
from memory. Telegraf: plugins/inputs/modbus/README.md, github.com/influxdata/telegraf.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ppc.adapter.northbound.published import Published
from ppc.adapter.register_type import RegisterType as R

HEAD = (
    *("block", "name", "address", "registers", "type", "word_order", "scale", "unit"),
    *("access", "meaning"),
)
_KEPWARE_HEAD = (
    *("Tag Name", "Address", "Data Type", "Respect Data Type", "Client Access"),
    *("Scan Rate", "Scaling", "Raw Low", "Raw High", "Scaled Low", "Scaled High"),
    *("Scaled Data Type", "Clamp Low", "Clamp High", "Eng Units", "Description"),
    "Negate Value",
)
_KEPWARE_TYPES = {
    R.U16: "Word", R.S16: "Short", R.U32: "DWord", R.S32: "Long", R.U64: "QWord",
    R.F32: "Float", R.F64: "Double", R.TEXT: "String",
}  # fmt: skip
_KEPWARE_FIRST = 400001
_PLAIN = {"map", "units", "commands", "curves"}
"""Blocks whose names are one another's; a point in a tag's name makes a group."""
_SCAN_MS = 1000
_SPAN = 1000
"""Raw numbers 0 to this are a straight line: Kepware scales by two points."""

_TELEGRAF_TYPES = {
    R.U16: "UINT16", R.S16: "INT16", R.U32: "UINT32", R.S32: "INT32",
    R.U64: "UINT64", R.F32: "FLOAT32", R.F64: "FLOAT64",
}  # fmt: skip
_ORDERS = {("big", 1): "AB", ("little", 1): "AB", ("big", 2): "ABCD",
           ("little", 2): "CDAB", ("big", 4): "ABCDEFGH", ("little", 4): "GHEFCDAB",
           }  # fmt: skip


def rows(registers: Iterable[Published]) -> list[tuple[Any, ...]]:
    """By address, in the columns of HEAD."""
    return [
        (
            *(r.block, r.name, r.address, r.size, r.type.value, r.word_order),
            *(f"{r.scale:g}", r.unit, r.access, r.meaning),
        )
        for r in sorted(registers, key=lambda r: r.address)
    ]


def as_csv(registers: Sequence[Published], _: Mapping[str, Any]) -> str:
    """One line for each register."""
    return _csv(HEAD, rows(registers))


def as_markdown(registers: Sequence[Published], _: Mapping[str, Any]) -> str:
    """One table."""
    lines = [HEAD, ("---",) * len(HEAD), *rows(registers)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def as_kepware(registers: Sequence[Published], _: Mapping[str, Any]) -> str:
    """Tags of one device of Kepware's Modbus TCP driver. Its settings "First Word Low"
    and "Zero-Based Addressing" must be: as the map's word order, and disabled.
    """
    return _csv(_KEPWARE_HEAD, [_kepware(r) for r in registers])


def _kepware(r: Published) -> tuple[Any, ...]:
    address = str(_KEPWARE_FIRST + r.address)
    if r.type is R.TEXT:
        address += f".{2 * r.size}H"
    scaling: tuple[Any, ...] = ("",) * 8
    if r.scale != 1.0:
        scaling = ("Linear", 0, _SPAN, 0, f"{_SPAN * r.scale:g}", "Double", 0, 0)
    access = "R/W" if r.access == "rw" else "RO"
    tag = r.name if r.block in _PLAIN else f"{r.block}.{r.name}"
    kind = _KEPWARE_TYPES[r.type]
    return (tag, address, kind, 1, access, _SCAN_MS, *scaling, r.unit, r.meaning, "")


def as_telegraf(registers: Sequence[Published], head: Mapping[str, Any]) -> str:
    """A piece of telegraf.conf that reads all numbers."""
    lines = [
        "[[inputs.modbus]]",
        f"  name = {json.dumps(head['plant'])}",
        f'  controller = "tcp://{head["host"]}:{head["port"]}"',
        f"  slave_id = {head['station']}",
        '  configuration_type = "register"',
        "  holding_registers = [",
        *(_telegraf(r) for r in registers if r.type is not R.TEXT),
        "  ]",
    ]
    return "\n".join(lines) + "\n"


def _telegraf(r: Published) -> str:
    addresses = ", ".join(str(r.address + i) for i in range(r.size))
    order, kind = _ORDERS[r.word_order, r.size], _TELEGRAF_TYPES[r.type]
    return (
        f"    {{ measurement = {json.dumps(r.block)}, name = {json.dumps(r.name)}, "
        f'byte_order = "{order}", data_type = "{kind}", '
        f"scale = {r.scale:.10f}, address = [{addresses}] }},"
    )


def _csv(head: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
    return out.getvalue()


Writer = Callable[[Sequence[Published], Mapping[str, Any]], str]
FILES: Mapping[str, Writer] = {
    "csv": as_csv,
    "md": as_markdown,
    "kepware": as_kepware,
    "telegraf": as_telegraf,
}
"""By the name of the format."""
