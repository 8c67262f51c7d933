"""One screen that says how the plant is: drawn from lines of JSON on standard input.

A process of its own; it ends when its input does, and leaves the terminal as it was.
"""

import json
import signal
import sys
import time
from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

Status = Mapping[str, Any]

_BAR = 10
_STATE_STYLES = {
    "running": "bold green",
    "limited": "bold yellow",
    "starting": "bold cyan",
    "stopping": "bold cyan",
}


def render(status: Status, lines: list[str], *, height: int) -> RenderableType:
    """The whole screen, not higher than `height` lines."""
    units = status["units"]
    room = height - 13 - len(units)
    parts: list[RenderableType] = [_header(status), _poi(status), _why(status)]
    parts += [_functions(status), _units(units), _cycle(status)]
    if room > 0 and lines:
        shown = "\n".join(lines[-min(room, 8) :])
        parts.append(Text(shown, style="dim", no_wrap=True, overflow="ellipsis"))
    return Group(*parts)


def _header(status: Status) -> RenderableType:
    clock = time.strftime("%H:%M:%S", time.localtime(status["wall_s"]))
    state = status["state"]
    title = Text.assemble(
        (f" {status['plant']} ", "bold"),
        (f" {state.upper()} ", _STATE_STYLES.get(state, "bold red")),
        f" {clock}",
        no_wrap=True,
    )
    return Panel(title, height=3)


def _poi(status: Status) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for name, key, unit, full in (
        ("P", "p", "MW", status["p_max_w"]),
        ("Q", "q", "Mvar", status["q_max_var"]),
    ):
        suffix = "w" if key == "p" else "var"
        value = status[f"{key}_{suffix}"]
        table.add_row(
            f" {name}",
            Text(_mega(value, unit), "bold"),
            _both_ways(value, full),
            f"aim {_mega(status[f'{key}_active_{suffix}'], unit)}",
            _order(status[f"{key}_order_{suffix}"], 1e6, unit),
        )
    v_v, f_hz = status["v_v"], status["f_hz"]
    v_pu = None if v_v is None else v_v / status["v_nominal_v"]
    table.add_row(
        " U",
        Text("—" if v_v is None else f"{v_v / 1e3:8.3f} kV", "bold"),
        _both_ways(None if v_pu is None else v_pu - 1.0, 0.05),
        "" if v_pu is None else f"    {v_pu:.4f} pu",
        _order(status["v_order_pu"], 1.0, "pu"),
    )
    frequency = "—" if f_hz is None else f"{f_hz:8.3f} Hz"
    age = f"age {_milli(status['poi_age_s'])}"
    table.add_row(" f", Text(frequency, "bold"), "", age, "")
    return table


def _why(status: Status) -> RenderableType:
    text = Text(" limits  ", no_wrap=True, overflow="ellipsis")
    for axis, short in (("p", "p_shortfall_w"), ("q", "q_shortfall_var")):
        by = status[f"{axis}_limited_by"]
        text.append(f"{axis.upper()}: ")
        text.append(by or "nothing", "bold yellow" if by else "green")
        if by and abs(status[short]) > 1e3:  # noqa: PLR2004
            text.append(f" (short {_mega(status[short], '').strip()} M)")
        text.append("   ")
    return text


def _functions(status: Status) -> RenderableType:
    text = Text(" modes   ", no_wrap=True, overflow="ellipsis")
    for name, mode in status["functions"]:
        text.append(f"{name} ")
        text.append(f"{mode}  ", "bold red" if mode in _WORRIES else "bold")
    return text


_WORRIES = {"error", "fallback", "hold", "blind", "lost", "meter_lost", "blocked"}


def _units(units: list[Status]) -> RenderableType:
    table = Table(box=None, padding=(0, 0, 0, 1), header_style="dim")
    for name in ("unit", "state"):
        table.add_column(name, no_wrap=True)
    for name in ("P MW", "set", "Q Mvar", "set", "can give", "SOC", "age"):
        table.add_column(name, justify="right", no_wrap=True)
    for unit in units:
        style = "" if unit["in_service"] else "dim red"
        low_w = unit["p_available_min_w"]
        table.add_row(
            unit["name"],
            unit["state"] if unit["in_service"] else f"{unit['state']}, out",
            _number(unit["p_w"]),
            _number(unit["p_set_w"]),
            _number(unit["q_var"]),
            _number(unit["q_set_var"]),
            _range(low_w, unit["p_available_w"]),
            _bar(unit["soc_pu"]),
            _milli(unit["age_s"]),
            style=style,
        )
    return table


def _cycle(status: Status) -> RenderableType:
    cycle = status["cycle"]
    left_s = status["scada_orders_left_s"]
    orders = "no orders" if left_s is None else f"orders for {left_s:.0f} s"
    return Text(
        f" cycle   {_milli(cycle['period_s'])}, late {_milli(cycle['late_p50_s'])}"
        f" (most {_milli(cycle['late_max_s'])}), acknowledged"
        f" {_milli(cycle['acknowledged_p50_s'])}, meter in time"
        f" {100 * cycle['meter_in_time_pu']:.0f} %\n"
        f"         missed {cycle['missed_count']},"
        f" incomplete {cycle['incomplete_count']} of {cycle['cycles_count']};"
        f" SCADA {status['scada_clients_count']} clients, {orders};"
        f" rows dropped {status['record_dropped_count']}",
        no_wrap=True,
        overflow="ellipsis",
    )


def _mega(value: float | None, unit: str) -> str:
    return "—" if value is None else f"{value / 1e6:8.3f} {unit}"


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value / 1e6:.2f}"


def _range(low: float | None, high: float | None) -> str:
    return _number(high) if low is None else f"{_number(low)}…{_number(high)}"


def _milli(value_s: float | None) -> str:
    if value_s is None:
        return "—"
    return f"{value_s * 1e3:.1f} ms" if value_s < 1.0 else f"{value_s:.1f} s"


def _order(value: float | None, scale: float, unit: str) -> str:
    return "no order" if value is None else f"order {value / scale:g} {unit}"


def _both_ways(value: float | None, full: float) -> Text:
    """A bar from the middle: left negative, right positive."""
    if value is None:
        return Text(" " * (2 * _BAR + 1))
    cells = round(min(abs(value) / full, 1.0) * _BAR)
    left, right = (cells, 0) if value < 0 else (0, cells)
    return Text.assemble(
        " " * (_BAR - left), ("█" * left, "cyan"), "│", ("█" * right, "green"),
        " " * (_BAR - right),
    )  # fmt: skip


def _bar(part: float | None) -> str:
    if part is None:
        return ""
    full = round(part * 4)
    return "█" * full + "░" * (4 - full) + f"{100 * part:5.1f} %"


def main() -> None:
    """Draw every line of standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the controller stops in order first
    console = Console()
    with Live(console=console, screen=True, auto_refresh=False) as live:
        for line in sys.stdin:
            news = json.loads(line)
            live.update(
                render(news["status"], news["lines"], height=console.height),
                refresh=True,
            )


if __name__ == "__main__":
    main()
