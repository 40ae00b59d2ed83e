"""Lines along something: a threshold, a supposed error. Series differ by dash and by marker as well as by colour."""

from __future__ import annotations

import math

from riskaudit.report.chart_frame import LINE, WIDTH, finish, head, reach, writer
from riskaudit.report.data import ChartBlock, Mark
from riskaudit.report.drawing import Drawing, Line, Path, Ruler, Shape, Symbol, Text, clip, near_ruler, ruler

__all__ = ["curve"]

_LEFT, _RIGHT, _HEIGHT = 48, WIDTH - 96, 220
_NAMES = WIDTH - _RIGHT - 10  # room for a line's own name at its end


def curve(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    """Return the picture of one panel: a line through the marks of each series that lie within the axes, named at its end."""
    shapes: list[Shape] = []
    top = head(chart, panel, shapes) + 6
    along = [one.at.estimate for one in chart.marks if one.at is not None and one.at.estimate is not None]
    across = near_ruler(along or [0.0], _LEFT, _RIGHT)
    held = ruler(_heights(chart), 0, 1)
    up = Ruler(held.low, held.high, top + _HEIGHT, top, held.step)
    frame = _frame(chart, across, up)
    ends: list[tuple[float, str]] = []
    for place, series in enumerate(chart.series):
        points = [one for one in chart.marks if (one.panel, one.series) == (panel, series) and _within(one, up)]
        line = [(across.at(one.at.estimate), up.at(one.value.estimate)) for one in points]  # type: ignore[union-attr,arg-type]
        shapes += [Path(tuple(line), f"curve s{place}")] if len(line) > 1 else []
        shapes += [Symbol(x, y, place) for x, y in line]
        ends += [(line[-1][1], series)] if line else []
    if len(chart.series) > 1:
        shapes += [Text(_RIGHT + 10, y + 4, clip(name, _NAMES), "end") for y, name in _apart(ends, top + _HEIGHT)]
    return finish(chart, panel, mark, [*frame, *shapes], top + _HEIGHT + LINE + 4)


def _heights(chart: ChartBlock) -> list[float]:
    """Return the numbers that the upright axis must hold: the lines where they are within limits. Intervals are in the table."""
    low, high = chart.limits or (-math.inf, math.inf)
    known = [one.value.estimate for one in chart.marks if one.value.estimate is not None]
    known = [value for value in known if low <= value <= high]
    return [*known, *([] if chart.equal is None else [chart.equal])] or reach(chart)


def _within(one: Mark, up: Ruler) -> bool:
    at, value = one.at.estimate if one.at else None, one.value.estimate
    return at is not None and value is not None and up.low <= value <= up.high


def _frame(chart: ChartBlock, across: Ruler, up: Ruler) -> list[Shape]:
    """Return the grid with its numbers, the line where groups are alike, and what the horizontal axis is."""
    along = writer(one.at for one in chart.marks if one.at is not None)
    shapes: list[Shape] = []
    for tick, text in zip(across.ticks, across.labels(along), strict=True):
        x = across.at(tick)
        shapes += [Line(x, up.end, x, up.start, "grid"), Text(x, up.start + 15, text, "tick", "middle")]
    for tick, text in zip(up.ticks, up.labels(writer(one.value for one in chart.marks)), strict=True):
        y = up.at(tick)
        shapes += [Line(_LEFT, y, _RIGHT, y, "grid"), Text(_LEFT - 6, y + 4, text, "tick", "end")]
    if chart.equal is not None:
        shapes.append(Line(_LEFT, up.at(chart.equal), _RIGHT, up.at(chart.equal), "alike"))
    return [*shapes, Text(_LEFT, up.start + 15 + LINE, clip(chart.along, WIDTH - _LEFT), "tick")]


def _apart(ends: list[tuple[float, str]], bottom: float) -> list[tuple[float, str]]:
    """Return the lines' names with their heights, pushed apart so that none covers another."""
    placed: list[tuple[float, str]] = []
    for y, name in sorted(ends):
        placed.append((max(y, placed[-1][0] + LINE) if placed else y, name))
    over = max(placed[-1][0] - bottom, 0.0) if placed else 0.0
    for at in range(len(placed) - 1, -1, -1):  # pushed back up from the bottom, as far as needed
        y, name = placed[at]
        limit = placed[at + 1][0] - LINE if at + 1 < len(placed) else y - over
        placed[at] = (min(y, limit), name)
    return placed
