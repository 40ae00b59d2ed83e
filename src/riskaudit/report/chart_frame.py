"""What every chart has around its marks: rows, legend, grid, labels and foot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from riskaudit.report.data import ChartBlock, ChartKind, Mark, Value
from riskaudit.report.drawing import Drawing, Line, Ruler, Shape, Symbol, Text, clip

__all__ = ["LINE", "WIDTH", "Row", "finish", "grid", "head", "label", "percent", "plain", "reach", "rows", "writer"]

WIDTH = 360
LINE = 14
"""Height of a line of chart text."""
_FOOT = 34  # room for the axis and the mark below the rows


@dataclass(frozen=True)
class Row:
    """One label of a chart, with its marks in series order."""

    label: str
    marks: tuple[Mark, ...]


def rows(chart: ChartBlock, panel: str) -> Iterator[Row]:
    """Yield a panel's labels in the order in which they first occur."""
    here = [one for one in chart.marks if one.panel == panel]
    for label in dict.fromkeys(one.label for one in here):
        yield Row(label, tuple(one for one in here if one.label == label))


def reach(chart: ChartBlock) -> list[float]:
    """Return every number that the scale must hold, over all panels, so that panels can be compared by eye."""
    shown = [value for one in chart.marks for value in (one.value, one.target) if value is not None]
    ends = [(value.estimate, value.lower, value.upper) for value in shown]
    return [end for three in ends for end in three if end is not None]


def head(chart: ChartBlock, panel: str, shapes: list[Shape]) -> float:
    """Add the panel's name and the legend; return where the rows begin."""
    y = 0.0
    if panel:
        y += 16
        shapes.append(Text(2, y, clip(panel, WIDTH - 30), "panel"))
    if len(chart.series) > 1:
        x, y = 8.0, y + 20
        for place, whole in enumerate(chart.series):
            name = clip(whole, WIDTH - 40)
            width = 26 + 7.0 * len(name)
            if x + width > WIDTH and x > 8:
                x, y = 8.0, y + 18
            shapes += [Symbol(x, y - 4, place), Text(x + 10, y, name, "legend")]
            x += width
    if any(one.target for one in chart.marks):
        y += 20
        name = f"{chart.target_name}; shaded: near enough" if _tolerant(chart) else chart.target_name
        shapes += [Line(8, y - 10, 8, y + 2, "target"), Text(18, y, name, "legend")]
    return y + 8


def grid(chart: ChartBlock, scale: Ruler, top: float, bottom: float) -> list[Shape]:
    """Return upright lines at round numbers, numbered at the foot."""
    labels = scale.labels(percent if chart.chart is ChartKind.CALIBRATION else writer(one.value for one in chart.marks))
    shapes: list[Shape] = []
    for tick, text in zip(scale.ticks, labels, strict=True):
        x = scale.at(tick)
        shapes += [Line(x, top, x, bottom, "grid"), Text(x, bottom + 15, text, "tick", "middle")]
    return shapes


def label(lines: list[str], middle: float) -> list[Shape]:
    """Return the lines of a row's label, around a height."""
    first = middle - (len(lines) - 1) * LINE / 2 + 4
    return [Text(2, first + place * LINE, line, "label") for place, line in enumerate(lines)]


def finish(chart: ChartBlock, panel: str, mark: str, shapes: list[Shape], bottom: float) -> Drawing:
    """Return the picture of a panel, with the mark at its foot."""
    height = round(bottom + _FOOT + 6)
    foot = Text(WIDTH - 2, height - 4, mark, "mark", "end")
    title = ": ".join(part for part in (chart.kicker, panel) if part)
    return Drawing(WIDTH, height, title, _description(chart), (*shapes, foot))


def writer(values: Iterable[Value]) -> Callable[[float, int], str]:
    """Return how an axis of these values is numbered: in the values' own form."""
    shorts = [one.short for one in values]
    if any("points" in one for one in shorts):
        return lambda value, places: percent(value, places).removesuffix("%")
    return percent if any("%" in one for one in shorts) else plain


def percent(value: float, places: int) -> str:
    """Return a share as a percentage; `places` are those of the share."""
    return f"{plain(value * 100, max(places - 2, 0))}%"


def plain(value: float, places: int) -> str:
    """Return a number as an axis shows it."""
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "−")


def _tolerant(chart: ChartBlock) -> bool:
    return any(one.target is not None and one.target.lower is not None for one in chart.marks)


def _description(chart: ChartBlock) -> str:
    return f"{chart.title}. {chart.axis}. The table with this chart has the same numbers."
