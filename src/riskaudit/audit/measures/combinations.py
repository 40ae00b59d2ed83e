"""Count units once, by every combination of levels that occurs: each group and intersection is a sum of combinations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from riskaudit.audit.measures.splits import INTERSECTION, Split, whole

STATES = 3
"""What a label or a flag can be: no, yes or missing."""
_DENSE = 4_000_000
"""Combinations are counted in one table of at most this many cells; above, only those that occur are."""
_WIDTHS = (np.int16, np.int32, np.int64)


@dataclass(frozen=True, eq=False)
class Combinations:
    """Every combination of the groups' levels that occurs, with its counts; one row per combination."""

    groups: tuple[Split, ...]
    """The groups themselves, one code per unit."""
    unit: np.ndarray
    """Which combination each unit is in."""
    codes: tuple[np.ndarray, ...]
    """Of each group, the level that a combination has."""
    counts: np.ndarray
    """Units by combination, label and flag: each no, yes, missing."""

    @classmethod
    def of(cls, groups: Sequence[Split], cell: np.ndarray) -> Combinations:
        """Return the combinations of the groups' levels.

        Parameters
        ----------
        groups
            One code per unit each.
        cell
            Each unit's label-by-flag cell, 0 to 8: three times the label's state, plus the flag's.
        """
        unit, possible, dense = _combined(groups, len(cell))
        flat = unit * unit.dtype.type(STATES**2)
        flat += cell
        counts = np.bincount(flat, minlength=possible * STATES**2).reshape(possible, STATES, STATES)
        there = np.flatnonzero(counts.any(axis=(1, 2)))
        place = np.zeros(possible, np.int32)
        place[there] = np.arange(len(there), dtype=np.int32)
        if dense:
            codes = np.unravel_index(there, [one.size for one in groups]) if groups else ()
        else:
            found, first = np.unique(unit, return_index=True)
            codes = tuple(one.codes[first[np.searchsorted(found, there)]].astype(np.int64) for one in groups)
        return cls(tuple(groups), unit if len(there) == possible else place[unit], tuple(codes), counts[there])

    def __len__(self) -> int:
        return len(self.counts)

    def cells(self, by_intersection: int) -> int:
        """Return how many cells there would be: groups and intersections of up to so many groups that occur, and everybody."""
        return 1 + sum(len(self._occurring(chosen)) for chosen in _chosen(len(self.groups), by_intersection))

    def split(self, chosen: Sequence[int]) -> Split:
        """Return the split of combinations by some of the groups together: only the intersections that occur are levels."""
        parts = [self.groups[index] for index in chosen]
        if len(parts) == 1:
            return Split(parts[0].group, parts[0].levels, self.codes[chosen[0]])
        sizes = [part.size for part in parts]
        found, codes = np.unique(self._numbered(chosen), return_inverse=True)
        at = np.unravel_index(found, sizes)
        each = ([part.levels[code] for code in one.tolist()] for part, one in zip(parts, at, strict=True))
        names = tuple(map(INTERSECTION.join, zip(*each, strict=True)))
        return Split(INTERSECTION.join(part.group for part in parts), names, codes.reshape(-1))

    def _numbered(self, chosen: Sequence[int]) -> np.ndarray:
        """Return for each combination the number of its intersection of some of the groups."""
        sizes = [self.groups[index].size for index in chosen]
        flat: np.ndarray = np.ravel_multi_index([self.codes[index] for index in chosen], sizes)
        return flat

    def _occurring(self, chosen: Sequence[int]) -> np.ndarray:
        return np.unique(self._numbered(chosen))


def _chosen(groups: int, by_intersection: int) -> Iterator[tuple[int, ...]]:
    """Yield which groups are crossed with each other: each alone first."""
    for size in range(1, max(by_intersection, 1) + 1):
        yield from combinations(range(groups), size)


def _combined(groups: Sequence[Split], size: int) -> tuple[np.ndarray, int, bool]:
    """Return a number of each unit's combination, how many numbers there can be, and whether each is one product of levels.

    Numbers grow with the product of the groups' sizes; where that passes what one table should hold, only those that occur
    are numbered on. In as few bits as hold every number of a combination's label-by-flag cell: units are many.
    """
    unit, possible, dense = np.zeros(size, _WIDTHS[0]), 1, True
    for one in groups:
        if possible * one.size > _DENSE:
            unit, possible = _renumbered(unit)
            dense = False
        unit = unit.astype(_wide_enough(possible * one.size * STATES**2), copy=False)
        if possible > 1:
            unit *= one.size
        unit += one.codes
        possible *= one.size
    if possible > _DENSE:
        unit, possible = _renumbered(unit)
        dense = False
    return unit, possible, dense


def _wide_enough(numbers: int) -> type[np.signedinteger[Any]]:
    """Return the narrowest whole numbers that hold so many from 0 on."""
    return next(width for width in _WIDTHS if numbers - 1 <= np.iinfo(width).max)


def _renumbered(unit: np.ndarray) -> tuple[np.ndarray, int]:
    found, numbers = np.unique(unit, return_inverse=True)
    return numbers.reshape(-1).astype(np.int64), len(found)


@dataclass(frozen=True, eq=False)
class Layout:
    """All cells that are measured, in the order of the tables: everybody, each level of each group, each intersection."""

    combined: Combinations
    splits: tuple[Split, ...]
    """Splits of combinations, not of units: everybody's first."""

    @classmethod
    def of(cls, combined: Combinations, by_intersection: int) -> Layout:
        """Return the cells of every group and of every intersection of up to so many groups."""
        chosen = _chosen(len(combined.groups), by_intersection)
        return cls(combined, (whole(len(combined)), *map(combined.split, chosen)))

    @cached_property
    def group(self) -> list[str]:
        """The group of each cell: the name of a group or intersection, or 'all'."""
        return [split.group for split in self.splits for _ in split.levels]

    @cached_property
    def level(self) -> list[str]:
        """The level of each cell."""
        return [level for split in self.splits for level in split.levels]

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each split's cells start, and at last how many cells there are."""
        return np.cumsum([0, *(split.size for split in self.splits)])

    @property
    def size(self) -> int:
        """How many cells there are."""
        return int(self.starts[-1])

    @cached_property
    def compared(self) -> np.ndarray:
        """Which cells can be compared with others: all but everybody."""
        return np.arange(self.size) >= self.splits[0].size

    def of_units(self, split: Split) -> Split:
        """Return one of the splits as a split of units."""
        narrow = np.int16 if split.size < np.iinfo(np.int16).max else np.int32
        return Split(split.group, split.levels, split.codes.astype(narrow)[self.combined.unit])

    def unit_splits(self) -> Iterator[Split]:
        """Yield every split as a split of units, one at a time."""
        return map(self.of_units, self.splits)

    def sums(self, by_combination: np.ndarray) -> np.ndarray:
        """Return, by cell, the sum of what is counted by combination (its first axis); further axes are kept."""
        values = np.asarray(by_combination)
        flat = values.reshape(len(values), int(np.prod(values.shape[1:])))
        total = np.zeros((self.size, flat.shape[1]), flat.dtype)
        for start, split in zip(self.starts, self.splits, strict=False):
            np.add.at(total, start + split.codes, flat)
        return total.reshape(self.size, *values.shape[1:])

    @cached_property
    def counts(self) -> np.ndarray:
        """Units by cell, label and flag: each no, yes, missing."""
        return self.sums(self.combined.counts)
