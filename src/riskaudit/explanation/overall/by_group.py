"""What drives scores among the families of a group: 'what drives scores among lone parents'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from riskaudit.estimates import EstimateTable
from riskaudit.explanation.explained import Explained
from riskaudit.explanation.overall.importance import SHARED_BY, summed
from riskaudit.explanation.weighing import Ratio, ratio, ratio_columns, table_of

__all__ = ["EVERYONE_ELSE", "LEADING", "by_group", "leading"]

LEADING = 8
"""How many features, the largest by mean absolute contribution, are told by group."""
EVERYONE_ELSE = "everyone else"
_SIGNED, _SIZE = "mean_contribution", "mean_absolute_contribution"


def by_group(explained: Explained) -> EstimateTable:
    """Return the mean and the mean absolute contribution of features, agencies and the like, among each level's children.

    A subject is 'MODEL:feature:ID', 'MODEL:agency:police', and so on for `subject`, `window` and `sensitivity`; features are
    the leading ones. Of several features together, contributions are added up first, and absolute ones absolutely. Rows with
    the reference "everyone else" (`..._difference`) say how far a level is from all other children. `share_of_children`
    (subject: the model) is a level's share of all test children, so that shares times means add up to the row of all.

    Estimates are weighted back to all test children, with families as clusters; nothing is random.
    """
    subjects, signed, size = _quantities(explained)
    told = [_Told(explained, subjects, statistic, parts) for statistic, parts in ((_SIGNED, signed), (_SIZE, size))]
    rows: list[dict[str, Any]] = [one.plain(np.ones(len(explained), bool), "all", "all") for one in told]
    for group, levels in explained.groups.items():
        there = [(name, levels.codes == code) for code, name in enumerate(levels.names) if (levels.codes == code).any()]
        rows += _shares(explained, group, there)
        for name, rows_of in there:
            for one in told:
                rows += one.level(rows_of, group, name)
    return table_of(rows)


def leading(explained: Explained, most: int) -> np.ndarray:
    """Return the columns of the features that move scores most, the first the most; those that move none are left out."""
    size = explained.weighing.weights @ np.abs(explained.contributions)
    order = np.argsort(-size, kind="stable")[:most]
    return order[size[order] > 0]


def _quantities(explained: Explained) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return what is told by group: subjects, and their signed and absolute contributions, one column each."""
    columns, size = leading(explained, LEADING), np.abs(explained.contributions)
    subjects = [f"{explained.card.id}:feature:{explained.features[at].id}" for at in columns]
    signed, absolute = [explained.contributions[:, columns]], [size[:, columns]]
    for split, level_of in SHARED_BY.items():
        of_column = [level_of(feature) for feature in explained.features]
        levels, parts = summed(of_column, explained.contributions)
        subjects += [f"{explained.card.id}:{split}:{level}" for level in levels]
        signed.append(parts)
        absolute.append(summed(of_column, size)[1])
    return subjects, np.column_stack(signed), np.column_stack(absolute)


class _Told:
    """One statistic of every quantity, ready to be told among any of the children."""

    def __init__(self, explained: Explained, subjects: list[str], statistic: str, parts: np.ndarray) -> None:
        self._weighing, self._parts = explained.weighing, parts
        self._names: dict[str, Any] = {"subject": subjects, "statistic": statistic}
        self._floor = 0.0 if statistic == _SIZE else -np.inf

    def plain(self, among: np.ndarray, group: str, level: str) -> dict[str, Any]:
        """Return the columns of the means among some children."""
        return self._columns(self._mean(among), floor=self._floor, group=group, level=level)

    def level(self, among: np.ndarray, group: str, level: str) -> Iterator[dict[str, Any]]:
        """Yield the columns of a level's means and, where there is anybody else, of how far they are from everyone else's."""
        found = self._mean(among)
        yield self._columns(found, floor=self._floor, group=group, level=level)
        if not among.all():
            difference = found.less(self._mean(~among))
            statistic = f"{self._names['statistic']}_difference"
            yield self._columns(difference, group=group, level=level, reference=EVERYONE_ELSE, statistic=statistic)

    def _mean(self, among: np.ndarray) -> Ratio:
        return ratio(self._parts[among], np.ones(int(among.sum())), self._weighing.among(among))

    def _columns(self, found: Ratio, **names: Any) -> dict[str, Any]:
        return ratio_columns(found, self._weighing.confidence, **(self._names | names))


def _shares(explained: Explained, group: str, there: list[tuple[str, np.ndarray]]) -> list[dict[str, Any]]:
    """Return the columns of each level's share of all test children."""
    parts = np.column_stack([among for _, among in there]).astype(float)
    names = {"subject": explained.card.id, "statistic": "share_of_children", "group": group}
    found = ratio(parts, np.ones(len(parts)), explained.weighing)
    levels = [name for name, _ in there]
    return [ratio_columns(found, explained.weighing.confidence, floor=0.0, ceiling=1.0, level=levels, **names)]
