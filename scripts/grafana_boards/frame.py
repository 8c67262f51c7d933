"""The form of a dashboard: variables, marks, links, and where panels are."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from itertools import count

from grafana_foundation_sdk.models import dashboard as sdk

from grafana_boards.queries import PLUGIN, RECORD, Query

_WIDTH = 24
Row = tuple[int, Sequence[sdk.Panel | tuple[int, sdk.Panel]]]
"""Height, and panels; with their widths where they are not all as wide."""
TAG = "ppc"


def link(uid: str, **variables: str) -> str:
    """The address of another dashboard, same time, same record."""
    chosen = "".join(f"&var-{name}={value}" for name, value in variables.items())
    return f"/d/{uid}?${{__url_time_range}}&${{record:queryparam}}{chosen}"


def dashboard(
    uid: str,
    title: str,
    says: str,
    rows: Iterable[Row],
    *,
    marks: Iterable[sdk.AnnotationQuery],
    variables: Iterable[sdk.VariableModel] = (),
    since: str = "now-6h",
) -> sdk.Dashboard:
    """Rows of panels. `since`: the range it opens with."""
    return sdk.Dashboard(
        uid=uid,
        title=title,
        description=says,
        tags=[TAG],
        editable=False,
        graph_tooltip=sdk.DashboardCursorSync.CROSSHAIR,
        refresh="10s",
        time=sdk.DashboardDashboardTime(since, "now"),
        timezone="browser",
        version=1,
        annotations=sdk.AnnotationContainer(list(marks)),
        templating=sdk.DashboardDashboardTemplating([_record(), *variables]),
        links=[
            sdk.DashboardLink(
                type_val=sdk.DashboardLinkType.DASHBOARDS,
                tags=[TAG],
                keep_time=True,
                include_vars=True,
            )
        ],
        panels=list(_placed(rows)),
    )


def variable(
    name: str, label: str, sql: str, *, many: bool = False
) -> sdk.VariableModel:
    """A choice at the top of a dashboard of what the query gives: one, or many."""
    everything = sdk.VariableOption(selected=True, text=["All"], value=["$__all"])
    return sdk.VariableModel(
        type_val=sdk.VariableType.QUERY,
        name=name,
        label=label,
        datasource=RECORD,
        query=sql,
        refresh=sdk.VariableRefresh.ON_TIME_RANGE_CHANGED,
        sort=sdk.VariableSort.DISABLED,
        multi=many,
        include_all=many,
        current=everything if many else None,
    )


def mark(name: str, sql: str, colour: str, *, on: bool) -> sdk.AnnotationQuery:
    """Events as lines, or spans of time as areas, through all panels."""
    return sdk.AnnotationQuery(
        name=name,
        datasource=RECORD,
        enable=on,
        icon_color=colour,
        target=Query(sql, "Anno"),
    )


def _record() -> sdk.VariableModel:
    """Which file is looked at: a new plant is a data source whose name begins so."""
    return sdk.VariableModel(
        type_val=sdk.VariableType.DATASOURCE,
        name="record",
        label="Record",
        query=PLUGIN,
        regex="/^(trend|inspect)/",
        current=sdk.VariableOption(selected=True, text="trend", value="ppc-trend"),
        refresh=sdk.VariableRefresh.ON_DASHBOARD_LOAD,
    )


def _placed(rows: Iterable[Row]) -> Iterator[sdk.Panel]:
    numbers, top = count(1), 0
    for height, panels in rows:
        left = 0
        for entry in panels:
            usual = _WIDTH // len(panels)
            width, panel = entry if isinstance(entry, tuple) else (usual, entry)
            placed = copy(panel)
            placed.id_val = next(numbers)
            placed.grid_pos = sdk.GridPos(h=height, w=width, x=left, y=top)
            left += width
            yield placed
        top += height
