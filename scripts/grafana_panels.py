"""The form of dashboards and panels: Grafana's classic JSON, schema version 42."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

Json = dict[str, Any]

BLUE, GREEN, GREY, ORANGE = "#5794F2", "#73BF69", "#8E8E8E", "#FF9830"
PURPLE, RED, YELLOW = "#B877D9", "#F2495C", "#FADE2A"

TREND: Json = {"type": "frser-sqlite-datasource", "uid": "ppc-trend"}
_POINTS_COUNT = 700
"""Asked of Grafana; it rounds the step down by up to 1.75 times, so up to 1225 come."""
_WIDTH = 24


class Shown(NamedTuple):
    """A column of a query: how it is called and looks. `unit` in Grafana's words."""

    column: str
    title: str
    unit: str
    colour: str
    dashed: bool = False
    custom: Mapping[str, Any] = {}
    decimals: int | None = None


def band(shown: Shown) -> tuple[Shown, ...]:
    """A curve with the area between its least and greatest value."""
    faint = {
        "lineWidth": 0,
        "hideFrom": {"legend": True, "tooltip": True, "viz": False},
    }
    low, high = f"{shown.title} min", f"{shown.title} max"
    area = {**faint, "fillBelowTo": low, "fillOpacity": 20}
    return (
        shown._replace(column=f"{shown.column}_min", title=low, custom=faint),
        shown._replace(column=f"{shown.column}_max", title=high, custom=area),
        shown,
    )


def query(sql: str, ref: str = "A") -> Json:
    """A target of a panel. Both texts are set: Grafana runs one or the other."""
    return {
        "datasource": TREND,
        "refId": ref,
        "queryType": "table",
        "rawQueryText": sql,
        "queryText": sql,
        "timeColumns": ["time"],
    }


def curves(title: str, sqls: Sequence[str], shown: Iterable[Shown], **of: Any) -> Json:  # noqa: ANN401
    """Lines over time; `of` is more of how they are drawn."""
    custom = {"lineWidth": 1, "fillOpacity": 0, "showPoints": "auto"}
    panel = _panel("timeseries", title, sqls, shown)
    panel["fieldConfig"]["defaults"]["custom"] = {**custom, **of}
    panel["options"] = {
        "legend": {
            "showLegend": True,
            "displayMode": "list",
            "placement": "bottom",
            "calcs": [],
        },
        "tooltip": {"mode": "multi", "sort": "none"},
    }
    return panel


def bars(title: str, sql: str, shown: Iterable[Shown]) -> Json:
    """Counts over time, stacked."""
    stacking = {"mode": "normal", "group": "A"}
    return curves(
        title, [sql], shown, drawStyle="bars", fillOpacity=80, stacking=stacking
    )


def states(
    title: str, sql: str, shown: Iterable[Shown], values: Mapping[str, tuple[str, str]]
) -> Json:
    """What was the case when; `values` gives text and colour of each."""
    panel = _panel("state-timeline", title, [sql], shown, fixed=False)
    options = {
        value: {"text": text, "color": colour, "index": index}
        for index, (value, (text, colour)) in enumerate(values.items())
    }
    panel["fieldConfig"]["defaults"] |= {
        "mappings": [{"type": "value", "options": options}],
        "custom": {"fillOpacity": 70, "lineWidth": 0},
        "color": {"mode": "thresholds"},
    }
    panel["options"] = {
        "mergeValues": True,
        "showValue": "auto",
        "alignValue": "left",
        "rowHeight": 0.9,
        "legend": {"showLegend": False, "displayMode": "list", "placement": "bottom"},
        "tooltip": {"mode": "single", "sort": "none"},
    }
    return panel


def figures(
    title: str, sqls: Sequence[str], shown: Iterable[Shown], limits: Json | None = None
) -> Json:
    """Last values in large type. `limits`: from which value on which colour."""
    panel = _panel("stat", title, sqls, shown, fixed=limits is None)
    if limits:
        steps = [{"color": colour, "value": value} for colour, value in limits.items()]
        panel["fieldConfig"]["defaults"] |= {
            "color": {"mode": "thresholds"},
            "thresholds": {"mode": "absolute", "steps": steps},
        }
    panel["options"] = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "orientation": "vertical",
        "textMode": "value_and_name",
        "colorMode": "value",
        "graphMode": "none",
        "justifyMode": "center",
        "wideLayout": True,
    }
    return panel


