"""Bootstrap sums by cell without touching a row again: only how often each kind of unit, or of cluster, is drawn is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.audit.measures.combinations import STATES
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.seeds import stream

__all__ = ["Resampled", "affordable", "resampled"]

_CELLS = STATES**2
_DRAWS = 20_000_000
"""At most so many draws are made; above, there are fewer resamples."""
_FEWEST = 200
_AT_ONCE = 1_000_000
_HASHES = 2_654_435_769


@dataclass(frozen=True, eq=False)
class Resampled:
    """Bootstrap resamples, some at a time."""

    resamples: int
    """How many there are in all."""
    method: str
    sums: Iterator[np.ndarray]
    """Sums by cell: axes resamples, what is summed, cells."""


def resampled(measured: Measurement, wanted: np.ndarray, *key: str) -> Resampled:
    """Return sums by cell over bootstrap resamples of the units, or of their clusters.

    Units of one combination, label and flag are alike, so that how often each of these is drawn is multinomial: the same in
    distribution as drawing units with replacement, and independent of how many there are. Clusters are drawn with Poisson
    weights, those of like composition together. Rows in another order give the same resamples.

    Parameters
    ----------
    wanted
        What to sum: axes sums, states. Each is a number for every label and flag, 0 to 8.
    key
        Names the draws: ``stream(plan.seed, "audit/resamples", *key)``.
    """
    kinds, times, poisson = _kinds(measured)
    to_sums = _sums_of_combinations(measured, wanted)
    resamples = affordable(measured.plan.resamples, len(times))
    rng = stream(measured.plan.seed, "audit/resamples", *key)
    total = int(times.sum())
    chance = times / max(total, 1)

    def chunks() -> Iterator[np.ndarray]:
        size = max(1, _AT_ONCE // max(len(times), to_sums.shape[0], 1))
        for first in range(0, resamples, size):
            count = min(size, resamples - first)
            drawn = rng.poisson(times, (count, len(times))) if poisson else rng.multinomial(total, chance, count)
            by_combination = kinds.T @ drawn.T.astype(float)
            yield (to_sums @ by_combination).T.reshape(count, len(wanted), measured.layout.size)

    unit = "clusters with Poisson weights" if poisson else measured.predictions.unit + "s"
    return Resampled(resamples, f"{resamples:,} resamples of {unit}", chunks())


def affordable(resamples: int, kinds: int) -> int:
    """Return how many resamples can be made of so many kinds: those asked for, but fewer where kinds are very many."""
    return min(resamples, max(_FEWEST, _DRAWS // max(kinds, 1)))


def _kinds(measured: Measurement) -> tuple[Any, np.ndarray, bool]:
    """Return kinds of units or clusters as counts of combinations by state, how many there are of each, and if of clusters.

    The counts are sparse: axes kinds, combinations times states.
    """
    from scipy import sparse

    combined = measured.layout.combined
    flat = combined.counts.ravel()
    if measured.predictions.cluster is None:
        there = np.flatnonzero(flat)
        shape = (len(there), len(flat))
        return sparse.csr_array((np.ones(len(there)), (np.arange(len(there)), there)), shape=shape), flat[there], False
    return *_like_clusters(
        combined.unit.astype(np.int64) * _CELLS + measured.cell, measured.predictions.cluster, len(flat)
    ), True


def _like_clusters(column: np.ndarray, cluster: np.ndarray, columns: int) -> tuple[Any, np.ndarray]:
    """Return each composition of clusters that occurs, and how many clusters have it.

    A cluster's composition is known by the sum of random 64-bit numbers, one for each column, that its units are in. That two
    compositions share a sum has a chance of the number of pairs of clusters over 2 to the 64.
    """
    import pandas as pd
    from scipy import sparse

    rows, clusters = pd.factorize(cluster)
    numbers = np.random.Generator(np.random.Philox(_HASHES)).integers(0, 2**64, columns, np.uint64)
    names = np.zeros(len(clusters), np.uint64)
    np.add.at(names, rows, numbers[column])
    _, first, times = np.unique(names, return_index=True, return_counts=True)
    kind = np.full(len(clusters), -1)
    kind[first] = np.arange(len(first))
    kept = kind[rows] >= 0
    shape = (len(first), columns)
    return sparse.coo_array((np.ones(int(kept.sum())), (kind[rows[kept]], column[kept])), shape=shape).tocsr(), times


def _sums_of_combinations(measured: Measurement, wanted: np.ndarray) -> Any:
    """Return what a unit adds to each sum of each cell: axes sums times cells, combinations times states; sparse."""
    from scipy import sparse

    layout = measured.layout
    combinations = np.arange(len(layout.combined))
    shape = (layout.size, len(layout.combined))
    where = np.concatenate([start + split.codes for start, split in zip(layout.starts, layout.splits, strict=False)])
    which = np.tile(combinations, len(layout.splits))
    cells = sparse.coo_array((np.ones(len(where)), (where, which)), shape=shape)
    return sparse.vstack([sparse.kron(cells, one[None, :]) for one in wanted]).tocsr()
