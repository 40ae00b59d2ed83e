"""The counts behind a table of estimates: who reads rates and their n can work them out, so they are what is protected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["BETWEEN", "LABELLED", "CellCounts", "cell_counts"]

BETWEEN = " × "
"""What stands between the names of an intersection's groups, and of its levels."""

NO, YES, MISSING = 0, 1, 2  # what a label or a flag can be
COUNTED: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "units": ((NO, YES, MISSING), (NO, YES, MISSING)),
    "flagged": ((NO, YES, MISSING), (YES,)),
    "not flagged": ((NO, YES, MISSING), (NO,)),
    "found": ((YES,), (YES,)),
    "missed": ((YES,), (NO,)),
    "flagged wrongly": ((NO,), (YES,)),
    "rightly not flagged": ((NO,), (NO,)),
    "with the outcome": ((YES,), (NO, YES, MISSING)),
    "without the outcome": ((NO,), (NO, YES, MISSING)),
}
"""Counts of a cell that a reader can work out, as sums over labels and flags."""
LABELLED = tuple(COUNTED)[3:]
"""Those that rest on labels."""


@dataclass(frozen=True, eq=False)
class CellCounts:
    """Units by cell, label and flag, as they follow from the estimates; a cell is a group's level, or an intersection's."""

    names: tuple[tuple[str, str], ...]
    """Each cell's group and level. The first is everybody."""
    states: np.ndarray
    """Units by cell, label and flag: each no, yes, missing."""
    parents: tuple[tuple[int, ...], ...]
    """Of each cell, the cells that it is a part of and adds up to with its sisters. None for everybody."""
    unclear: np.ndarray
    """Cells of an intersection whose names cannot be told apart, so that nobody can say what they add up to."""

    @property
    def has_labels(self) -> bool:
        """Whether there are labels."""
        return bool(self.states[:, (NO, YES)].any())

    @cached_property
    def counts(self) -> Mapping[str, np.ndarray]:
        """Each count of `COUNTED`, by cell."""
        return {name: self.states[:, labels][:, :, flags].sum(axis=(1, 2)) for name, (labels, flags) in COUNTED.items()}

    @cached_property
    def lines(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Every sum that a reader knows: a cell, and the cells of one group that it is the sum of."""
        found: dict[tuple[int, str], list[int]] = {}
        for cell, parents in enumerate(self.parents):
            for parent in parents:
                found.setdefault((parent, self.names[cell][0]), []).append(cell)
        return tuple((parent, tuple(children)) for (parent, _), children in found.items())


def cell_counts(table: pa.Table, groups: Sequence[str]) -> CellCounts:
    """Return the counts behind a table of estimates of one set of predictions.

    They come from the rows themselves: `count`, and the estimates of `selection_rate`, `base_rate`, `true_positive_rate` and
    `false_positive_rate`, each times its n.

    Parameters
    ----------
    table
        Rows of `ESTIMATES`.
    groups
        The group columns; other groups with a count are their intersections.
    """
    sizes = _rows(table, "count")
    names = tuple(sizes)
    units = np.array([n for _, n in sizes.values()])
    flagged, flags_known = _top_and_n(table, "selection_rate", names)
    positive, labelled = _top_and_n(table, "base_rate", names)
    found, positive_flags = _top_and_n(table, "true_positive_rate", names)
    wrongly, negative_flags = _top_and_n(table, "false_positive_rate", names)
    states = np.zeros((len(names), 3, 3), dtype=np.int64)
    states[:, YES, NO], states[:, YES, YES] = positive_flags - found, found
    states[:, NO, NO], states[:, NO, YES] = negative_flags - wrongly, wrongly
    states[:, YES, MISSING], states[:, NO, MISSING] = positive - positive_flags, labelled - positive - negative_flags
    totals = np.stack([flags_known - flagged, flagged, units - flags_known], axis=1)
    states[:, MISSING] = totals - states[:, (NO, YES)].sum(axis=1)
    parents, unclear = _parents(names, groups)
    return CellCounts(names, states, parents, unclear)


def _rows(table: pa.Table, statistic: str) -> dict[tuple[str, str], tuple[float, int]]:
    """Return each cell's estimate (0 where it is not defined) and n."""
    kept = table.filter(pc.equal(table["statistic"], statistic))
    columns = [kept[name].to_pylist() for name in ("group", "level", "estimate", "n")]
    return {(group, level): (estimate or 0.0, n) for group, level, estimate, n in zip(*columns, strict=True)}


def _top_and_n(table: pa.Table, statistic: str, names: Sequence[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    rows = _rows(table, statistic)
    pairs = np.array([rows.get(name, (0.0, 0)) for name in names])
    return np.rint(pairs[:, 0] * pairs[:, 1]).astype(np.int64), pairs[:, 1].astype(np.int64)


def _parents(names: Sequence[tuple[str, str]], groups: Sequence[str]) -> tuple[tuple[tuple[int, ...], ...], np.ndarray]:
    place = {name: index for index, name in enumerate(names)}
    parents: list[tuple[int, ...]] = []
    for group, level in names:
        if group == "all":
            parents.append(())
        elif group in groups:
            parents.append((place["all", "all"],))
        else:
            parents.append(tuple(place.get(one, -1) for one in _one_fewer(group, level, groups)))
    lost = {names[cell][0] for cell, found in enumerate(parents) if -1 in found or (not found and cell)}
    unclear = np.array([group in lost for group, _ in names])
    return tuple(() if bad else found for found, bad in zip(parents, unclear, strict=True)), unclear


def _one_fewer(group: str, level: str, groups: Sequence[str]) -> list[tuple[str, str]]:
    """Return what an intersection is a part of: each with one of its groups left out; nothing where names are not clear."""
    parts, levels = group.split(BETWEEN), level.split(BETWEEN)
    if len(parts) != len(levels) or not set(parts) <= set(groups):
        return []
    kept = [[at for at in range(len(parts)) if at != out] for out in range(len(parts))]
    return [(BETWEEN.join(parts[at] for at in one), BETWEEN.join(levels[at] for at in one)) for one in kept]
