"""A hundred figures, so many of each kind: a natural frequency that can be counted."""

from __future__ import annotations

import numpy as np

from riskaudit.report.chart_frame import WIDTH, finish, head
from riskaudit.report.data import ChartBlock
from riskaudit.report.drawing import Drawing, Shape, Symbol

__all__ = ["hundred"]

_ACROSS, _STEP = 20, 17


def hundred(chart: ChartBlock, panel: str, mark: str) -> Drawing:
    """Return the picture of one panel: a hundred figures, row by row, in the order of the marks.

    A mark's number is a share, 0 to 1, and a panel's shares add up to 1. Figures are handed out by largest remainder,
    but whoever is there at all has a figure.
    """
    here = [one for one in chart.marks if one.panel == panel]
    shapes: list[Shape] = []
    top = head(chart, panel, shapes) + 10
    series = np.repeat(
        [chart.series.index(one.series) for one in here], _figures([one.value.estimate or 0.0 for one in here])
    )
    left = (WIDTH - (_ACROSS - 1) * _STEP) / 2
    for place, which in enumerate(series.tolist()):
        shapes.append(Symbol(left + place % _ACROSS * _STEP, top + place // _ACROSS * _STEP, which))
    return finish(chart, panel, mark, shapes, top + 100 // _ACROSS * _STEP - 24)


def _figures(shares: list[float]) -> np.ndarray:
    """Return how many of a hundred figures each share has."""
    exact = np.array(shares) * 100
    figures = np.where(exact > 0, np.maximum(np.floor(exact), 1), 0).astype(int)
    while figures.sum() != 100 and figures.any():
        step = 1 if figures.sum() < 100 else -1
        spare = np.where((figures > 1) | ((figures > 0) & (step > 0)), (exact - figures) * step, -np.inf)
        figures[np.argmax(spare)] += step
    return figures
