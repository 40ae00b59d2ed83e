"""A chart of what each part adds to, or takes from, where the parts before it had come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from riskaudit.report.chart_frame import LINE, WIDTH, finish, grid, head, label, rows
from riskaudit.report.data import ChartBlock, Mark
from riskaudit.report.drawing import Box, Drawing, Line, Shape, Text, ruler, wrap

__all__ = ["AGAINST", "FOR", "STANDS", "WATERFALL_SERIES", "waterfall"]

STANDS, FOR, AGAINST = "Stands at", "Adds", "Takes away"
WATERFALL_SERIES = (STANDS, FOR, AGAINST)
"""A waterfall's series. A mark that stands is a level, from zero; the others start where the mark before them ended."""

_GUTTER, _RIGHT = 150, WIDTH - 50
_BAR = 10


@dataclass(frozen=True)
class _Step:
    """One bar: from where to where."""

    mark: Mark
    start: float
    end: float


def waterfall(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    """Return the picture of one panel. Marks are in order; a mark that has no number is named, and moves nothing."""
    steps = {one: list(_steps(chart, one)) for one in chart.panels}
    scale = ruler(
        [end for every in steps.values() for step in every for end in (step.start, step.end)], _GUTTER, _RIGHT
    )
    shapes: list[Shape] = []
    top = y = head(chart, panel, shapes)
    for row, step in zip(rows(chart, panel), steps[panel], strict=True):
        lines = wrap(row.label, _GUTTER - 10)
        height = LINE * len(lines) + 8
        shapes += label(lines, y + height / 2)
        middle, start, end = y + height / 2, scale.at(step.start), scale.at(step.end)
        series = chart.series.index(step.mark.series)
        shapes.append(Box(min(start, end), middle - _BAR / 2, max(abs(end - start), 1.0), _BAR, f"bar s{series}"))
        shapes.append(Text(WIDTH - 2, middle + 4, step.mark.value.short, "value", "end"))
        shapes.append(Line(end, middle + _BAR / 2, end, y + height + 4, "grid"))
        y += height
    return finish(chart, panel, mark, [*grid(chart, scale, top, y), *shapes], y)


def _steps(chart: ChartBlock, panel: str) -> Iterator[_Step]:
    at = 0.0
    for mark in chart.marks:
        if mark.panel == panel:
            size = mark.value.estimate or 0.0
            start, at = (0.0, size) if mark.series == STANDS else (at, at + size)
            yield _Step(mark, start, at)
