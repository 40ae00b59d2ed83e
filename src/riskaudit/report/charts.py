"""Where everything stands in a chart. One function for each kind; what is drawn is in the chart's rows and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

from riskaudit.report.chart_frame import LINE, WIDTH, finish, grid, head, label, percent, reach, rows
from riskaudit.report.curve import curve
from riskaudit.report.data import ChartBlock, ChartKind, Mark, Value
from riskaudit.report.drawing import Box, Drawing, Line, Path, Ruler, Shape, Symbol, Text, ruler, wrap
from riskaudit.report.formats import defined
from riskaudit.report.hundred import hundred
from riskaudit.report.waterfall import waterfall

__all__ = ["draw"]


def draw(chart: ChartBlock, mark: str) -> tuple[Drawing, ...]:
    """Return the pictures of a chart, one for each panel, all on the same scale.

    Each carries the chart's own mark at its foot, or `mark`, the report's, where it has none.
    """
    return tuple(_DRAWERS[chart.chart](chart, panel, chart.mark or mark) for panel in chart.panels)


def _estimate_intervals(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    longest = max((len(one.value.short) for one in chart.marks if defined(one.value)), default=0)
    gutter, right = 116, WIDTH - max(46, 12 + 6 * longest)  # room for each number beside its dot
    alike = [] if chart.equal is None else [chart.equal]
    scale = ruler([*reach(chart), *alike], gutter, right, chart.limits)
    shapes: list[Shape] = []
    top = y = head(chart, panel, shapes)
    for row in rows(chart, panel):
        lines = wrap(row.label, gutter - 10)
        height = LINE * max(len(lines), len(row.marks)) + 10
        shapes += label(lines, y + height / 2)
        first = y + height / 2 - (len(row.marks) - 1) * LINE / 2
        for place, one in enumerate(row.marks):
            shapes += _target(one.target, scale, first + place * LINE)
            shapes += _interval(one.value, chart.series.index(one.series), scale, first + place * LINE)
        y += height
    alike_line = [Line(scale.at(place), top, scale.at(place), y, "alike") for place in alike]
    return finish(chart, panel, mark, [*grid(chart, scale, top, y), *alike_line, *shapes], y)


def _bars(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    longest = max((len(one.value.short) for one in chart.marks if defined(one.value)), default=0)
    begins = [] if chart.equal is None else [chart.equal]
    scale = ruler([*reach(chart), *begins], 2, WIDTH - max(60, 12 + 6 * longest), chart.limits)
    shapes: list[Shape] = []
    y = head(chart, panel, shapes)
    for row in rows(chart, panel):
        for line in wrap(row.label, WIDTH - 8):
            y += LINE
            shapes.append(Text(2, y, line, "label"))
        for one in row.marks:
            shapes += _bar(
                one.value, chart.series.index(one.series), scale, y + 6, max(map(scale.at, begins), default=0.0)
            )
            shapes += [Line(scale.at(place), y + 2, scale.at(place), y + 20, "target") for place in begins]
            y += LINE
        y += 10
    return finish(chart, panel, mark, shapes, y - 12)


def _calibration(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    left, right, height = 44, WIDTH - 12, 250
    shapes: list[Shape] = []
    top = head(chart, panel, shapes) + 6
    marks = [one for one in chart.marks if one.panel == panel and one.at is not None and defined(one.value)]
    along = [one.at.estimate for one in chart.marks if one.at is not None and one.at.estimate is not None]
    across = ruler([*reach(chart), *along], left, right)
    up = Ruler(across.low, across.high, top + height, top, across.step)
    shapes += grid(chart, across, top, top + height)
    for tick, text in zip(up.ticks, up.labels(percent), strict=True):
        shapes += [
            Line(left, up.at(tick), right, up.at(tick), "grid"), Text(left - 6, up.at(tick) + 4, text, "tick", "end"),
        ]  # fmt: skip
    shapes.append(Line(left, up.at(up.low), right, up.at(up.high), "diagonal"))
    for one in marks:
        shapes += _point(one, chart.series.index(one.series), across, up)
    return finish(chart, panel, mark, shapes, top + height)


def _flow(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    levels = _levels([one for one in chart.marks if one.panel == panel])
    boxes: dict[str, tuple[float, float]] = {}
    shapes: list[Shape] = []
    y = 4.0
    for level in levels:
        width = (WIDTH - 4) / len(level)
        texts = [wrap(one.label, width - 14) for one in level]
        height = 30 + LINE * max(len(lines) for lines in texts)
        for place, (one, lines) in enumerate(zip(level, texts, strict=True)):
            middle = 2 + width * (place + 0.5)
            if one.parent in boxes:
                shapes.append(_elbow(boxes[one.parent], (middle, y)))
            boxes[one.label] = (middle, y + height)
            shapes += _flow_box(middle, y, width - 6, height, one.value, lines)
        y += height + 24
    return finish(chart, panel, mark, shapes, y - 46)


_DRAWERS: dict[ChartKind, Callable[[ChartBlock, str, str], Drawing]] = {
    ChartKind.ESTIMATE_INTERVALS: _estimate_intervals,
    ChartKind.BARS: _bars,
    ChartKind.CALIBRATION: _calibration,
    ChartKind.FLOW: _flow,
    ChartKind.WATERFALL: waterfall,
    ChartKind.CURVE: curve,
    ChartKind.HUNDRED: hundred,
}


def _target(target: Value | None, scale: Ruler, y: float) -> list[Shape]:
    """Return what a number is held against: a line at the figure, over a band of what is near enough."""
    shapes: list[Shape] = []
    if target is not None and target.lower is not None:
        start, end = scale.at(target.lower), scale.end if target.upper is None else scale.at(target.upper)
        shapes.append(Box(start, y - 6, end - start, 12, "band"))
    if target is not None and target.estimate is not None:
        shapes.append(Line(scale.at(target.estimate), y - 6, scale.at(target.estimate), y + 6, "target"))
    return shapes


def _interval(value: Value, series: int, scale: Ruler, y: float) -> list[Shape]:
    if value.estimate is None:
        return [Text(scale.start, y + 4, value.short, "absent")]
    shapes: list[Shape] = []
    if value.lower is not None and value.upper is not None:
        shapes.append(Line(scale.at(value.lower), y, scale.at(value.upper), y, f"interval s{series}"))
        shapes += [Text(scale.end - 3, y + 4, "›", "beyond", "end")] if value.upper > scale.high else []
    return [*shapes, Symbol(scale.at(value.estimate), y, series), Text(WIDTH - 2, y + 4, value.short, "value", "end")]


def _bar(value: Value, series: int, scale: Ruler, y: float, clear_of: float = 0.0) -> list[Shape]:
    """Return one bar, and its number to the right of it and of what it is held against."""
    if value.estimate is None:
        return [Text(scale.start, y + 9, value.short, "absent")]
    zero, end = scale.at(0), scale.at(value.estimate)
    bar: list[Shape] = [Box(min(zero, end), y, abs(end - zero), 10, f"bar s{series}")]
    if value.lower is not None and value.upper is not None:
        ends = (scale.at(value.lower), y + 5, scale.at(value.upper), y + 5)
        bar += [Line(*ends, "halo"), Line(*ends, "whisker")]
    furthest = max(scale.at(value.upper) if value.upper is not None else end, end, zero, clear_of)
    return [*bar, Text(furthest + 6, y + 9, value.short, "value")]


def _point(one: Mark, series: int, across: Ruler, up: Ruler) -> list[Shape]:
    value, at = one.value, one.at
    if at is None or at.estimate is None or value.estimate is None:
        return []
    x = across.at(at.estimate)
    whisker: list[Shape] = []
    if value.lower is not None and value.upper is not None:
        whisker.append(Line(x, up.at(value.lower), x, up.at(value.upper), f"interval s{series}"))
    return [*whisker, Symbol(x, up.at(value.estimate), series)]


def _levels(marks: list[Mark]) -> list[list[Mark]]:
    """Return boxes by depth, each level in the order of its parents."""
    levels = [[one for one in marks if not one.parent]]
    while below := [one for parent in levels[-1] for one in marks if one.parent == parent.label]:
        levels.append(below)
    return levels


def _elbow(start: tuple[float, float], end: tuple[float, float]) -> Path:
    bend = (start[1] + end[1]) / 2
    return Path((start, (start[0], bend), (end[0], bend), end), "flow")


def _flow_box(middle: float, y: float, width: float, height: float, value: Value, lines: list[str]) -> list[Shape]:
    texts = [Text(middle, y + 38 + place * LINE, line, "flow-label", "middle") for place, line in enumerate(lines)]
    box = Box(middle - width / 2, y, width, height, "flow-box")
    return [box, Text(middle, y + 21, value.short, "flow-value", "middle"), *texts]
