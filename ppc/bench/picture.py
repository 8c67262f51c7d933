"""Pictures of a trial: time courses as SVG, coloured by the style of the page."""

from dataclasses import dataclass
from html import escape
from math import floor, isfinite, log10

import numpy as np

from ppc.bench.law import Values

WIDTH, HEIGHT = 760, 190
LEFT, RIGHT, TOP, BOTTOM = 58, 8, 20, 22
COLUMNS = 350
"""A line is thinned to this many columns, each with its least and greatest value."""
UNSEEN = 0.15
"""A point this near to the line through its neighbours is left out, in pixels."""
MARGIN = 0.06
"""Free space above and below, as a share of the range."""
LONG_S = 3.0 * 3600.0
"""Beyond that, time is told in hours."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One course; `kind` is the class the page's style knows."""

    label: str
    y: Values
    kind: str


@dataclass(frozen=True, slots=True)
class Area:
    """What lies between two courses; an infinite side ends at the picture's edge."""

    label: str
    low: Values
    high: Values


def picture(
    title: str, time_s: Values, lines: list[Line], areas: list[Area], least: float
) -> str:
    """An SVG of courses over the same times; at least `least` high."""
    y_low, y_high = _range([*lines], [*areas], least)
    x_low, x_high = float(time_s[0]), float(time_s[-1])
    frame = _Frame(x_low, max(x_high, x_low + 1e-9), y_low, y_high)
    parts = [f'<text class="name" x="{LEFT}" y="13">{escape(title)}</text>']
    parts += frame.grid()
    parts += [frame.area(time_s, area) for area in areas]
    parts += [frame.line(time_s, line) for line in lines]
    parts.append(_legend(lines, areas, LEFT + 8 * len(title)))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _range(lines: list[Line], areas: list[Area], least: float) -> tuple[float, float]:
    seen = [line.y for line in lines]
    seen += [bound for area in areas for bound in (area.low, area.high)]
    known = np.concatenate(
        [np.empty(0), *(values[np.isfinite(values)] for values in seen)]
    )
    if not len(known):
        return -least, least
    low, high = float(known.min()), float(known.max())
    span = max(high - low, least) or 0.1 * abs(high) or 1.0
    middle, half = (low + high) / 2.0, span / 2.0
    return middle - half * (1.0 + 2.0 * MARGIN), middle + half * (1.0 + 2.0 * MARGIN)


