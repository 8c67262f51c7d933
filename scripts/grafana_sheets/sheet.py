"""One page for a dashboard: its panels where they are, with what they answer."""

from collections.abc import Callable
from html import escape

from grafana_sheets import charts
from grafana_sheets.charts import Line
from grafana_sheets.values import Json, looks, said
from tests.grafana.boards import is_long
from tests.grafana.grafana import Answer, series

_COLUMN, _ROW, _HEAD = 66, 34, 26
Ask = Callable[[Json, Json], Answer]
"""The answer to a target of a panel."""
Size, Span = tuple[int, int], tuple[float, float]


def page(board: Json, ask: Ask, shown: tuple[float, float]) -> str:
    """The page as HTML; its last comment has the height in pixels."""
    made = [_panel(panel, ask, shown) for panel in board["panels"]]
    tall = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in board["panels"]) * _ROW
    style = (
        "body{margin:0;background:#111217;color:#d8d9da;font:12px sans-serif}"
        ".p{position:absolute;background:#181b1f;border:1px solid #2c2f36;overflow:hidden}"
        ".t{height:20px;padding:4px 8px;font-weight:bold}"
        "td,th{padding:3px 8px;text-align:left;border-bottom:1px solid #2c2f36;"
        "white-space:nowrap}table{border-collapse:collapse;font-size:12px}"
        ".b{display:flex;justify-content:space-around;align-items:center;height:80%}"
        ".v{font-size:24px}.e{position:absolute;box-sizing:border-box;overflow:hidden;"
        "white-space:nowrap;display:flex;align-items:center}"
    )
    return f"<style>{style}</style>{''.join(made)}<!--{tall + 10}-->"


def _panel(panel: Json, ask: Ask, shown: tuple[float, float]) -> str:
    at = panel["gridPos"]
    size = (at["w"] * _COLUMN - 8, at["h"] * _ROW - _HEAD - 8)
    answers = [ask(panel, target) for target in panel["targets"]]
    draw = _DRAWN[panel["type"]]
    return (
        f'<div class="p" style="left:{at["x"] * _COLUMN}px;top:{at["y"] * _ROW}px;'
        f'width:{at["w"] * _COLUMN - 6}px;height:{at["h"] * _ROW - 6}px">'
        f'<div class="t">{escape(panel["title"])}</div>'
        f"{draw(panel, answers, size, shown)}</div>"
    )


def _lines(panel: Json, answers: list[Answer]) -> list[Line]:
    look, found = looks(panel), []
    for target, answer in zip(panel["targets"], answers, strict=True):
        if is_long(dict(target)):
            for name, part in series(answer).items():
                found.append(Line(name, part.rows, look[""], len(found)))
            continue
        times = answer.column("time")
        for column in answer.columns[1:]:
            of = look[column]
            points = list(zip(times, answer.column(column), strict=True))
            found.append(Line(of["displayName"], points, of, len(found)))
    return found


def _curves(panel: Json, answers: list[Answer], size: Size, shown: Span) -> str:
    return charts.curves(_lines(panel, answers), size, shown)


def _timeline(panel: Json, answers: list[Answer], size: Size, shown: Span) -> str:
    return charts.timeline(_lines(panel, answers), size, shown)


def _figures(panel: Json, answers: list[Answer], size: Size, shown: Span) -> str:
    look, made = looks(panel), []
    for answer in answers:
        for column in answer.columns:
            if column != "time":
                text, colour = said(
                    answer.column(column)[-1] if answer.rows else None, look[column]
                )
                title = escape(look[column]["displayName"])
                made.append(
                    f'<div>{title}<div class="v" style="color:{colour}">{text}</div></div>'
                )
    return f'<div class="b">{"".join(made)}</div>'


