"""Intervals of proportions and of differences between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.estimates import Interval, clopper_pearson, wilson

__all__ = ["EXACT_BELOW", "Bounds", "newcombe", "proportion_bounds"]

EXACT_BELOW = 40
"""Proportions of fewer cases than this get the exact interval, which is wider and never covers too rarely; others Wilson's."""


@dataclass(frozen=True)
class Bounds:
    """Lower and upper ends and the method, one of each per estimate. NaN where there is no evidence."""

    lower: np.ndarray
    upper: np.ndarray
    method: np.ndarray


def proportion_bounds(successes: np.ndarray, n: np.ndarray, confidence: float) -> Bounds:
    """Return the interval of each proportion: exact (Clopper and Pearson 1934) for few cases, otherwise Wilson (1927)."""
    few = np.asarray(n) < EXACT_BELOW
    exact, score = clopper_pearson(successes, n, confidence), wilson(successes, n, confidence)
    return Bounds(
        np.where(few, exact.lower, score.lower),
        np.where(few, exact.upper, score.upper),
        np.where(few, exact.method, score.method),
    )


def newcombe(
    successes: np.ndarray, n: np.ndarray, other_successes: np.ndarray, other_n: np.ndarray, confidence: float
) -> Interval:
    """Return the hybrid score interval of a difference of two independent proportions (Newcombe 1998, method 10).

    Either ``n`` being 0 gives NaN.
    """
    one, other = wilson(successes, n, confidence), wilson(other_successes, other_n, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate, other_rate = successes / n, other_successes / other_n
    down = np.hypot(rate - one.lower, other.upper - other_rate)
    up = np.hypot(one.upper - rate, other_rate - other.lower)
    difference = rate - other_rate
    method = "Newcombe hybrid score" + one.method.removeprefix("Wilson")
    return Interval(np.maximum(difference - down, -1), np.minimum(difference + up, 1), method)