@dataclass(frozen=True, slots=True)
class _Frame:
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        share = (value - self.x_low) / (self.x_high - self.x_low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        share = (value - self.y_low) / (self.y_high - self.y_low)
        return HEIGHT - BOTTOM - min(max(share, 0.0), 1.0) * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> list[str]:
        parts = []
        for tick in _ticks(self.y_low, self.y_high, 4):
            y, text = self.y(tick), f"{tick:.6g}"
            parts.append(
                f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
                f'<text class="tick end" x="{LEFT - 5}" y="{y + 3:.1f}">{text}</text>'
            )
        long = self.x_high - self.x_low > LONG_S
        unit_s, unit = (3600.0, "h") if long else (1.0, "s")
        for ticked in _ticks(self.x_low / unit_s, self.x_high / unit_s, 8):
            x, text = self.x(ticked * unit_s), f"{ticked:.6g} {unit}"
            parts.append(
                f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>'
                f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 7}">{text}</text>'
            )
        return parts

    def line(self, time_s: Values, line: Line) -> str:
        runs = []
        for run in _runs(*_thinned(time_s, line.y)):
            shape = _simplified([(self.x(t), self.y(v)) for t, v in run])
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape)
            runs.append(f'<polyline class="{line.kind}" points="{points}"/>')
        return "".join(runs)

    def area(self, time_s: Values, area: Area) -> str:
        """Drawn run by run of times at which it is defined."""
        low, high = area.low, area.high
        defined = ~(np.isnan(low) & np.isnan(high))
        low = np.where(np.isnan(low) | (low == -np.inf), self.y_low, low)
        high = np.where(np.isnan(high) | (high == np.inf), self.y_high, high)
        every = max(1, len(time_s) // COLUMNS)
        keep = np.zeros(len(time_s), bool)
        keep[::every] = True
        edges = np.flatnonzero(np.abs(np.diff(low)) + np.abs(np.diff(high)) > 0)
        if len(edges) < COLUMNS:
            keep[edges] = keep[edges + 1] = True
        parts = []
        for span in _spans(defined):
            at = [i for i in range(span.start, span.stop) if keep[i]]
            there = _simplified([(self.x(time_s[i]), self.y(high[i])) for i in at])
            back = _simplified([(self.x(time_s[i]), self.y(low[i])) for i in at[::-1]])
            if at:
                points = " ".join(f"{x:.1f},{y:.1f}" for x, y in there + back)
                parts.append(f'<polygon class="band" points="{points}"/>')
        return "".join(parts)


def _thinned(time_s: Values, y: Values) -> tuple[Values, Values]:
    """At most two points a column: the least and the greatest, in order of time."""
    size = len(y) // COLUMNS
    if size < 3:  # noqa: PLR2004
        return time_s, y
    keep: list[int] = []
    for start in range(0, len(y), size):
        part = y[start : start + size]
        if np.isnan(part).all():
            keep.append(start)
            continue
        keep += [start + int(np.nanargmin(part)), start + int(np.nanargmax(part))]
    index = np.array(sorted({0, *keep, len(y) - 1}))
    return time_s[index], y[index]


def _simplified(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without the points nobody can see: the course stays within `UNSEEN` of itself.

    Source: U. Ramer 1972, D. Douglas and T. Peucker 1973: of a run, keep the point
    farthest from the straight line between its ends, and look at both sides of it.
    """
    if not points:
        return []
    xy = np.array(points)
    keep = np.zeros(len(xy), bool)
    keep[[0, -1]] = True
    runs = [(0, len(xy) - 1)]
    while runs:
        first, last = runs.pop()
        if last - first < 2:  # noqa: PLR2004
            continue
        (x0, y0), (x1, y1) = xy[first], xy[last]
        inner = xy[first + 1 : last]
        length = np.hypot(x1 - x0, y1 - y0) or 1.0
        off = np.abs((x1 - x0) * (inner[:, 1] - y0) - (y1 - y0) * (inner[:, 0] - x0))
        farthest = first + 1 + int(off.argmax())
        if off.max() / length > UNSEEN:
            keep[farthest] = True
            runs += [(first, farthest), (farthest, last)]
    return [points[i] for i in np.flatnonzero(keep)]


def _runs(time_s: Values, y: Values) -> list[list[tuple[float, float]]]:
    known = np.isfinite(y)
    return [
        [(float(time_s[i]), float(y[i])) for i in range(span.start, span.stop)]
        for span in _spans(known)
    ]


def _spans(flags: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> list[slice]:
    """Where the flags are true without interruption."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False]))))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers within the range, about `count` of them."""
    span = high - low
    if not isfinite(span) or span <= 0.0:
        return []
    raw = span / count
    size = 10.0 ** floor(log10(raw))
    step = next(s * size for s in STEPS if s * size >= raw * (1.0 - 1e-9))
    first = -floor(-low / step)
    found = []
    while first * step <= high + 1e-9 * span:
        found.append(round(first * step, 12))
        first += 1
    return found


def _legend(lines: list[Line], areas: list[Area], x: float) -> str:
    parts = []
    entries = [(line.label, line.kind) for line in lines]
    entries += [(area.label, "band") for area in areas[:1]]
    for label, kind in entries:
        parts.append(
            f'<path class="{kind} key" d="M{x:.0f} 9h16"/>'
            f'<text class="tick start" x="{x + 20:.0f}" y="13">{escape(label)}</text>'
        )
        x += 34 + 6.2 * len(label)
    return "".join(parts)