def _table(panel: Json, answers: list[Answer], size: Size, shown: Span) -> str:
    look, (answer,) = looks(panel), answers
    heads = "".join(
        f"<th>{escape(look[c]['displayName'])}</th>" for c in answer.columns
    )
    rows = []
    for row in answer.rows[: size[1] // 24]:
        cells = []
        for column, value in zip(answer.columns, row, strict=True):
            text, colour = said(value, {**look[column], "color": {}})
            cells.append(f'<td style="color:{colour or "inherit"}">{escape(text)}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><tr>{heads}</tr>{''.join(rows)}</table>"


def _points(panel: Json, answers: list[Answer], size: Size, shown: Span) -> str:
    look, found = looks(panel), []
    units = ("none", "none")
    for one in panel["options"]["series"]:
        answer = answers[one["frame"]["matcher"]["options"]]
        x, y = (one[axis]["matcher"]["options"] for axis in "xy")
        points = list(zip(answer.column(x), answer.column(y), strict=True))
        radius = look[y].get("custom.pointSize", {"fixed": 3})["fixed"]
        colour = look[y]["color"]["fixedColor"]
        found.append((one["name"]["fixed"], points, colour, radius))
        units = (look[x]["unit"], look[y]["unit"])
    return charts.points(found, size, units)


def _columns(panel: Json, answers: list[Answer], size: Size, shown: Span) -> str:
    look, (answer,) = looks(panel), answers
    by = panel["options"]["xField"]
    labels = answer.column(by)
    lines = [
        Line(
            look[c]["displayName"],
            [(i, v) for i, v in enumerate(answer.column(c))],
            look[c],
            n,
        )
        for n, c in enumerate(name for name in answer.columns if name != by)
    ]
    return charts.columns(labels, lines, size)


def _canvas(panel: Json, answers: list[Answer], size: Size, shown: Span) -> str:
    look, (answer,) = looks(panel), answers
    row = dict(zip(answer.columns, answer.rows[0], strict=True)) if answer.rows else {}
    elements = panel["options"]["root"]["elements"]
    made = [_element(element, row, look) for element in elements]
    return (
        f'<div style="position:relative;width:{size[0]}px;height:{size[1]}px">'
        f"{_wires(elements, size)}{''.join(made)}</div>"
    )


def _element(element: Json, row: Json, look: Json) -> str:
    at, config, back = element["placement"], element["config"], element["background"]
    field = config["text"].get("field") or back["color"].get("field")
    text, colour = said(row.get(field), look[field]) if field else ("", None)
    fill = colour if back["color"].get("field") else back["color"]["fixed"]
    if config["text"]["mode"] == "fixed":
        text = config["text"]["fixed"]
    line = (element.get("border") or {}).get("color", {}).get("fixed")
    round_ = "50%" if element["type"] == "ellipse" else "3px"
    return (
        f'<div class="e" style="left:{at["left"]}%;right:{at["right"]}%;top:{at["top"]}%;'
        f"bottom:{at['bottom']}%;background:{fill};color:{colour or '#d8d9da'};"
        f"font-size:{config['size']}px;justify-content:{config['align']};"
        f"border:{f'2px solid {line}' if line else 'none'};min-width:10px;"
        f'min-height:10px;border-radius:{round_}">{escape(text)}</div>'
    )


def _wires(elements: list[Json], size: Size) -> str:
    boxes = {element["name"]: element["placement"] for element in elements}

    def place(name: str, at: Json) -> tuple[float, float]:
        box = boxes[name]
        wide, high = 100 - box["right"] - box["left"], 100 - box["bottom"] - box["top"]
        across = box["left"] + wide * (at["x"] + 1) / 2
        down = box["top"] + high * (1 - at["y"]) / 2
        return across * size[0] / 100, down * size[1] / 100

    made = []
    for element in elements:
        for wire in element["connections"]:
            x0, y0 = place(element["name"], wire["source"])
            x1, y1 = place(wire["targetName"], wire["target"])
            made.append(
                f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" '
                f'stroke="{wire["color"]["fixed"]}" stroke-width="3"/>'
            )
    style = f'style="position:absolute" width="{size[0]}" height="{size[1]}"'
    return f"<svg {style}>{''.join(made)}</svg>"


_DRAWN = {
    "timeseries": _curves,
    "state-timeline": _timeline,
    "stat": _figures,
    "table": _table,
    "xychart": _points,
    "barchart": _columns,
    "canvas": _canvas,
}
