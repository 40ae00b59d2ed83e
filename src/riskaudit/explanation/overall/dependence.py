"""How far a feature moves scores at each of its values, for everybody and by group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.estimates import EstimateTable
from riskaudit.explanation.explained import Explained
from riskaudit.explanation.levels import Levels
from riskaudit.explanation.overall.by_group import leading
from riskaudit.explanation.weighing import ratio, ratio_columns, table_of

__all__ = ["MOST_BINS", "TOLD", "dependence", "value_bins"]

TOLD = 6
"""How many features, the largest by mean absolute contribution, are told by value."""
MOST_BINS = 6
"""A feature with more different values than this is told in this many ranges of values, or fewer."""


def dependence(explained: Explained) -> EstimateTable:
    """Return the mean contribution of each leading feature at each of its values (Lundberg et al. 2020).

    A subject is 'MODEL:FEATURE'. Everybody's rows have the group `value` and a value, or range of values, as level; a group's
    have the group 'value × GROUP' and the level 'VALUE × LEVEL'. `mean_value` is the mean value of the children who have it:
    where on an axis a range stands. Weighted back to all test children, with families as clusters; nothing is random.
    """
    rows: list[dict[str, Any]] = []
    for column in leading(explained, TOLD):
        bins = value_bins(explained.values[:, column])
        rows += _rows(explained, column, bins, "value", bins)
        for group, levels in explained.groups.items():
            rows += _rows(explained, column, _crossed(bins, levels), f"value × {group}", bins)
    return table_of(rows)


def value_bins(values: np.ndarray) -> Levels:
    """Return each value's place among the distinct values or, of more than six, among ranges that hold about as many each.

    Zero, which most children have of most features, is a range of its own where there is anything above it.
    """
    distinct = np.unique(values)
    if len(distinct) <= MOST_BINS:
        return Levels(tuple(map(_text, distinct)), np.searchsorted(distinct, values))
    above = values[values > 0] if (values == 0).any() and (values >= 0).all() else values
    count = MOST_BINS - (len(above) < len(values))
    inner = np.unique(np.quantile(above, np.linspace(0, 1, count + 1)[1:-1], method="inverted_cdf"))
    edges = np.unique(np.r_[0.0, inner]) if len(above) < len(values) else inner
    codes = np.searchsorted(edges, values, side="left")
    there, codes = np.unique(codes, return_inverse=True)
    ends = [(values[codes == code].min(), values[codes == code].max()) for code in range(len(there))]
    return Levels(tuple(_text(low) if low == high else f"{_text(low)} to {_text(high)}" for low, high in ends), codes)


def _crossed(bins: Levels, levels: Levels) -> Levels:
    names = tuple(f"{value} × {level}" for level in levels.names for value in bins.names)
    return Levels(names, levels.codes.astype(int) * len(bins.names) + bins.codes)


def _rows(explained: Explained, column: int, cells: Levels, group: str, bins: Levels) -> Iterator[dict[str, Any]]:
    """Yield the columns of the mean contribution and mean value in every cell that anybody is in."""
    subject = f"{explained.card.id}:{explained.features[column].id}"
    for code in np.unique(cells.codes):
        among = cells.codes == code
        cell = _Cell(explained, column, among, {"subject": subject, "group": group, "level": cells.names[code]})
        yield cell.contribution()
        if cells is bins:
            yield cell.value()


@dataclass(frozen=True, eq=False)
class _Cell:
    """The children who have one value of a feature, or one range of values."""

    explained: Explained
    column: int
    among: np.ndarray
    names: dict[str, Any]

    def contribution(self) -> dict[str, Any]:
        """Return the columns of their mean contribution."""
        return self._mean(self.explained.contributions, "mean_contribution")

    def value(self) -> dict[str, Any]:
        """Return the columns of their mean value."""
        return self._mean(self.explained.values, "mean_value")

    def _mean(self, table: np.ndarray, statistic: str) -> dict[str, Any]:
        weighing = self.explained.weighing.among(self.among)
        parts = table[self.among][:, [self.column]]
        found = ratio(parts, np.ones(len(parts)), weighing)
        return ratio_columns(found, weighing.confidence, statistic=[statistic], **self.names)


def _text(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
