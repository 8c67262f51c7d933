"""The single-line picture: a canvas whose figures are columns of one row."""

from collections.abc import Iterable
from typing import NamedTuple

from grafana_foundation_sdk.models import canvas, common
from grafana_foundation_sdk.models.dashboard import Panel

from grafana_boards.colours import BLUE, CLEAR, DARK, GREEN, GREY, YELLOW

_LINE = "#9FA7B3"


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
    yield _bar("busbar", Box(6, 57, 88, 1.6))
    yield from _branch("batteries", 10, GREEN, "bess", soc=True)
    yield from _branch("PV", 42, YELLOW, "pv", soc=False)
    yield from _rest()


def _grid() -> Iterable[canvas.CanvasElementOptions]:
    yield _shape("grid", Box(42, 3, 16, 10), GREY, CLEAR)
    yield _text("grid name", "grid", Box(48, 3, 10, 10), 16)
    yield _bar("line to grid", Box(49.8, 13, 0.4, 8))
    for number, top in enumerate((21, 26.5)):
        box = Box(47.2, top, 5.6, 9)
        yield _shape(f"transformer {number}", box, _LINE, CLEAR, "ellipse")
    yield _bar("line to meter", Box(49.8, 35.5, 0.4, 21.5))
    yield _value("grid U", "v_v", Box(60, 3, 18, 5), 15)
    yield _value("grid f", "f_hz", Box(60, 8, 18, 5), 15)


def _meter() -> Iterable[canvas.CanvasElementOptions]:
    yield _lamp("meter", "poi_quality", Box(48.2, 41, 3.6, 7))
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
    yield _bar(f"line to {title}", Box(left + 11.8, 58, 0.4, 7))
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
    yield _bar("line to the rest", Box(83.8, 58, 0.4, 7))
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
    element.config = {
        **_NOTHING,
        "backgroundColor": colour,
        "borderColor": _fixed(_LINE),
    }
    element.background = canvas.BackgroundConfig(colour)
    return element


def _bar(name: str, box: Box) -> canvas.CanvasElementOptions:
    return _shape(name, box, CLEAR, _LINE)


def _shape(
    name: str, box: Box, line: str, fill: str, kind: str = "rectangle"
) -> canvas.CanvasElementOptions:
    element = _element(name, kind, box, dict(_NOTHING))
    element.background = canvas.BackgroundConfig(_fixed(fill))
    element.border = canvas.LineConfig(_fixed(line), width=2, radius=6)
    if kind == "ellipse":  # draws itself, and has its colours in its own settings
        element.config = {
            **_NOTHING,
            "backgroundColor": _fixed(fill),
            "borderColor": _fixed(line),
            "width": 2,
        }
        element.border = None
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
