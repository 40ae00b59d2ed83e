"""Intervals of proportions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.estimates import clopper_pearson, wilson

__all__ = ["EXACT_BELOW", "Bounds", "proportion_bounds"]

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
