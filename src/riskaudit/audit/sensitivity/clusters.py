"""Sums over clusters: how much counts vary where units belong together, such as the children of a family."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from riskaudit.audit.measures.combinations import STATES
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.splits import Split

__all__ = ["ClusterSums", "cluster_sums"]

_CELLS = STATES**2


@dataclass(frozen=True, eq=False)
class ClusterSums:
    """Of each cell of the layout and what it is compared with: clusters, and sums over them of products of their counts."""

    clusters: np.ndarray
    products: np.ndarray
    """Of a cluster's counts in the cell by label and flag, with each other: a matrix of 9 by 9 per cell."""
    other_clusters: np.ndarray
    other_products: np.ndarray
    """The same of what the cell is compared with."""
    crossed: np.ndarray
    """Of a cluster's counts in the cell with those in what the cell is compared with."""


def cluster_sums(measured: Measurement) -> ClusterSums | None:
    """Return the sums over clusters of every cell; None where each unit stands for itself.

    Everybody, who is compared with nobody, has zeros for the other side.
    """
    if measured.predictions.cluster is None:
        return None
    _, cluster = np.unique(measured.predictions.cluster, return_inverse=True)
    totals = _counted(cluster.reshape(-1), measured.cell)
    references = np.split(measured.reference_cell, measured.layout.starts[1:-1])
    parts = [
        _of_split(split, start, reference, cluster.reshape(-1), measured.cell, totals)
        for split, start, reference in zip(
            measured.layout.unit_splits(), measured.layout.starts[:-1], references, strict=True
        )
    ]
    return ClusterSums(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def _of_split(
    split: Split, start: int, reference: np.ndarray, cluster: np.ndarray, cell: np.ndarray, totals: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Return the sums of one split's levels, in the order of the fields of `ClusterSums`."""
    keys, row = np.unique(cluster * np.int64(split.size) + split.codes, return_inverse=True)
    own, level, group = _counted(row.reshape(-1), cell), keys % split.size, keys // split.size
    beside = totals[group] - own
    at = reference[level] - start
    given = at >= 0
    wanted = group * split.size + np.maximum(at, 0)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = (keys[place] == wanted)[:, None]
    beside = np.where(given[:, None], np.where(found, own[place], 0.0), beside)
    products, crossed = _by_level(own, own, level, split.size), _by_level(own, beside, level, split.size)
    clusters = np.bincount(level, minlength=split.size)
    whole = _by_level(own, totals[group], level, split.size)
    others = totals.T @ totals - whole - whole.transpose(0, 2, 1) + products
    elsewhere = len(totals) - np.bincount(level, ~(totals[group] > own).any(axis=1), minlength=split.size)
    at = np.maximum(reference - start, 0)
    chosen = reference >= 0
    return (
        clusters,
        products,
        np.where(chosen, clusters[at], elsewhere),
        np.where(chosen[:, None, None], products[at], others),
        crossed,
    )


def _counted(row: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return one row of label-by-flag counts for each number."""
    rows = int(row.max(initial=-1)) + 1
    flat = np.bincount(row * np.int64(_CELLS) + cell, minlength=rows * _CELLS)
    return flat.reshape(rows, _CELLS).astype(float)


def _by_level(one: np.ndarray, other: np.ndarray, level: np.ndarray, size: int) -> np.ndarray:
    """Return, by level, the sums of products of two tables' columns."""
    order = np.argsort(level, kind="stable")
    ends = np.searchsorted(level[order], np.arange(size + 1))
    return np.array([one[order[low:high]].T @ other[order[low:high]] for low, high in pairwise(ends)])
