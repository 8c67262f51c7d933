"""One screen that says how the plant is: a status as lines of text."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from ppc.cli.figures import DASH, Bar, Scale, duration, percent, scale_for

Status = Mapping[str, Any]
LogLine = Sequence[str]
"""Level and text."""

LEAST_LOG, LEAST_UNITS = 5, 2
_DIM, _HEAD, _ALARM, _WARN, _GOOD = "dim", "dim italic", "bold red", "yellow", "green"
_STATES = {
    "running": "bold black on green",
    "limited": "bold black on yellow",
    "starting": "bold black on cyan",
    "stopping": "bold black on cyan",
    "testing": "bold black on magenta",
}
_WORRIES = {
    *("error", "hold", "blind", "lost", "fallback", "degraded", "blocked"),
    *("implausible", "doubtful", "missing", "meters_differ", "second_meter", "testing"),
}
"""Modes of a function that an operator should see at a glance."""
_LEVELS = {"WARNING": _WARN, "ERROR": _ALARM, "CRITICAL": _ALARM}


def draw(status: Status, log: Sequence[LogLine], *, width: int, height: int) -> Text:
    """The whole screen: at most `height` lines, none longer than `width`."""
    top = [_header(status, width), *_poi(status, width), _limits(status)]
    top += _functions(status["functions"], width)
    below = list(_controller(status))
    spare = height - len(top) - len(below) - LEAST_LOG - len(status["units"]) - 1
    top += _reasons(status["explanation"]["verdicts"], spare)
    room = max(height - len(top) - len(below) - LEAST_LOG, LEAST_UNITS)
    lines = [*top, *_units(status, width, room), *below]
    rest = height - len(lines)
    lines += [_log_line(line) for line in log[-rest:]] if rest > 0 else []
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return Text("\n").join(lines[:height])


def _header(status: Status, width: int) -> Text:
    clock = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(status["wall_s"]))
    state = status["state"]
    line = Text.assemble(
        (f" {status['plant']}  ", "bold"),
        (f" {state.upper()} ", _STATES.get(state, "bold white on red")),
        ("" if status["cycle"]["realtime"] else "  no real-time priority", _WARN),
    )
    line.truncate(max(width - len(clock) - 2, 0), pad=True)
    return line.append(f" {clock} ", _DIM)


def _poi(status: Status, width: int) -> Iterator[Text]:
    """Measured, aimed at and ordered, for P, Q, U and f."""
    size = max(width - 48, 8)
    scale = scale_for(status["p_max_w"])
    pu = Scale(status["v_nominal_v"], "pu", 4)
    f_nominal_hz = 60.0 if (status["f_hz"] or 50.0) > 55.0 else 50.0  # noqa: PLR2004
    yield Text(f"{'measured':>12}{'':{size + 8}}{'aim':>14}{'ordered':>13}", _HEAD)
    yield _quantity(
        ("P", scale.show(status["p_w"]), f"{scale.prefix}W"),
        Bar(status["p_min_w"], status["p_max_w"], size),
        (status["p_w"], status["p_active_w"]),
        (scale.show(status["p_active_w"]), scale.show(status["p_order_w"])),
    )
    yield _quantity(
        ("Q", scale.show(status["q_var"]), f"{scale.prefix}var"),
        Bar(-status["q_max_var"], status["q_max_var"], size),
        (status["q_var"], status["q_active_var"]),
        (scale.show(status["q_active_var"]), scale.show(status["q_order_var"])),
    )
    order_pu = status["v_order_pu"]
    v_v = status["v_v"]
    yield _quantity(
        ("U", Scale(1e3, "k", 3).show(v_v), "kV"),
        Bar(0.9, 1.1, size, zero=1.0),
        (None if v_v is None else v_v / status["v_nominal_v"], order_pu),
        (f"{pu.show(v_v)} pu", DASH if order_pu is None else f"{order_pu:.4f} pu"),
    )
    yield _quantity(
        ("f", Scale(1.0, "", 3).show(status["f_hz"]), "Hz"),
        Bar(f_nominal_hz - 0.5, f_nominal_hz + 0.5, size, zero=f_nominal_hz),
        (status["f_hz"], None),
        (f"meter {duration(status['poi_age_s'])}", ""),
    )


def _quantity(
    name_value_unit: tuple[str, str, str],
    bar: Bar,
    value_mark: tuple[float | None, float | None],
    aim_order: tuple[str, str],
) -> Text:
    name, value, unit = name_value_unit
    aim, order = aim_order
    return Text.assemble(
        (f" {name}", "bold"), (f"{value:>10}", "bold"), f" {unit:<5}",
        bar.draw(*value_mark), f"{aim:>14}", (f"{order:>13}", _DIM),
    )  # fmt: skip


def _limits(status: Status) -> Text:
    line = Text.assemble((" limits    ", _HEAD))
    scale = scale_for(status["p_max_w"])
    for name, short, unit in (
        ("p", "p_shortfall_w", "W"),
        ("q", "q_shortfall_var", "var"),
    ):
        by, missing = status[f"{name}_limited_by"], scale.show(abs(status[short]))
        line.append(f"{name.upper()}: ").append(by or "nothing", _WARN if by else _GOOD)
        if by and float(missing):
            line.append(f", short of {missing} {scale.prefix}{unit}", _WARN)
        line.append("    ")
    return line


def _functions(functions: Sequence[Sequence[str]], width: int) -> list[Text]:
    """Name and mode of each, in order, on as many lines as it takes."""
    lines = [Text.assemble((" functions", _HEAD))]
    gap = " "
    for name, mode in functions:
        if lines[-1].cell_len + len(f"{gap}{name} {mode}") > width:
            lines.append(Text(" " * 10))
            gap = " "
        style = _ALARM if mode in _WORRIES else _GOOD
        lines[-1].append(f"{gap}{name} ").append(mode, style)
        gap = "  "
    return lines


def _reasons(verdicts: Sequence[Status], room: int) -> list[Text]:
    """A line for each function that changed something, where there is room for all."""
    lines = [
        Text.assemble(
            (" why       ", _HEAD), f"{v['function']}: {'; '.join(v['says'])}"
        )
        for v in verdicts
        if v["says"]
    ]
    return lines if len(lines) <= room else []


def _units(status: Status, width: int, room: int) -> Iterator[Text]:
    """One line each; where they do not fit, those with trouble first."""
    units = status["units"]
    largest_w = max((unit["s_max_va"] for unit in units), default=0.0)
    scale = scale_for(largest_w, signs=6)
    hidden = 0
    if len(units) + 1 > room:
        units = sorted(units, key=lambda unit: unit["in_service"])[: room - 2]
        hidden = len(status["units"]) - len(units)
    head = f" {'unit':<9}{'state':<8}{'P ' + scale.prefix + 'W':>7}{'set':>7}"
    head += f"{'Q':>7}{'set':>7}{'can give':>13}   SOC"
    yield Text(f"{head:<{max(width - 4, 0)}}age ", _HEAD)
    for unit in units:
        yield _unit(unit, scale, width)
    if hidden:
        out = sum(not unit["in_service"] for unit in status["units"])
        yield Text(f" ... and {hidden} more; out of service: {out}", _DIM)


def _unit(unit: Status, scale: Scale, width: int) -> Text:
    rough = scale._replace(digits=scale.digits - 1)
    low_w, can = unit["p_available_min_w"], rough.show(unit["p_available_w"])
    if low_w is not None:
        can = f"{rough.show(low_w)}..{can}"
    powers = [unit[key] for key in ("p_w", "p_set_w", "q_var", "q_set_var")]
    line = Text.assemble(
        f" {unit['name'][:8]:<9}",
        (
            f"{unit['state'] if unit['connected'] else 'silent':<8}",
            _GOOD if unit["in_service"] else _ALARM,
        ),
        "".join(f"{scale.show(power):>7}" for power in powers),
        f"{can:>13} ",
        style="" if unit["in_service"] else _DIM,
    )
    age, soc_pu = duration(unit["age_s"]), unit["soc_pu"]
    if soc_pu is not None:
        line.append(f"{percent(soc_pu):>5} ")
        size = min(width - line.cell_len - 10, 40)
        line.append_text(Bar(0.0, 1.0, size).draw(soc_pu, None) if size > 0 else Text())
    line.truncate(max(width - len(age) - 1, 0), pad=True)
    return line.append(f"{age} ", _DIM)


def _controller(status: Status) -> Iterator[Text]:
    cycle = status["cycle"]
    missed, incomplete = cycle["missed_count"], cycle["incomplete_count"]
    lost = status["record_dropped_count"]
    yield Text.assemble(
        (" cycle     ", _HEAD),
        f"{duration(cycle['period_s'])}, late {duration(cycle['late_p50_s'])}"
        f" (max {duration(cycle['late_max_s'])}), acknowledged"
        f" {duration(cycle['acknowledged_p50_s'])}, ",
        (f"missed {missed}", _ALARM if missed else ""),
    )
    left_s = status["scada_orders_left_s"]
    orders = "no orders" if left_s is None else f"orders {duration(left_s)}"
    yield Text.assemble(
        (" health    ", _HEAD),
        f"meter in time {percent(cycle['meter_in_time_pu'])}, ",
        (f"incomplete {incomplete}", _WARN if incomplete else ""),
        ", ",
        (f"rows lost {lost}", _ALARM if lost else ""),
        f", SCADA {status['scada_clients_count']}, {orders}",
    )


def _log_line(line: LogLine) -> Text:
    level, text = line
    return Text(f" {text}", _LEVELS.get(level, _DIM))
