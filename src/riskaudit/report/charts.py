"""Where everything stands in a chart. One function for each kind; what is drawn is in the chart's rows and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from riskaudit.report.data import ChartBlock, ChartKind, Mark, Value
from riskaudit.report.drawing import Box, Drawing, Line, Path, Ruler, Shape, Symbol, Text, ruler, wrap
from riskaudit.report.formats import defined

__all__ = ["draw"]

_WIDTH = 360
_LINE = 14  # height of a line of chart text
_FOOT = 34  # room for the axis and the mark below the rows


def draw(chart: ChartBlock, mark: str) -> tuple[Drawing, ...]:
    """Return the pictures of a chart, one for each panel, all on the same scale.

    Each carries the chart's own mark at its foot, or `mark`, the report's, where it has none.
    """
    return tuple(_DRAWERS[chart.chart](chart, panel, chart.mark or mark) for panel in chart.panels)


@dataclass(frozen=True)
class _Row:
    """One label of a chart, with its marks in series order."""

    label: str
    marks: tuple[Mark, ...]


def _estimate_intervals(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    gutter, right = 116, _WIDTH - 46
    scale = ruler(_reach(chart), gutter, right, chart.limits)
    shapes: list[Shape] = []
    top = y = _head(chart, panel, shapes)
    for row in _rows(chart, panel):
        lines = wrap(row.label, gutter - 10)
        height = _LINE * max(len(lines), len(row.marks)) + 10
        shapes += _label(lines, y + height / 2)
        first = y + height / 2 - (len(row.marks) - 1) * _LINE / 2
        for place, one in enumerate(row.marks):
            shapes += _target(one.target, scale, first + place * _LINE)
            shapes += _interval(one.value, chart.series.index(one.series), scale, first + place * _LINE)
        y += height
    return _finish(chart, panel, mark, [*_grid(chart, scale, top, y), *shapes], y)


def _bars(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    scale = ruler(_reach(chart), 2, _WIDTH - 60, chart.limits)
    shapes: list[Shape] = []
    y = _head(chart, panel, shapes)
    for row in _rows(chart, panel):
        for line in wrap(row.label, _WIDTH - 8):
            y += _LINE
            shapes.append(Text(2, y, line, "label"))
        for one in row.marks:
            shapes += _bar(one.value, chart.series.index(one.series), scale, y + 6)
            y += _LINE
        y += 10
    return _finish(chart, panel, mark, shapes, y - 12)


def _calibration(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    left, right, height = 44, _WIDTH - 12, 250
    shapes: list[Shape] = []
    top = _head(chart, panel, shapes) + 6
    marks = [one for one in chart.marks if one.panel == panel and one.at is not None and defined(one.value)]
    along = [one.at.estimate for one in chart.marks if one.at is not None and one.at.estimate is not None]
    across = ruler([*_reach(chart), *along], left, right)
    up = Ruler(across.low, across.high, top + height, top, across.step)
    shapes += _grid(chart, across, top, top + height)
    for tick, text in zip(up.ticks, up.labels(_percent), strict=True):
        shapes += [
            Line(left, up.at(tick), right, up.at(tick), "grid"), Text(left - 6, up.at(tick) + 4, text, "tick", "end"),
        ]  # fmt: skip
    shapes.append(Line(left, up.at(up.low), right, up.at(up.high), "diagonal"))
    for one in marks:
        shapes += _point(one, chart.series.index(one.series), across, up)
    return _finish(chart, panel, mark, shapes, top + height)


def _flow(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    levels = _levels([one for one in chart.marks if one.panel == panel])
    boxes: dict[str, tuple[float, float]] = {}
    shapes: list[Shape] = []
    y = 4.0
    for level in levels:
        width = (_WIDTH - 4) / len(level)
        texts = [wrap(one.label, width - 14) for one in level]
        height = 30 + _LINE * max(len(lines) for lines in texts)
        for place, (one, lines) in enumerate(zip(level, texts, strict=True)):
            middle = 2 + width * (place + 0.5)
            if one.parent in boxes:
                shapes.append(_elbow(boxes[one.parent], (middle, y)))
            boxes[one.label] = (middle, y + height)
            shapes += _flow_box(middle, y, width - 6, height, one.value, lines)
        y += height + 24
    return _finish(chart, panel, mark, shapes, y - 46)


_DRAWERS: dict[ChartKind, Callable[[ChartBlock, str, str], Drawing]] = {
    ChartKind.ESTIMATE_INTERVALS: _estimate_intervals,
    ChartKind.BARS: _bars,
    ChartKind.CALIBRATION: _calibration,
    ChartKind.FLOW: _flow,
}


def _rows(chart: ChartBlock, panel: str) -> Iterator[_Row]:
    here = [one for one in chart.marks if one.panel == panel]
    for label in dict.fromkeys(one.label for one in here):
        yield _Row(label, tuple(one for one in here if one.label == label))


def _reach(chart: ChartBlock) -> list[float]:
    """Return every number that the scale must hold, over all panels, so that panels can be compared by eye."""
    shown = [value for one in chart.marks for value in (one.value, one.target) if value is not None]
    ends = [(value.estimate, value.lower, value.upper) for value in shown]
    return [end for three in ends for end in three if end is not None]


def _head(chart: ChartBlock, panel: str, shapes: list[Shape]) -> float:
    """Add the panel's name and the legend; return where the rows begin."""
    y = 0.0
    if panel:
        y += 16
        shapes.append(Text(2, y, panel, "panel"))
    if len(chart.series) > 1:
        x, y = 8.0, y + 20
        for place, name in enumerate(chart.series):
            width = 22 + 6.6 * len(name)
            if x + width > _WIDTH and x > 8:
                x, y = 8.0, y + 18
            shapes += [Symbol(x, y - 4, place), Text(x + 10, y, name, "legend")]
            x += width
    if any(one.target for one in chart.marks):
        y += 20
        name = f"{chart.target_name}; shaded: near enough" if _tolerant(chart) else chart.target_name
        shapes += [Line(8, y - 10, 8, y + 2, "target"), Text(18, y, name, "legend")]
    return y + 8


