"""Charts as SVG."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from grafana_sheets.values import Json, said, written

_PALETTE = ("#73BF69", "#F2CC0C", "#8AB8FF", "#FF780A", "#F2495C", "#B877D9", "#37C8B4")
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 60, 8, 40
_GRID, _TEXT = "#33363c", "#b8bcc4"


class Line(NamedTuple):
    """A series: its points, and what the panel says of it."""

    name: str
    points: Sequence[tuple[float, Any]]
    look: Json
    number: int

    @property
    def colour(self) -> str:
        """The fixed one, or one of the palette by number."""
        found = self.look.get("color", {}).get("fixedColor")
        return str(found or _PALETTE[self.number % len(_PALETTE)])

    @property
    def is_right(self) -> bool:
        """Whether its axis is the right one."""
        return self.look.get("custom.axisPlacement") == "right"


class Frame(NamedTuple):
    """Where values come to lie."""

    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Of a value, its place."""
        across = (x - self.x[0]) / max(1e-12, self.x[1] - self.x[0])
        up = (y - self.y[0]) / max(1e-12, self.y[1] - self.y[0])
        return (
            _LEFT + across * (self.width - _LEFT - _RIGHT),
            self.height - _BOTTOM - up * (self.height - _TOP - _BOTTOM),
        )


def curves(
    lines: Sequence[Line], size: tuple[int, int], shown: tuple[float, float]
) -> str:
    """Lines or stacked bars over time."""
    stacked = any(line.look.get("custom.stacking") for line in lines)
    if stacked:
        return _bars(lines, size, shown)
    made, frames = [], {}
    for side in (False, True):
        own = [line for line in lines if line.is_right == side]
        if own:
            frames[side] = Frame(*size, shown, _span(own))
    for side, frame in frames.items():
        own = [line for line in lines if line.is_right == side]
        made.append(_axis(frame, own[0].look.get("unit", "none"), right=side))
    by_title = {line.name: line for line in lines}
    for line in lines:
        frame = frames[line.is_right]
        if below := line.look.get("custom.fillBelowTo"):
            made.append(_area(line, by_title[below], frame))
        if line.look.get("custom.lineWidth", 1):
            made.append(_line(line, frame))
    first = next(iter(frames.values()), Frame(*size, shown, (0, 1)))
    return _svg(size, [_times(first), *made, _legend(lines, size)])


def timeline(
    rows: Iterable[Line], size: tuple[int, int], shown: tuple[float, float]
) -> str:
    """States: a row for each series."""
    lines = [line for line in rows if any(v is not None for _, v in line.points)]
    made, high = [], (size[1] - 24) / max(1, len(lines))
    frame = Frame(size[0] - 60, size[1], shown, (0, 1))

    def place(t: float) -> float:
        return 70 + frame.at(t, 0)[0]

    for number, line in enumerate(lines):
        top = number * high
        label = escape(line.name[:22])
        made.append(_label(4, top + high / 2 + 4, label))
        for value, part in groupby(_held(line, shown[1]), lambda each: each[2]):
            spans = list(part)
            if value is None:
                continue
            text, colour = said(value, line.look)
            left, right = place(spans[0][0]), place(spans[-1][1])
            made.append(
                f'<rect x="{left:.1f}" y="{top + 2:.1f}" width="{max(0.5, right - left):.1f}"'
                f' height="{high - 4:.1f}" fill="{colour or "#3f6833"}" opacity="0.75"/>'
            )
            if right - left > 7 * len(text):
                made.append(_label(left + 4, top + high / 2 + 4, escape(text), "#000"))
    ends = Frame(size[0] - 60, size[1] + 16, shown, (0, 1))
    return _svg(size, [f'<g transform="translate(70 0)">{_times(ends)}</g>', *made])


def points(
    series: Sequence[tuple[str, Sequence[tuple[float, float]], str, float]],
    size: tuple[int, int],
    units: tuple[str, str],
) -> str:
    """One signal over another: name, points, colour and size of each series."""
    xs = [x for _, found, _, _ in series for x, y in found if y is not None]
    ys = [y for _, found, _, _ in series for _, y in found if y is not None]
    frame = Frame(*size, _wide(xs), _wide(ys))
    made = [_axis(frame, units[1], right=False)]
    for step in range(6):
        x = frame.x[0] + step * (frame.x[1] - frame.x[0]) / 5
        made.append(_label(frame.at(x, 0)[0] - 20, size[1] - 26, written(x, units[0])))
    for _, found, colour, radius in series:
        made += [
            '<circle cx="{:.1f}" cy="{:.1f}" '.format(*frame.at(x, y))
            + f'r="{radius / 2}" fill="{colour}" opacity="0.7"/>'
            for x, y in found
            if y is not None
        ]
    names = [Line(n, (), {"color": {"fixedColor": c}}, 0) for n, _, c, _ in series]
    return _svg(size, [*made, _legend(names, size)])


