"""The single-line picture: a canvas whose figures are columns of one row."""

from collections.abc import Iterable
from typing import NamedTuple

from grafana_foundation_sdk.models import canvas, common
from grafana_foundation_sdk.models.dashboard import Panel

from grafana_boards.colours import BLUE, CLEAR, DARK, GREEN, GREY, YELLOW

_LINE = "#9FA7B3"


_BRANCHES = ((16, "batteries"), (48, "PV"), (78, "rest"))
"""Where on the busbar, in percent of the width from its beginning, what is connected."""


class Box(NamedTuple):
    """Where something is: in percent of the width and of the height."""

    left: float
    top: float
    width: float
    height: float


def single_line(panel: Panel) -> Panel:
    """Make a panel that has the row `now.PICTURE` the picture of the plant."""
    panel.type_val = "canvas"
    panel.options = canvas.Options(
        inline_editing=False,
        show_advanced_types=True,
        pan_zoom=False,
        infinite_pan=False,
        root=canvas.CanvasOptionsRoot(name="plant", elements=list(_elements())),
    )
    return panel


def _elements() -> Iterable[canvas.CanvasElementOptions]:
    yield from _grid()
    yield from _meter()
    busbar = _shape("busbar", Box(6, 56.5, 88, 2.4), CLEAR, _LINE)
    busbar.connections = [
        _wire((left / 44 - 1, -1), f"{name} box") for left, name in _BRANCHES
    ]
    yield busbar
    yield from _branch("batteries", 10, GREEN, "bess", soc=True)
    yield from _branch("PV", 42, YELLOW, "pv", soc=False)
    yield from _rest()


def _grid() -> Iterable[canvas.CanvasElementOptions]:
    grid = _shape("grid", Box(42, 3, 16, 10), GREY, CLEAR)
    grid.connections = [_wire((0, -1), "upper winding")]
    yield grid
    yield _text("grid name", "grid", Box(48, 3, 10, 10), 16)
    for name, top, below in (("upper", 21, ""), ("lower", 26.5, "meter")):
        box = Box(47.2, top, 5.6, 9)
        winding = _shape(f"{name} winding", box, _LINE, CLEAR, "ellipse")
        winding.connections = [_wire((0, -1), below)] if below else []
        yield winding
    yield _value("grid U", "v_v", Box(60, 3, 18, 5), 15)
    yield _value("grid f", "f_hz", Box(60, 8, 18, 5), 15)


def _meter() -> Iterable[canvas.CanvasElementOptions]:
    lamp = _lamp("meter", "poi_quality", Box(48.2, 41, 3.6, 7))
    lamp.connections = [_wire((0, -1), "busbar")]
    yield lamp
    yield _text("meter name", "POI", Box(38, 40, 9, 8), 15)
    yield _value("P", "poi_w", Box(54, 36, 20, 9), 26)
    yield _value("Q", "poi_var", Box(54, 45, 20, 6), 16)
    yield _text("order", "order", Box(76, 38, 7, 5), 12)
    yield _value("P order", "p_order_w", Box(82, 38, 14, 5), 13)
    yield _value("Q order", "q_order_var", Box(82, 45, 14, 6), 13)
    yield _text("limited P by", "P limited by", Box(2, 4, 12, 5), 12)
    yield _value("P limited", "p_limited_by", Box(14, 4, 24, 5), 13)
    yield _text("limited Q by", "Q limited by", Box(2, 10, 12, 5), 12)
    yield _value("Q limited", "q_limited_by", Box(14, 10, 24, 5), 13)
    yield _text("age", "data age", Box(2, 16, 12, 5), 12)
    yield _value("age of the data", "age_s", Box(14, 16, 24, 5), 13)