def listing(
    title: str,
    sql: str,
    shown: Iterable[Shown],
    values: Mapping[str, Mapping[str, tuple[str, str]]] | None = None,
) -> Json:
    """A table; `values` gives text and colour of some columns' values."""
    panel = _panel("table", title, [sql], shown, fixed=False)
    panel["options"] = {"showHeader": True, "cellHeight": "sm"}
    for override in panel["fieldConfig"]["overrides"]:
        if mapped := (values or {}).get(override["matcher"]["options"]):
            options = {v: {"text": t, "color": c} for v, (t, c) in mapped.items()}
            override["properties"] += [
                {"id": "mappings", "value": [{"type": "value", "options": options}]},
                {"id": "custom.cellOptions", "value": {"type": "color-text"}},
            ]
    return panel


def variable(name: str, label: str, sql: str) -> Json:
    """A choice at the top of a dashboard: one of what the query gives."""
    return {
        "type": "query",
        "name": name,
        "label": label,
        "datasource": TREND,
        "query": sql,
        "definition": sql,
        "refresh": 1,
        "sort": 0,
        "multi": False,
        "includeAll": False,
        "hide": 0,
        "current": {},
        "options": [],
    }


def marks(name: str, sql: str, colour: str, *, enable: bool) -> Json:
    """Events as lines through all panels."""
    return {
        "name": name,
        "datasource": TREND,
        "enable": enable,
        "hide": False,
        "iconColor": colour,
        "target": query(sql, "Anno"),
    }


def dashboard(
    uid: str,
    title: str,
    rows: Iterable[tuple[int, Sequence[Json]]],
    *,
    annotations: Iterable[Json],
    variables: Iterable[Json] = (),
) -> Json:
    """Rows of panels of equal width, with the height of each."""
    return {
        "uid": uid,
        "title": title,
        "tags": ["ppc"],
        "schemaVersion": 42,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "10s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": list(annotations)},
        "templating": {"list": list(variables)},
        "links": [
            {"type": "dashboards", "title": "", "tags": ["ppc"], "keepTime": True}
        ],
        "panels": list(_placed(rows)),
    }


def _placed(rows: Iterable[tuple[int, Sequence[Json]]]) -> Iterable[Json]:
    numbers, top = count(1), 0
    for height, panels in rows:
        width = _WIDTH // len(panels)
        for place, panel in enumerate(panels):
            at = {"x": place * width, "y": top, "w": width, "h": height}
            yield {"id": next(numbers), "gridPos": at, **panel}
        top += height


def _panel(
    kind: str,
    title: str,
    sqls: Iterable[str],
    shown: Iterable[Shown],
    *,
    fixed: bool = True,
) -> Json:
    return {
        "type": kind,
        "title": title,
        "datasource": TREND,
        "interval": "1s",
        "maxDataPoints": _POINTS_COUNT,
        "targets": [query(sql, ref) for ref, sql in zip("ABCDEF", sqls, strict=False)],
        "fieldConfig": {
            "defaults": {"unit": "none"},
            "overrides": [_override(column, fixed=fixed) for column in shown],
        },
    }


def _override(shown: Shown, *, fixed: bool) -> Json:
    look: Json = {"displayName": shown.title, "unit": shown.unit}
    if fixed:
        look["color"] = {"mode": "fixed", "fixedColor": shown.colour}
    if shown.dashed:
        look["custom.lineStyle"] = {"fill": "dash", "dash": [8, 6]}
    if shown.decimals is not None:
        look["decimals"] = shown.decimals
    look |= {f"custom.{name}": value for name, value in shown.custom.items()}
    return {
        "matcher": {"id": "byName", "options": shown.column},
        "properties": [{"id": name, "value": value} for name, value in look.items()],
    }