def columns(labels: Sequence[str], lines: Sequence[Line], size: tuple[int, int]) -> str:
    """Bars side by side for each label."""
    values = [v or 0.0 for line in lines for _, v in line.points]
    frame = Frame(
        *size, (0, max(1, len(labels))), (min(0, *values, 0), max(*values, 1))
    )
    made = [_axis(frame, lines[0].look.get("unit", "none"), right=False)]
    wide = 0.8 / len(lines)
    for line in lines:
        for place, (_, value) in enumerate(line.points):
            x0, y0 = frame.at(place + 0.1 + wide * line.number, 0)
            x1, y1 = frame.at(place + 0.1 + wide * (line.number + 1), value or 0.0)
            made.append(
                f'<rect x="{x0:.1f}" y="{min(y0, y1):.1f}" width="{x1 - x0:.1f}" '
                f'height="{abs(y1 - y0):.1f}" fill="{line.colour}" opacity="0.8"/>'
            )
    every = max(1, len(labels) // 8)
    made += [
        _label(frame.at(i, 0)[0], size[1] - 26, label[-7:])
        for i, label in enumerate(labels)
        if i % every == 0
    ]
    return _svg(size, [*made, _legend(lines, size)])


def _bars(
    lines: Sequence[Line], size: tuple[int, int], shown: tuple[float, float]
) -> str:
    sums: dict[float, float] = {}
    for line in lines:
        for t, value in line.points:
            sums[t] = sums.get(t, 0.0) + (value or 0.0)
    times = sorted(sums)
    step = min((b - a for a, b in pairwise(times)), default=60.0)
    frame = Frame(*size, shown, (0, max(sums.values(), default=1.0) or 1.0))
    made, under = [], dict.fromkeys(times, 0.0)
    for line in lines:
        for t, value in line.points:
            (x0, y0), (x1, y1) = (
                frame.at(t, under[t]),
                frame.at(t + 0.9 * step, under[t] + (value or 0.0)),
            )
            under[t] += value or 0.0
            made.append(
                f'<rect x="{x0:.1f}" y="{y1:.1f}" width="{max(0.6, x1 - x0):.1f}" '
                f'height="{y0 - y1:.1f}" fill="{line.colour}" opacity="0.8"/>'
            )
    axis = _axis(frame, lines[0].look.get("unit", "none"), right=False)
    return _svg(size, [_times(frame), axis, *made, _legend(lines, size)])


def _held(line: Line, end: float) -> list[tuple[float, float, object]]:
    """Each value from its time until the next."""
    later = [t for t, _ in line.points[1:]] + [end]
    return [
        (t, until, value) for (t, value), until in zip(line.points, later, strict=True)
    ]


def _span(lines: Sequence[Line]) -> tuple[float, float]:
    values = [v for line in lines for _, v in line.points if isinstance(v, int | float)]
    soft = [
        line.look.get(f"custom.axisSoft{end}")
        for line in lines
        for end in ("Min", "Max")
    ]
    return _wide([*values, *(s for s in soft if s is not None)])


def _wide(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return (0.0, 1.0)
    low, high = min(values), max(values)
    spare = (high - low) * 0.05 or abs(high) * 0.01 or 1.0
    return (low - spare, high + spare)


def _line(line: Line, frame: Frame) -> str:
    parts = []
    for there, part in groupby(line.points, lambda p: p[1] is not None):
        if there:
            parts.append(
                "M" + " L".join("{:.1f} {:.1f}".format(*frame.at(*p)) for p in part)
            )
    dash = ' stroke-dasharray="8 6"' if line.look.get("custom.lineStyle") else ""
    width = line.look.get("custom.lineWidth", 1)
    return (
        f'<path d="{" ".join(parts)}" fill="none" stroke="{line.colour}" '
        f'stroke-width="{width}"{dash}/>'
    )


def _area(line: Line, below: Line, frame: Frame) -> str:
    lower = dict(below.points)
    made = []

    def both(point: tuple[float, Any]) -> bool:
        return point[1] is not None and lower.get(point[0]) is not None

    for there, part in groupby(line.points, both):
        if there:
            upper = list(part)
            edge = [*upper, *((t, lower[t]) for t, _ in reversed(upper))]
            places = " ".join("{:.1f},{:.1f}".format(*frame.at(*p)) for p in edge)
            made.append(
                f'<polygon points="{places}" fill="{line.colour}" opacity="0.2"/>'
            )
    return "".join(made)


def _axis(frame: Frame, unit: str, *, right: bool) -> str:
    made = []
    for step in range(5):
        value = frame.y[0] + step * (frame.y[1] - frame.y[0]) / 4
        _, y = frame.at(frame.x[0], value)
        x = frame.width - _RIGHT + 4 if right else 4
        text = written(value, unit.removeprefix("suffix: "))
        made.append(_label(x, y + 4, text))
        made.append(
            f'<line x1="{_LEFT}" x2="{frame.width - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{_GRID}"/>'
        )
    return "".join(made)


def _times(frame: Frame) -> str:
    made = []
    for step in range(6):
        t = frame.x[0] + step * (frame.x[1] - frame.x[0]) / 5
        made.append(
            _label(
                frame.at(t, 0)[0] - 30,
                frame.height - 26,
                written(t, "dateTimeAsIso")[:11],
            )
        )
    return "".join(made)


def _legend(lines: Sequence[Line], size: tuple[int, int]) -> str:
    made, x = [], 10.0
    for line in lines:
        if (line.look.get("custom.hideFrom") or {}).get("legend"):
            continue
        made.append(
            f'<rect x="{x}" y="{size[1] - 14}" width="12" height="4" fill="{line.colour}"/>'
        )
        made.append(_label(x + 16, size[1] - 8, escape(line.name)))
        x += 26 + 6.4 * len(line.name)
    return "".join(made)


def _label(x: float, y: float, text: str, colour: str = _TEXT) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" fill="{colour}">{text}</text>'


def _svg(size: tuple[int, int], parts: Iterable[str]) -> str:
    return f'<svg width="{size[0]}" height="{size[1]}">{"".join(parts)}</svg>'
