"""What cases are worth where they come in clusters, such as children in families.

For rates: all that can be counted of labels and flags, at once, as products of counts. `moments` is for the values of units,
such as scores, which cannot be counted; it goes by the `pairs` of clusters and levels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.combinations import STATES, Layout
from riskaudit.audit.measures.splits import Split

__all__ = ["KEPT_TOGETHER", "CountMoments", "cases_worth", "covariance"]

KEPT_TOGETHER = ", clusters kept together"
"""What the name of a method ends in where it heeds clusters."""

_CELLS = STATES**2
_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class CountMoments:
    """Sums over clusters of products of their counts: axes cells, states, states. A state is a label and a flag, 0 to 8."""

    within: np.ndarray
    """The cluster's units in the cell, times the same."""
    with_everybody: np.ndarray
    """The cluster's units in the cell, times all its units."""
    with_reference: np.ndarray
    """The cluster's units in the cell, times those in the cell's reference; 0 where everyone else is the reference."""

    @classmethod
    def of(
        cls,
        layout: Layout,
        state: np.ndarray,
        cluster: np.ndarray,
        reference: np.ndarray,
        weight: np.ndarray | None = None,
    ) -> CountMoments:
        """Return the moments of every cell.

        One sparse table of clusters by combination and state is made once. For each split its columns are gathered into the
        split's cells, and the table times itself holds all the sums: no cluster is ever looped over.

        Parameters
        ----------
        layout
            The cells.
        state, cluster
            One each per unit: its label and flag, 0 to 8, and what it belongs together with.
        reference
            One per cell: the cell that it is compared with, or -1.
        weight
            How much of a unit each is; by default all are whole.
        """
        import pandas as pd
        from scipy import sparse

        rows, clusters = pd.factorize(cluster)
        combined = layout.combined
        columns = combined.unit.astype(np.int64) * _CELLS + state
        shape = (len(clusters), len(combined) * _CELLS)
        each = np.ones(len(rows)) if weight is None else weight
        table = sparse.coo_array((each, (rows, columns)), shape=shape).tocsr()
        parts = []
        for start, split in zip(layout.starts, layout.splits, strict=False):
            gathered = (split.codes[:, None] * _CELLS + np.arange(_CELLS)).ravel()[table.indices]
            shape = (len(clusters), split.size * _CELLS)
            by_cell = sparse.csr_array((table.data, gathered, table.indptr), shape=shape)
            own_reference = reference[start : start + split.size] - start
            parts.append(_of_split(split, (by_cell.T @ by_cell).tocoo(), own_reference))
        return cls(*(np.concatenate(one) for one in zip(*parts, strict=True)))

    def beside(self, cells: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the products of some cells' counts with themselves, of what they are compared with, and of the two.

        Parameters
        ----------
        cells
            Which cells.
        at
            What each is compared with: -1 for everyone else, or the reference that the moments were made with.
        """
        everyone_else = (at < 0)[:, None, None]
        within, with_all = self.within[cells], self.with_everybody[cells]
        rest = self.within[0] - with_all - with_all.transpose(0, 2, 1) + within
        across = np.where(everyone_else, with_all - within, self.with_reference[cells])
        return within, np.where(everyone_else, rest, self.within[at]), across


def cases_worth(weights: np.ndarray, of: np.ndarray, top: np.ndarray, n: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Return how many independent cases a rate's cases are worth: axes rates, cells.

    The number of cases over the design effect (Rao and Scott 1992): the variance with clusters kept together, by
    linearisation, over that of independent cases. Between the number of clusters, as if all cases of a cluster were alike,
    and the number of cases. The number of clusters is that of equally large ones; it is also what cases are worth where no
    variance is seen. Where each case is its own cluster, cases are worth their number.

    Parameters
    ----------
    weights
        What a unit of each state adds to the rate's residual: axes rates, cells, states.
    of
        Which states the rate is a share of: axes rates, states.
    top, n
        Counts: axes rates, cells.
    within
        Sums of products of clusters' counts: axes cells, states, states.
    """
    squares = np.einsum("ra,cab,rb->rc", of, within, of, optimize=True)
    residual = covariance(weights, within, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        clusters = np.where(n > 0, n**2 / squares, 0.0)
        alone = top / n * (n - top) / (n - 1)  # the squared residuals of independent cases, n over
        together = residual / n * clusters / (clusters - 1)
        worth = n * alone / together
    seen = (clusters > 1 + _NOTHING) & (residual > _NOTHING * squares) & (top > 0) & (top < n)
    found: np.ndarray = np.where(seen, np.clip(worth, clusters, n), clusters)
    return found


def covariance(weights: np.ndarray, products: np.ndarray, other_weights: np.ndarray) -> np.ndarray:
    """Return the sum over clusters of the product of two residuals: axes rates, cells."""
    found: np.ndarray = np.einsum("rca,cab,rcb->rc", weights, products, other_weights, optimize=True)
    return found


def _of_split(split: Split, products: object, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the moments of one split's cells from the products of all its columns with each other."""
    row, column = products.coords  # type: ignore[attr-defined]
    cell, state = np.divmod(row.astype(np.int64), _CELLS)
    other, other_state = np.divmod(column.astype(np.int64), _CELLS)
    place = (cell * _CELLS + state) * _CELLS + other_state
    size = split.size * _CELLS**2

    def total(kept: np.ndarray | slice) -> np.ndarray:
        sums = np.bincount(place[kept], weights=products.data[kept], minlength=size)  # type: ignore[attr-defined]
        return sums.reshape(split.size, _CELLS, _CELLS)

    return total(cell == other), total(slice(None)), total(reference[cell] == other)
