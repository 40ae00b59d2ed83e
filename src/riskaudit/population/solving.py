"""Solvers for log odds that give the shares asked for."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from riskaudit.population.world import Floats

__all__ = ["solve_intercept", "solve_shares"]

# A touch of ridge: where shares contradict each other, they are met as nearly as can be and the solution stays finite.
_RIDGE = 1e-5


def solve_intercept(offsets: Floats, weights: Floats, target: float) -> float:
    """Return the intercept at which the weighted mean of expit(intercept + offsets) is the target, by bisection.

    Weights sum to 1. A target of 0 or 1 gives an intercept that makes the mean differ from it by less than 1e-9.
    """
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if float(np.sum(weights * expit(middle + offsets))) < target else (low, middle)
    return (low + high) / 2


def solve_shares(features: Floats, offsets: Floats, weights: Floats, targets: Floats) -> Floats:
    """Return the coefficients of a logistic function that give every feature's cells the share asked for.

    The equations are the score equations of a logistic regression, so the solution is the minimum of a convex function;
    it is found by Newton's method with step halving. A feature that no cell has, or every cell, gets 0: it says nothing.

    Parameters
    ----------
    features
        0 or 1, one row per feature and one column per cell.
    offsets
        Log odds that are given, by cell.
    weights
        Share of each cell; they sum to 1.
    targets
        Wanted share among the cells with each feature, over 0 and under 1.
    """
    sizes = features @ weights
    told = (sizes > 1e-12) & ((sizes < 1 - 1e-12) | (np.arange(sizes.size) == np.argmax(sizes)))
    rows, wanted = features[told], (sizes * targets)[told]

    def height(coefficients: Floats) -> float:
        log_odds = offsets + coefficients @ rows
        ridge = _RIDGE / 2 * float(coefficients @ coefficients)
        return float(weights @ np.logaddexp(0.0, log_odds) - wanted @ coefficients) + ridge

    found = np.zeros(wanted.size)
    for _ in range(100):
        chance = expit(offsets + found @ rows)
        slope = rows @ (weights * chance) - wanted + _RIDGE * found
        if np.abs(slope).max(initial=0.0) < 1e-12:
            break
        curve = (rows * (weights * chance * (1 - chance))) @ rows.T + _RIDGE * np.eye(wanted.size)
        step = np.linalg.solve(curve, slope)
        size, here = 1.0, height(found)
        while size > 1e-6 and height(found - size * step) > here:
            size /= 2
        found = found - size * step
    solved = np.zeros(sizes.size)
    solved[told] = found
    return solved
