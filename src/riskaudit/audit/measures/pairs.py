"""Which clusters have units in which cells: what keeps the units of a cluster together, one pair per cluster and level.

What `moments`, `areas` and `sweep` sum values by; what `clusters` sums counts by is a table of its own, which is smaller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from riskaudit.audit.measures.splits import Split

__all__ = ["Pairs", "pairs_of"]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Every pair of a level and a cluster that has units there, by level and then by cluster."""

    of_unit: np.ndarray
    """Which pair each unit is in."""
    level: np.ndarray
    cluster: np.ndarray
    levels: int
    clusters: int

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each level's pairs start."""
        return np.searchsorted(self.level, np.arange(self.levels))

    def sums(self, units: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
        """Return, by pair, how many of these units there are, or the sum of their values."""
        return np.bincount(self.of_unit[units], weights=values, minlength=len(self.level)).astype(float)

    def by_level(self, values: np.ndarray) -> np.ndarray:
        """Return, by level, the sum of what is counted by pair. Every level has a pair, so that each is one stretch."""
        return np.add.reduceat(values, self.starts, axis=0) if len(values) else np.zeros(self.levels)

    def by_cluster(self, values: np.ndarray) -> np.ndarray:
        """Return, by cluster, the sum of what is counted by pair."""
        return np.bincount(self.cluster, weights=values, minlength=self.clusters)


def pairs_of(splits: Iterator[Split], cluster: np.ndarray) -> Iterator[Pairs]:
    """Yield the pairs of each split.

    Units are sorted by cluster once; within each split by level too, which for narrow codes is a radix sort.
    """
    found, number = np.unique(cluster, return_inverse=True)
    number = number.reshape(-1).astype(np.int32)
    by_cluster = np.argsort(number, kind="stable")
    for split in splits:
        taken = by_cluster[np.argsort(split.codes[by_cluster], kind="stable")]
        level, one = split.codes[taken], number[taken]
        new = np.ones(len(taken), bool)
        new[1:] = (level[1:] != level[:-1]) | (one[1:] != one[:-1])
        of_unit = np.empty(len(taken), np.int32)
        of_unit[taken] = np.cumsum(new, dtype=np.int32) - 1
        yield Pairs(of_unit, level[new].astype(np.int64), one[new], split.size, len(found))
