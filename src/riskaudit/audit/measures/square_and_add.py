"""The interval of a difference, made of the intervals of the two things that differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Spread", "square_and_add"]


@dataclass(frozen=True)
class Spread:
    """Estimates with standard errors and intervals, one of each per cell. NaN where there are none."""

    estimate: np.ndarray
    std_error: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def at(self, places: np.ndarray) -> Spread:
        """Return those of some cells."""
        return Spread(self.estimate[places], self.std_error[places], self.lower[places], self.upper[places])


def square_and_add(one: Spread, other: Spread, covariance: Any = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of `one` less `other` from their own intervals (Newcombe 1998; Zou and Donner 2008).

    It keeps what each interval knows of the ends of its scale, and is never of zero width where neither of them is.

    Parameters
    ----------
    one, other
        The two estimates with their intervals.
    covariance
        Of the two estimates, where they share clusters.
    """
    difference = one.estimate - other.estimate
    with np.errstate(divide="ignore", invalid="ignore"):
        alike = np.nan_to_num(np.clip(covariance / (one.std_error * other.std_error), -1, 1))

    def reach(down: np.ndarray, up: np.ndarray) -> np.ndarray:
        return np.sqrt(np.maximum(down**2 + up**2 - 2 * alike * down * up, 0))

    lower = difference - reach(one.estimate - one.lower, other.upper - other.estimate)
    return lower, difference + reach(one.upper - one.estimate, other.estimate - other.lower)
