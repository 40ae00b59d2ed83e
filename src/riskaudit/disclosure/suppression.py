"""Which cells of a table are withheld: those that rest on too few, and as many more as it takes to hide them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskaudit.disclosure.bounds import Sought, known_between
from riskaudit.disclosure.cells import COUNTED, LABELLED, CellCounts

__all__ = ["Withheld", "too_few", "withhold"]

_FLAGS = tuple(name for name in COUNTED if name not in LABELLED)
_ALIKE = {"not flagged": "flagged", "without the outcome": "with the outcome"}
"""Where there are none of the first, all that is known of the second is true of everybody in the cell."""
_ROUNDS = 12
"""After so many rounds of adding one cell at a time, whole groups are withheld."""


@dataclass(frozen=True, eq=False)
class Withheld:
    """Cells that are withheld: all their numbers, or those that rest on labels."""

    all_counts: np.ndarray
    """Nothing of the cell is shown."""
    label_counts: np.ndarray
    """Nothing is shown that rests on labels; cells of which nothing is shown are among them."""
    threshold: int

    @property
    def width(self) -> int:
        """How far apart the ends are, at least, between which a reader can place a count that is too small to show."""
        return self.threshold // 2


def withhold(cells: CellCounts, threshold: int) -> Withheld:
    """Return which cells to withhold so that no count from 1 to below the threshold is shown or can be worked out.

    First, cells that have such a count, or in which everybody is flagged or has the outcome: all their numbers where it is a
    count of units, of flagged or of those not flagged; otherwise all that rest on labels. A count of zero is shown: it is
    about nobody. Then others: in every sum that a reader knows, two cells or more are withheld wherever one is, and those
    withheld are together no fewer than the threshold, in each count. At last every count that must not be known is worked out
    as a reader could, by linear programs over all sums together, and more cells are withheld until the ends of each are at
    least half a threshold apart.

    Parameters
    ----------
    threshold
        Counts below it, and above zero, are too small to show.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, chapter 4: secondary cell suppression in linked tables.
    """
    small = {name: too_few(count, threshold) for name, count in cells.counts.items()}
    counts = cells.counts
    for none, others in _ALIKE.items():
        small[none] |= (counts[none] == 0) & (counts[others] > 0)
    first = np.logical_or.reduce([small[name] for name in _FLAGS]) | cells.unclear
    second = np.logical_or.reduce([small[name] for name in LABELLED])
    found = _hidden(cells, Withheld(first, first | second, threshold))
    for turn in range(len(cells.names)):
        open_flags, open_labels = _open(cells, found, _must_hide(found, small, ~cells.unclear))
        if not open_flags and not open_labels:
            break
        whole = turn >= _ROUNDS
        all_counts = found.all_counts | _more(cells, found.all_counts, open_flags, whole)
        label_counts = found.label_counts | all_counts | _more(cells, found.label_counts, open_labels, whole)
        found = _hidden(cells, Withheld(all_counts, label_counts, threshold))
    return found


def too_few(count: np.ndarray, threshold: int) -> np.ndarray:
    """Return which counts are above zero and below the threshold."""
    found: np.ndarray = (count > 0) & (count < threshold)
    return found


def _hidden(cells: CellCounts, found: Withheld) -> Withheld:
    """Return the cells with those added that single sums would give away."""
    all_counts = _by_sums(cells, found.all_counts, _FLAGS, found.threshold)
    labels = _FLAGS + LABELLED if cells.has_labels else _FLAGS
    return Withheld(
        all_counts, _by_sums(cells, found.label_counts | all_counts, labels, found.threshold), found.threshold
    )


def _by_sums(cells: CellCounts, withheld: np.ndarray, names: Sequence[str], threshold: int) -> np.ndarray:
    hidden = withheld.copy()
    counts = np.stack([cells.counts[name] for name in names], axis=1)
    changed = True
    while changed:
        changed = False
        for parent, children in cells.lines:
            while (more := _one_more(parent, np.array(children), hidden, counts, threshold)) is not None:
                hidden[more] = changed = True
    return hidden


def _one_more(parent: int, children: np.ndarray, hidden: np.ndarray, counts: np.ndarray, threshold: int) -> int | None:
    """Return the cell that a sum still needs withheld: the smallest child that is shown, or else the sum itself."""
    kept, gone = children[~hidden[children]], children[hidden[children]]
    many = len(gone) + hidden[parent]
    if many == 0:
        return None
    together = not hidden[parent] and too_few(counts[gone].sum(axis=0), threshold).any()
    if many > 1 and not together:
        return None
    if len(kept):
        return int(kept[np.argmin(counts[kept, 0])])
    return None if hidden[parent] else parent


def _must_hide(found: Withheld, small: dict[str, np.ndarray], named: np.ndarray) -> list[Sought]:
    """Return the counts of withheld cells that nobody may be able to work out.

    Of a cell whose place is not clear nothing can be: it stands in no sum, and nothing of it is shown.
    """
    flags = [(cell, name) for name in _FLAGS for cell in np.flatnonzero(found.all_counts & small[name] & named)]
    labels = [(cell, name) for name in LABELLED for cell in np.flatnonzero(found.label_counts & small[name] & named)]
    return [(int(cell), name) for cell, name in [*flags, *labels]]


def _open(cells: CellCounts, found: Withheld, sought: Sequence[Sought]) -> tuple[list[int], list[int]]:
    """Return the cells of which a reader could work out a count too well: one of flags, one that rests on labels."""
    ends = known_between(cells, found.all_counts, found.label_counts, sought, wide=found.width)
    narrow = [one for one, (low, high) in zip(sought, ends, strict=True) if high - low < found.width]
    return [cell for cell, name in narrow if name in _FLAGS], [cell for cell, name in narrow if name in LABELLED]


def _more(cells: CellCounts, hidden: np.ndarray, open_cells: Sequence[int], whole: bool) -> np.ndarray:
    """Return further cells to withhold: for each open one the smallest that is shown in its group, or near it, or anywhere."""
    more = np.zeros(len(hidden), bool)
    units = cells.counts["units"]
    group = np.array([name for name, _ in cells.names])
    for cell in open_cells:
        near = [group == group[cell], _beside(cells, cell), group != "all", np.ones(len(hidden), bool)]
        places = next((np.flatnonzero(one & ~hidden) for one in near if (one & ~hidden).any()), np.array([], int))
        if len(places):
            more[places if whole else places[np.argmin(units[places])]] = True
    return more


def _beside(cells: CellCounts, cell: int) -> np.ndarray:
    """Return the cells that stand in a sum with a cell, everybody left out."""
    beside = np.zeros(len(cells.names), bool)
    for parent, children in cells.lines:
        if cell == parent or cell in children:
            beside[[parent, *children]] = True
    beside[0] = False
    return beside
