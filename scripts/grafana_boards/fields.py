"""How Grafana is told what a column is called and looks like."""

from collections.abc import Iterable, Mapping

from grafana_foundation_sdk.models.dashboard import (
    DashboardFieldConfigSourceOverrides,
    DynamicConfigValue,
    FieldColor,
    FieldColorModeId,
    FieldConfig,
    FieldConfigSource,
    MatcherConfig,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
    ValueMap,
    ValueMappingResult,
)

from grafana_boards.signals import Shown


def source(
    shown: Iterable[Shown], custom: object = None, *, fixed: bool = True
) -> FieldConfigSource:
    """All columns of a panel. `fixed`: curves have the colour of their signal."""
    return FieldConfigSource(
        FieldConfig(unit="none", custom=custom),
        [_override(column, fixed=fixed) for column in shown],
    )


def of_devices(shown: Shown, custom: object = None) -> FieldConfigSource:
    """One column with a series for each device, in a colour that stays with its name."""
    defaults = FieldConfig(
        display_name="${__field.labels.device}",
        unit=shown.unit,
        decimals=shown.decimals,
        color=FieldColor(FieldColorModeId.PALETTE_CLASSIC_BY_NAME),
        custom=custom,
    )
    if shown.words:
        defaults.mappings = [mapping(shown.words)]
        defaults.color = FieldColor(FieldColorModeId.THRESHOLDS)
    if shown.limits:
        defaults.thresholds = thresholds(shown.limits)
    return FieldConfigSource(defaults, [])


def mapping(words: Mapping[str, tuple[str, str]]) -> ValueMap:
    """Text and colour of each value."""
    return ValueMap(
        {
            value: ValueMappingResult(text=text, color=colour, index=index)
            for index, (value, (text, colour)) in enumerate(words.items())
        }
    )


def thresholds(limits: Mapping[str, float | None]) -> ThresholdsConfig:
    """From which value on which colour."""
    steps = [Threshold(value, colour) for colour, value in limits.items()]
    return ThresholdsConfig(ThresholdsMode.ABSOLUTE, steps)


def _override(shown: Shown, *, fixed: bool) -> DashboardFieldConfigSourceOverrides:
    look: dict[str, object] = {"displayName": shown.title, "unit": shown.unit}
    if shown.limits:
        look["thresholds"] = thresholds(shown.limits)
        look["color"] = FieldColor(FieldColorModeId.THRESHOLDS)
    elif fixed:
        look["color"] = FieldColor(FieldColorModeId.FIXED, shown.colour)
    if shown.dashed:
        look["custom.lineStyle"] = {"fill": "dash", "dash": [8, 6]}
    if shown.decimals is not None:
        look["decimals"] = shown.decimals
    if shown.words:
        look["mappings"] = [mapping(shown.words)]
    if shown.link:
        look["links"] = [{"title": f"{shown.title}: more", "url": shown.link}]
    look |= {f"custom.{name}": value for name, value in shown.custom.items()}
    return DashboardFieldConfigSourceOverrides(
        matcher=MatcherConfig("byName", shown.column),
        properties=[DynamicConfigValue(name, value) for name, value in look.items()],
    )