def _tolerant(chart: ChartBlock) -> bool:
    return any(one.target is not None and one.target.lower is not None for one in chart.marks)


def _grid(chart: ChartBlock, scale: Ruler, top: float, bottom: float) -> list[Shape]:
    percent = chart.chart is ChartKind.CALIBRATION or any("%" in one.value.short for one in chart.marks)
    labels = scale.labels(_percent if percent else _plain)
    grid: list[Shape] = []
    for tick, text in zip(scale.ticks, labels, strict=True):
        x = scale.at(tick)
        grid += [Line(x, top, x, bottom, "grid"), Text(x, bottom + 15, text, "tick", "middle")]
    return grid


def _label(lines: list[str], middle: float) -> list[Shape]:
    first = middle - (len(lines) - 1) * _LINE / 2 + 4
    return [Text(2, first + place * _LINE, line, "label") for place, line in enumerate(lines)]


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
    return [*shapes, Symbol(scale.at(value.estimate), y, series), Text(_WIDTH - 2, y + 4, value.short, "value", "end")]


def _bar(value: Value, series: int, scale: Ruler, y: float) -> list[Shape]:
    if value.estimate is None:
        return [Text(scale.start, y + 9, value.short, "absent")]
    zero, end = scale.at(0), scale.at(value.estimate)
    bar: list[Shape] = [Box(min(zero, end), y, abs(end - zero), 10, f"bar s{series}")]
    if value.lower is not None and value.upper is not None:
        ends = (scale.at(value.lower), y + 5, scale.at(value.upper), y + 5)
        bar += [Line(*ends, "halo"), Line(*ends, "whisker")]
    furthest = max(scale.at(value.upper) if value.upper is not None else end, end, zero)
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
    texts = [Text(middle, y + 38 + place * _LINE, line, "flow-label", "middle") for place, line in enumerate(lines)]
    box = Box(middle - width / 2, y, width, height, "flow-box")
    return [box, Text(middle, y + 21, value.short, "flow-value", "middle"), *texts]


def _finish(chart: ChartBlock, panel: str, mark: str, shapes: list[Shape], bottom: float) -> Drawing:
    height = round(bottom + _FOOT + 6)
    foot = Text(_WIDTH - 2, height - 4, mark, "mark", "end")
    title = ": ".join(part for part in (chart.kicker, panel) if part)
    return Drawing(_WIDTH, height, title, _description(chart), (*shapes, foot))


def _description(chart: ChartBlock) -> str:
    return f"{chart.title}. {chart.axis}. The table with this chart has the same numbers."


def _percent(value: float, places: int) -> str:
    return f"{value * 100:.{max(places - 2, 0)}f}%"


def _plain(value: float, places: int) -> str:
    return f"{value:,.{places}f}"
