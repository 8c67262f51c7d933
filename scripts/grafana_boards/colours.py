"""Colours, and the one each signal has in all dashboards."""

BLUE, GREEN, GREY, ORANGE = "#5794F2", "#73BF69", "#8E8E8E", "#FF9830"
PURPLE, RED, YELLOW, TEAL = "#B877D9", "#F2495C", "#FADE2A", "#37C8B4"
DARK = "#5A5A62"
CLEAR = "transparent"
