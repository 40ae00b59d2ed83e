"""Weighted means and regressions with cluster-robust standard errors: plain numpy, any data.

One code path: unweighted means weights of 1, unclustered means one cluster per row. Every variance carries the factor
g / (g - 1) for g clusters, as in the survey software that linearises by Taylor series (Binder 1983; Lumley 2004), so the
mean of everything equals a regression on a constant, standard error included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FTest", "Means", "Regression", "clustered_means", "clustered_regression", "wald_f_test"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Means:
    """One entry per domain: mean, standard error, rows, clusters, and the clusters they are worth given their weights."""

    mean: Floats
    std_error: Floats
    n: Codes
    clusters: Codes
    effective_clusters: Floats


@dataclass(frozen=True)
class Regression:
    """Coefficients, their cluster-robust covariance, and how many clusters stand behind them."""

    coefficients: Floats
    covariance: Floats
    clusters: int

    @property
    def std_error(self) -> Floats:
        """Standard error of each coefficient."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True)
class FTest:
    """An F statistic, its degrees of freedom and its p-value; statistic and p-value are NaN where there is no test."""

    statistic: float
    df_between: int
    df_within: int
    p_value: float


def clustered_means(
    values: Any, *, weights: Any = None, clusters: Any = None, domains: Any = None, count: int | None = None
) -> Means:
    """Return the weighted mean of each domain, with its standard error by Taylor linearisation (Binder 1983).

    A domain's own clusters count as its sample: g and the factor g / (g - 1) are the domain's, not the whole survey's.

    Parameters
    ----------
    values
        One number per row.
    weights
        One positive weight per row. Left out: 1.
    clusters
        Which cluster each row belongs to: any labels. Left out: each row is its own.
    domains
        Which domain each row belongs to: whole numbers from 0. Left out: all rows are one domain.
    count
        How many domains there are. A domain without rows has a missing (NaN) mean.

    Returns
    -------
    Means
        A domain with one cluster has a mean and no standard error (NaN).
    """
    y = np.asarray(values, float)
    w, cluster = _weights(weights, len(y)), _codes(clusters, len(y))
    domain = np.zeros(len(y), int) if domains is None else np.asarray(domains, int)
    size = count if count is not None else int(domain.max(initial=0)) + 1
    stride = int(cluster.max(initial=0)) + 1
    pairs, cell = np.unique(domain * stride + cluster, return_inverse=True)
    owner = pairs // stride

    total = np.bincount(domain, w, size)
    g = np.bincount(owner, minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(domain, w * y, size) / total
        surprise = np.bincount(cell, w * (y - mean[domain]), len(pairs))
        variance = g / (g - 1) * np.bincount(owner, surprise**2, size) / total**2
        effective = total**2 / np.bincount(owner, np.bincount(cell, w, len(pairs)) ** 2, size)
    std_error = np.where(g > 1, np.sqrt(np.where(g > 1, variance, 0.0)), np.nan)
    return Means(mean, std_error, np.bincount(domain, minlength=size), g, effective)


def clustered_regression(outcome: Any, design: Any, *, weights: Any = None, clusters: Any = None) -> Regression:
    """Return a weighted least-squares fit with the cluster-robust ("sandwich") covariance (Liang and Zeger 1986).

    Parameters
    ----------
    outcome
        One number per row.
    design
        Rows by coefficients; the caller puts the constant in.
    weights, clusters
        As for `clustered_means`.

    Returns
    -------
    Regression
        All NaN when the rows cannot tell the columns apart. With one cluster the covariance is NaN.
    """
    y, x = np.asarray(outcome, float), np.asarray(design, float)
    w, cluster = _weights(weights, len(y)), _codes(clusters, len(y))
    g, k = int(cluster.max(initial=-1)) + 1, x.shape[1]
    root = np.sqrt(w)
    if np.linalg.matrix_rank(x * root[:, None]) < k:
        return Regression(np.full(k, np.nan), np.full((k, k), np.nan), g)
    q, r = np.linalg.qr(x * root[:, None])
    coefficients = np.linalg.solve(r, q.T @ (y * root))
    scores = x * (w * (y - x @ coefficients))[:, None]
    totals = np.column_stack([np.bincount(cluster, column, g) for column in scores.T])
    bread = np.linalg.solve(r, np.eye(k))
    half = totals @ bread @ bread.T
    factor = g / (g - 1) if g > 1 else np.nan
    return Regression(coefficients, np.asarray(factor * (half.T @ half), float), g)


def wald_f_test(regression: Regression, tested: Any) -> FTest:
    """Return the test that several coefficients are all 0: the adjusted Wald F of Korn and Graubard (1990).

    With W the Wald statistic of q coefficients and d = clusters - 1, F = W (d - q + 1) / (d q) on q and d - q + 1 degrees
    of freedom.

    Parameters
    ----------
    regression
        A fit.
    tested
        Positions of the coefficients.
    """
    from scipy.special import fdtrc

    which = np.asarray(tested, int)
    b, v = regression.coefficients[which], regression.covariance[np.ix_(which, which)]
    q, d = len(which), regression.clusters - 1
    within = d - q + 1
    if q < 1 or within < 1 or not np.isfinite(v).all() or np.linalg.matrix_rank(v) < q:
        return FTest(np.nan, q, max(within, 0), np.nan)
    statistic = float(b @ np.linalg.solve(v, b)) * within / (d * q)
    return FTest(statistic, q, within, float(fdtrc(q, within, statistic)))


def _weights(weights: Any, size: int) -> Floats:
    return np.ones(size) if weights is None else np.asarray(weights, float)


def _codes(labels: Any, size: int) -> Codes:
    if labels is None:
        return np.arange(size)
    return np.unique(np.asarray(labels), return_inverse=True)[1].reshape(-1)
