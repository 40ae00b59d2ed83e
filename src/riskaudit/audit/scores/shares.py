"""Shares of cases by cell with their intervals, whether cases stand for themselves or belong together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.proportions import Bounds, proportion_bounds
from riskaudit.audit.scores.moments import moments_of
from riskaudit.estimates import wilson_of_clusters

__all__ = ["Share", "bounds_of_clusters", "share_of"]


@dataclass(frozen=True, eq=False)
class Share:
    """How many cases count, of how many, with the interval of their share: one of each per cell."""

    counted: np.ndarray
    n: np.ndarray
    bounds: Bounds

    @property
    def share(self) -> np.ndarray:
        """The share; NaN of nobody."""
        return np.divide(self.counted, self.n, out=np.full(np.shape(self.n), np.nan), where=self.n > 0)


def share_of(measured: Measurement, units: np.ndarray, counted: np.ndarray) -> Share:
    """Return, by cell, the share of these units that count: 1 or 0 each.

    Its interval is that of a proportion; with clusters Wilson's, of as many cases as the variance is worth.
    """
    n, top = measured.sums(units), np.rint(measured.sums(units, counted)).astype(np.int64)
    if measured.pairs is None:
        return Share(top, n, proportion_bounds(top, n, measured.plan.confidence))
    found = moments_of(measured, units, counted)
    with np.errstate(invalid="ignore"):
        share = top / n
    return Share(top, n, bounds_of_clusters(share, found.variance, n, found.clusters, measured.plan.confidence))


def bounds_of_clusters(
    share: np.ndarray, variance: np.ndarray, n: np.ndarray, clusters: np.ndarray, confidence: float
) -> Bounds:
    """Return Wilson's interval of shares of cases in clusters (see `estimates.wilson_of_clusters`)."""
    found = wilson_of_clusters(share, variance, n, clusters, confidence)
    method = found.method.replace("Wilson", "Wilson, clusters kept together,")
    return Bounds(found.lower, found.upper, np.full(np.shape(n), method))
