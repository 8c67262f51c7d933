"""The form of panels."""

from collections.abc import Iterable, Mapping, Sequence

from grafana_foundation_sdk.models import (
    barchart,
    common,
    stat,
    statetimeline,
    table,
    timeseries,
    xychart,
)
from grafana_foundation_sdk.models.dashboard import (
    FieldColor,
    FieldColorModeId,
    FieldConfigSource,
    Panel,
)

from grafana_boards import fields
from grafana_boards.queries import RECORD, Query
from grafana_boards.signals import Shown

_POINTS_COUNT = 700
"""Asked of Grafana; it rounds the step down by up to 1.75 times, so up to 1225 come."""
_LEGEND = common.VizLegendOptions(
    display_mode=common.LegendDisplayMode.LIST,
    placement=common.LegendPlacement.BOTTOM,
    show_legend=True,
)
_NO_LEGEND = common.VizLegendOptions(
    display_mode=common.LegendDisplayMode.LIST,
    placement=common.LegendPlacement.BOTTOM,
    show_legend=False,
)
_ALL = common.VizTooltipOptions(common.TooltipDisplayMode.MULTI)
_ONE = common.VizTooltipOptions(common.TooltipDisplayMode.SINGLE)


def curves(
    title: str, says: str, sqls: Sequence[str], shown: Iterable[Shown], **of: object
) -> Panel:
    """Lines over time; `of` is more of how they are drawn."""
    return _lines(title, says, sqls, fields.source(shown, _drawn(of)))


def lines(title: str, says: str, sql: str, shown: Shown, **of: object) -> Panel:
    """A line over time for each device."""
    look = fields.of_devices(shown, _drawn(of))
    return _lines(title, says, [sql], look, long=True)


def bars(title: str, says: str, sql: str, shown: Iterable[Shown]) -> Panel:
    """Counts over time, stacked."""
    stacking = common.StackingConfig(common.StackingMode.NORMAL, "A")
    return curves(
        *(title, says, [sql], shown),
        draw_style=common.GraphDrawStyle.BARS,
        fill_opacity=80,
        stacking=stacking,
    )


def states(title: str, says: str, sql: str, shown: Sequence[Shown]) -> Panel:
    """What was the case when. All of `shown` have the same words."""
    bare = [column._replace(words={}) for column in shown]
    look = fields.source(bare, _BLOCKS, fixed=False)
    assert look.defaults is not None
    look.defaults.mappings = [fields.mapping(shown[0].words)]
    look.defaults.color = FieldColor(FieldColorModeId.THRESHOLDS)
    return _timeline(title, says, sql, look)


def device_states(title: str, says: str, sql: str, shown: Shown) -> Panel:
    """What was the case when, of each device."""
    look = fields.of_devices(shown, _BLOCKS)
    return _timeline(title, says, sql, look, long=True)


def figures(
    title: str, says: str, sqls: Sequence[str], shown: Iterable[Shown]
) -> Panel:
    """Last values in large type."""
    panel = _panel("stat", title, says, sqls, fields.source(shown))
    panel.options = stat.Options(
        graph_mode=common.BigValueGraphMode.NONE,
        color_mode=common.BigValueColorMode.VALUE,
        justify_mode=common.BigValueJustifyMode.CENTER,
        text_mode=common.BigValueTextMode.VALUE_AND_NAME,
        wide_layout=True,
        reduce_options=common.ReduceDataOptions(
            values=False, calcs=["lastNotNull"], fields="/^(?!time$).*/"
        ),
        orientation=common.VizOrientation.VERTICAL,
    )
    return panel


def listing(title: str, says: str, sql: str, shown: Iterable[Shown]) -> Panel:
    """A table."""
    coloured = {"cellOptions": {"type": "color-text"}}
    columns = [
        column._replace(custom={**column.custom, **coloured})
        if column.words or column.limits
        else column
        for column in shown
    ]
    look = fields.source(columns, common.TableFieldOptions(), fixed=False)
    panel = _panel("table", title, says, [sql], look)
    panel.options = table.Options(
        frame_index=0, show_header=True, cell_height=common.TableCellHeight.SM
    )
    return panel