def _branch(
    title: str, left: float, colour: str, kind: str, *, soc: bool
) -> Iterable[canvas.CanvasElementOptions]:
    """A group of units below the busbar."""
    yield _shape(f"{title} box", Box(left, 65, 24, 33), colour, CLEAR)
    yield _lamp(f"{title} state", f"{kind}_worst_code", Box(left + 1, 67, 2.4, 5))
    yield _text(f"{title} name", title, Box(left + 4, 66, 10, 7), 15)
    yield _value(f"{title} running", f"{kind}_running", Box(left + 14, 66, 9, 7), 13)
    yield _value(f"{title} P", f"{kind}_w", Box(left + 1, 74, 22, 9), 24)
    yield _value(f"{title} Q", f"{kind}_var", Box(left + 1, 83, 22, 6), 14)
    last = f"{kind}_soc_pu" if soc else f"{kind}_available_w"
    yield _text(
        f"{title} more", "SOC" if soc else "possible", Box(left + 1, 90, 8, 6), 12
    )
    yield _value(f"{title} rest", last, Box(left + 9, 90, 14, 6), 15)


def _rest() -> Iterable[canvas.CanvasElementOptions]:
    """What the units do not give and the meter sees: load, losses."""
    yield _shape("rest box", Box(74, 65, 20, 33), BLUE, CLEAR)
    yield _text("rest name", "load and losses", Box(75, 66, 18, 7), 14)
    yield _value("rest P", "rest_w", Box(75, 74, 18, 9), 20)


def _text(name: str, said: str, box: Box, size: int) -> canvas.CanvasElementOptions:
    text = common.TextDimensionConfig(common.TextDimensionMode.FIXED, fixed=said)
    return _element(name, "metric-value", box, _config(text, size))


def _value(name: str, field: str, box: Box, size: int) -> canvas.CanvasElementOptions:
    text = common.TextDimensionConfig(common.TextDimensionMode.FIELD, field=field)
    return _element(name, "metric-value", box, _config(text, size, field))


def _config(
    text: common.TextDimensionConfig, size: int, field: str | None = None
) -> dict[str, object]:
    colour = common.ColorDimensionConfig(fixed="text", field=field)
    return {
        "text": text,
        "size": size,
        "color": colour,
        "align": "center" if field else "left",
        "valign": "middle",
    }


def _lamp(name: str, field: str, box: Box) -> canvas.CanvasElementOptions:
    """A disc in the colour of a state."""
    element = _shape(name, box, _LINE, CLEAR, "ellipse")
    colour = common.ColorDimensionConfig(fixed=DARK, field=field)
    element.background = canvas.BackgroundConfig(colour)
    return element


def _wire(begin: tuple[float, float], target: str) -> canvas.CanvasConnection:
    """From a place on an element, -1 to 1 to the right and up, to the top of another."""
    return canvas.CanvasConnection(
        source=canvas.ConnectionCoordinates(*begin),
        target=canvas.ConnectionCoordinates(0, 1),
        target_name=target,
        color=_fixed(_LINE),
        size=common.ScaleDimensionConfig(fixed=3, min_val=1, max_val=10),
    )


def _shape(
    name: str, box: Box, line: str, fill: str, kind: str = "rectangle"
) -> canvas.CanvasElementOptions:
    element = _element(name, kind, box, dict(_NOTHING))
    element.background = canvas.BackgroundConfig(_fixed(fill))
    element.border = canvas.LineConfig(_fixed(line), width=2, radius=6)
    return element


_NOTHING = {
    "text": {"mode": "fixed", "fixed": ""},
    "size": 12,
    "color": {"fixed": "text"},
    "align": "center",
    "valign": "middle",
}


def _fixed(colour: str) -> common.ColorDimensionConfig:
    return common.ColorDimensionConfig(fixed=colour)


def _element(
    name: str, kind: str, box: Box, config: object
) -> canvas.CanvasElementOptions:
    """Placed so that it grows with the panel."""
    return canvas.CanvasElementOptions(
        name=name,
        type_val=kind,
        config=config,
        constraint=canvas.Constraint(
            canvas.HorizontalConstraint.SCALE, canvas.VerticalConstraint.SCALE
        ),
        placement=canvas.Placement(
            left=box.left,
            right=round(100 - box.left - box.width, 3),
            top=box.top,
            bottom=round(100 - box.top - box.height, 3),
        ),
        background=canvas.BackgroundConfig(_fixed(CLEAR)),
        connections=[],
    )
