"""Both sides of every comparison: the units of a level, and those that it is compared with, by label and flag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.audit.measures.clusters import KEPT_TOGETHER
from riskaudit.audit.measures.combinations import STATES
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.splits import INTERSECTION
from riskaudit.audit.scores.moments import compared_moments, moments_of

__all__ = ["CELLS", "MOST_DRAWN", "Side", "Sides", "clusters_of", "drawn", "everybody", "of_few_clusters", "sides"]

MOST_DRAWN = 50
"""Curves of groups with more levels than this are not drawn: nobody could read them."""
CELLS = STATES**2
"""Label by flag, each no, yes or missing: what a unit can be."""


@dataclass(frozen=True, eq=False)
class Side:
    """Units of some cells of the layout, by label and flag, with how much their sums vary.

    Of units that stand for themselves, sums of products of counts over units are the counts themselves. Where units belong
    together, they are over clusters, times what few clusters fall short of: see `of_few_clusters`.
    """

    counts: np.ndarray
    """One row per cell, one column per label and flag."""
    clusters: np.ndarray
    """How many clusters each cell has units of; as many as units where each stands for itself."""
    products: np.ndarray | None = None
    """Sums over clusters of products of their counts, one matrix per cell; None where each unit stands for itself."""

    @property
    def told(self) -> str:
        """What the name of a method ends in where it heeds clusters; otherwise nothing."""
        return "" if self.products is None else KEPT_TOGETHER

    def product(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return, by cell, the covariance of two weighted sums of counts whose expected value is zero.

        Weights have one row per cell, or one for all, and one column per label and flag.
        """
        if self.products is None:
            return np.asarray((self.counts * one * other).sum(axis=-1))
        scale = of_few_clusters(self.clusters, self.counts.sum(axis=1))
        return np.asarray(scale * _form(self.products, one, other))

    def at(self, kept: np.ndarray) -> Side:
        """Return the side of some of the cells."""
        return Side(self.counts[kept], self.clusters[kept], None if self.products is None else self.products[kept])


@dataclass(frozen=True, eq=False)
class Sides:
    """Each cell that is compared, beside what it is compared with."""

    cells: np.ndarray
    """Which cells of the layout these are."""
    where: dict[str, Any]
    reference: list[str]
    own: Side
    other: Side
    crossed: np.ndarray | None = None
    """Sums over clusters of products of their counts on one side and on the other; None where each unit stands for itself."""

    def covariance(self, own: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return the covariance of a weighted sum of the one side's counts and one of the other's."""
        if self.crossed is None:
            return np.zeros(len(self.cells))
        return _form(self.crossed, own, other)

    def of_groups(self, single: np.ndarray) -> Sides:
        """Return the comparisons of those cells for which `single` is true."""
        kept = single[self.cells]
        names = {
            name: values if isinstance(values, str) else [one for one, keep in zip(values, kept, strict=True) if keep]
            for name, values in self.where.items()
        }
        return Sides(
            self.cells[kept],
            names,
            [one for one, keep in zip(self.reference, kept, strict=True) if keep],
            self.own.at(kept),
            self.other.at(kept),
            None if self.crossed is None else self.crossed[kept],
        )


def sides(measured: Measurement) -> Sides:
    """Return both sides of the comparison of every level with its reference; a level is not compared with itself.

    Where units are in clusters, what clusters have on both sides of a comparison is counted, so that differences know it.
    """
    layout, at = measured.layout, measured.reference_cell
    kept = layout.compared & (at != np.arange(layout.size))
    cells = np.flatnonzero(kept)
    counts = layout.counts.reshape(layout.size, CELLS).astype(float)
    reference = at[cells]
    beside = np.where((reference < 0)[:, None], counts[0] - counts[cells], counts[reference])
    names = [measured.reference_name[place] for place in cells]
    where = measured.where_of(kept)
    moments = measured.moments
    if moments is None:
        return Sides(cells, where, names, _alone(counts[cells]), _alone(beside))
    products, other_products, crossed = moments.beside(cells, reference)
    clusters, other_clusters = (number[cells] for number in clusters_of(measured))
    own, other = Side(counts[cells], clusters, products), Side(beside, other_clusters, other_products)
    return Sides(cells, where, names, own, other, crossed)


def everybody(measured: Measurement) -> Side:
    """Return the units of every cell of the layout."""
    counts = measured.layout.counts.reshape(measured.layout.size, CELLS).astype(float)
    moments = measured.moments
    return _alone(counts) if moments is None else Side(counts, clusters_of(measured)[0], moments.within)


def of_few_clusters(clusters: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return by how much sums of squares over clusters fall short: m / (m - 1) of m clusters, over n / (n - 1) of n units.

    Over units alone none is added for how many there are, so that n clusters of one unit say what n units say.
    """
    m, n = np.asarray(clusters, float), np.asarray(units, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = np.where(m > 1, m / (m - 1) * ((n - 1) / n), 1.0)
    return found


def clusters_of(measured: Measurement) -> tuple[np.ndarray, np.ndarray]:
    """Return how many clusters have units in each cell, and in what it is compared with."""
    units = np.arange(len(measured.predictions))
    nothing = np.zeros(len(units))
    own = moments_of(measured, units, nothing)
    return own.clusters, compared_moments(measured, own, units, nothing)[0].clusters


def drawn(measured: Measurement) -> np.ndarray:
    """Return which cells curves are drawn for: everybody, and the levels of single groups that have at most 50."""
    layout = measured.layout
    sizes = [
        split.size if INTERSECTION not in split.group and split.size <= MOST_DRAWN else 0 for split in layout.splits
    ]
    return np.repeat(np.array(sizes) > 0, np.diff(layout.starts))


def _alone(counts: np.ndarray) -> Side:
    return Side(counts, counts.sum(axis=1))


def _form(products: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    rows = len(products)
    left, right = (np.broadcast_to(weights, (rows, CELLS)) for weights in (one, other))
    return np.asarray(np.einsum("ki,kij,kj->k", left, products, right))