def columns(title: str, says: str, sql: str, by: str, shown: Iterable[Shown]) -> Panel:
    """Bars side by side for each value of the column `by`."""
    look = fields.source((*shown, Shown(by, by)), barchart.FieldConfig(fill_opacity=80))
    panel = _panel("barchart", title, says, [sql], look)
    panel.options = barchart.Options(
        x_field=by,
        show_value=common.VisibilityMode.NEVER,
        x_tick_label_spacing=60,
        group_width=0.8,
        legend=_LEGEND,
        tooltip=_ALL,
    )
    return panel


def points(
    title: str,
    says: str,
    sqls: Sequence[str],
    x: Shown,
    series: Mapping[str, tuple[int, str]],
    shown: Sequence[Shown],
) -> Panel:
    """One signal over another. `series`: name, number of the query and column of y."""
    custom = xychart.FieldConfig(
        show=xychart.XYShowMode.POINTS,
        point_size=xychart.XychartFieldConfigPointSize(fixed=3),
        fill_opacity=60,
    )
    panel = _panel("xychart", title, says, sqls, fields.source((x, *shown), custom))
    panel.options = xychart.Options(
        mapping=xychart.SeriesMapping.MANUAL,
        legend=_LEGEND,
        tooltip=_ONE,
        series=[_over(x, name, *where) for name, where in series.items()],
    )
    return panel


def _over(x: Shown, name: str, frame: int, y: str) -> xychart.XYSeriesConfig:
    def by_name(column: str) -> xychart.MatcherConfig:
        return xychart.MatcherConfig("byName", column)

    return xychart.XYSeriesConfig(
        name=xychart.XychartXYSeriesConfigName(name),
        frame=xychart.XychartXYSeriesConfigFrame(
            xychart.MatcherConfig("byIndex", frame)
        ),
        x=xychart.XychartXYSeriesConfigX(by_name(x.column)),
        y=xychart.XychartXYSeriesConfigY(by_name(y)),
    )


_BLOCKS = statetimeline.FieldConfig(fill_opacity=70, line_width=0)


def _drawn(of: Mapping[str, object]) -> common.GraphFieldConfig:
    usual = {
        "line_width": 1,
        "fill_opacity": 0,
        "show_points": common.VisibilityMode.AUTO,
        "span_nulls": False,
    }
    return common.GraphFieldConfig(**{**usual, **of})


def _lines(
    title: str,
    says: str,
    sqls: Sequence[str],
    look: FieldConfigSource,
    *,
    long: bool = False,
) -> Panel:
    panel = _panel("timeseries", title, says, sqls, look, long=long)
    panel.options = timeseries.Options(legend=_LEGEND, tooltip=_ALL)
    return panel


def _timeline(
    title: str, says: str, sql: str, look: FieldConfigSource, *, long: bool = False
) -> Panel:
    panel = _panel("state-timeline", title, says, [sql], look, long=long)
    panel.options = statetimeline.Options(
        show_value=common.VisibilityMode.AUTO,
        row_height=0.9,
        merge_values=True,
        align_value=common.TimelineValueAlignment.LEFT,
        legend=_NO_LEGEND,
        tooltip=_ONE,
    )
    return panel


def _panel(
    kind: str,
    title: str,
    says: str,
    sqls: Sequence[str],
    look: FieldConfigSource,
    *,
    long: bool = False,
) -> Panel:
    return Panel(
        type_val=kind,
        title=title,
        description=says,
        datasource=RECORD,
        interval="1s",
        max_data_points=_POINTS_COUNT,
        targets=[
            Query(sql, ref, long=long) for ref, sql in zip("ABCDEF", sqls, strict=False)
        ],
        field_config=look,
    )
