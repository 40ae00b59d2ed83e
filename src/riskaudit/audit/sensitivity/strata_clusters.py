"""How counts by stratum vary and go together where units come in clusters: sums over clusters of products of counts.

Of all pairs of kinds of units that a cell could have, few occur within a cluster: the sums are kept sparse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.sensitivity.sides import clusters_of, of_few_clusters

__all__ = ["Products", "StratumMoments", "Together", "stratum_moments"]


@dataclass(frozen=True, eq=False)
class Products:
    """One matrix per cell: of sums over clusters, how often units of one kind and of another belong together."""

    stacked: Any
    """The matrices, one below the other: scipy's sparse rows."""

    @property
    def kinds(self) -> int:
        """How many kinds of units there are."""
        return int(self.stacked.shape[1])

    def at(self, cells: np.ndarray) -> Products:
        """Return the matrices of some cells."""
        return Products(self.stacked[(np.asarray(cells)[:, None] * self.kinds + np.arange(self.kinds)).ravel()])

    def form(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return, by cell, the sum over clusters of the product of two weighted sums of counts: axes cells, kinds."""
        shape = (-1, self.kinds)
        found: np.ndarray = (one * (self._diagonal @ other.ravel()).reshape(shape)).sum(axis=1)
        return found

    @cached_property
    def _diagonal(self) -> Any:
        """The matrices along a diagonal, so that one product serves all cells."""
        from scipy import sparse

        rows = self.stacked.shape[0]
        cell = np.repeat(np.arange(rows) // self.kinds, np.diff(self.stacked.indptr))
        columns = self.stacked.indices.astype(np.int64) + cell * self.kinds
        return sparse.csr_array((self.stacked.data, columns, self.stacked.indptr.astype(np.int64)), shape=(rows, rows))


@dataclass(frozen=True, eq=False)
class Together:
    """How the counts of cells, or of what these are compared with, vary from cluster to cluster."""

    kinds: np.ndarray
    """Which of all kinds of units, by score band, label and flag, occur."""
    products: Products
    scale: np.ndarray
    """By cell: what sums over few clusters fall short of."""
    whole: np.ndarray | None = None
    """Products of everybody's counts, which those of some cells are taken from."""
    taken: np.ndarray | None = None
    """Which cells' products are what is to be added to everybody's."""

    def squares(self, weights: np.ndarray) -> np.ndarray:
        """Return, by cell, the sum over clusters of the square of a weighted sum of counts. Axes cells, all kinds."""
        chosen = np.ascontiguousarray(weights[:, self.kinds])
        found = self.products.form(chosen, chosen)
        if self.whole is not None and self.taken is not None:
            found = found + self.taken * ((chosen @ self.whole) * chosen).sum(axis=1)
        return np.maximum(found, 0.0)  # rounding can carry it past, where all clusters are alike

    def at(self, cells: np.ndarray) -> Together:
        """Return those of some cells."""
        taken = None if self.taken is None else self.taken[cells]
        return Together(self.kinds, self.products.at(cells), self.scale[cells], self.whole, taken)


@dataclass(frozen=True, eq=False)
class StratumMoments:
    """Of every cell: its own products, those with what it is compared with, and those of the latter."""

    own: Together
    crossed: Products
    other_scale: np.ndarray

    def beside(self, cells: np.ndarray, reference: np.ndarray) -> Together:
        """Return how the counts of what these cells are compared with vary: a cell, or everyone else (-1).

        Everyone else is everybody less the cell: the products of everybody, less twice those of the cell with everyone else,
        less the cell's own.
        """
        from scipy import sparse

        own, kinds = self.own.products, self.own.products.kinds
        everyone = reference < 0
        rest = own.at(cells).stacked + 2 * self.crossed.at(cells).stacked
        named = own.at(np.maximum(reference, 0)).stacked
        by_row = np.repeat(everyone, kinds)
        products = sparse.diags_array(-1.0 * by_row) @ rest + sparse.diags_array(1.0 * ~by_row) @ named
        whole = own.at(np.zeros(1, np.int64)).stacked.toarray()
        return Together(self.own.kinds, Products(products.tocsr()), self.other_scale[cells], whole, everyone * 1.0)

    def covariance(self, cells: np.ndarray, own: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return the covariance of weighted sums of the cells' counts and of what they are compared with."""
        kept = self.own.kinds
        one, two = (np.ascontiguousarray(weights[:, kept]) for weights in (own, other))
        return self.crossed.at(cells).form(one, two)


def stratum_moments(measured: Measurement, inside: np.ndarray) -> StratumMoments | None:
    """Return the moments of all cells; None where each unit stands for itself.

    Parameters
    ----------
    inside
        Each unit's kind: its score band, label and flag as one number.
    """
    from scipy import sparse

    if measured.pairs is None:
        return None
    kinds, kind = np.unique(inside, return_inverse=True)
    starts = measured.layout.starts[:-1]
    parts = [
        _of_split(pairs, kind.reshape(-1), len(kinds), int(measured.reference_cell[start] - start))
        for start, pairs in zip(starts, measured.pairs, strict=True)
    ]
    own, crossed = (Products(sparse.vstack(one, format="csr")) for one in zip(*parts, strict=True))
    units, at = measured.layout.counts.sum(axis=(1, 2)), measured.reference_cell
    others = np.where(at < 0, units[0] - units, units[at])
    clusters, other_clusters = clusters_of(measured)
    scale, other_scale = of_few_clusters(clusters, units), of_few_clusters(other_clusters, others)
    return StratumMoments(Together(kinds, own, scale), crossed, other_scale)


def _of_split(pairs: Pairs, kind: np.ndarray, kinds: int, reference: int) -> tuple[Any, Any]:
    """Return the products of each level's counts with themselves, and with those of what the level is compared with."""
    from scipy import sparse

    ones = np.ones(len(kind))
    counts = sparse.coo_array((ones, (pairs.of_unit, kind)), shape=(len(pairs.level), kinds)).tocsr()
    level = np.repeat(pairs.level, np.diff(counts.indptr))
    by_level = sparse.csr_array(
        (counts.data, counts.indices + level * kinds, counts.indptr), shape=(len(pairs.level), pairs.levels * kinds)
    )
    if reference < 0:
        beside = _by_cluster(pairs, counts, np.ones(len(pairs.level), bool))[pairs.cluster] - counts
    else:
        beside = _by_cluster(pairs, counts, pairs.level == reference)[pairs.cluster]
    return (by_level.T @ counts).tocsr(), (by_level.T @ beside).tocsr()


def _by_cluster(pairs: Pairs, counts: Any, kept: np.ndarray) -> Any:
    from scipy import sparse

    at = np.flatnonzero(kept)
    shape = (pairs.clusters, len(pairs.level))
    return sparse.csr_array((np.ones(len(at)), (pairs.cluster[at], at)), shape=shape) @ counts
