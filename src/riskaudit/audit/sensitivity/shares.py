"""Rates of counts that are not as recorded but as a correction makes them, and differences, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.audit.measures.square_and_add import Spread, square_and_add
from riskaudit.audit.rates.rates import RATES, Rate, states_of
from riskaudit.audit.sensitivity.sides import Side
from riskaudit.estimates import EstimateTable, wilson_of_clusters

__all__ = ["CLOSE", "EXAMINED", "Corrected", "Difference", "difference", "shares", "stacked"]

_EXAMINED = (
    "base_rate", "true_positive_rate", "false_positive_rate", "false_negative_rate", "precision", "false_flags_per_1000",
    "missed_per_1000",
)  # fmt: skip
EXAMINED: tuple[Rate, ...] = tuple(rate for rate in RATES if rate.name in _EXAMINED)
"""The rates that sensitivity is worked out for. The others are what these leave of 1, and turn at the same place."""

CLOSE = 1e-9
"""Counts and rates nearer to each other than this are taken as equal: what rounding leaves."""


@dataclass(frozen=True, eq=False)
class Corrected:
    """One rate of every cell, of corrected counts, with what its interval is made of. NaN where it is not defined."""

    value: np.ndarray
    variance: np.ndarray
    cases: np.ndarray
    """Recorded cases that it rests on: its denominator as recorded."""
    clusters: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    weights: np.ndarray
    """What each count weighs in the rate's error, to first order: for covariances."""


@dataclass(frozen=True, eq=False)
class Difference:
    """One rate less another, with its interval."""

    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def shares(rate: Rate, side: Side, correction: np.ndarray, confidence: float) -> Corrected:
    """Return a rate of corrected counts, with Wilson's interval.

    Corrected counts are weighted sums of recorded ones; so a rate is a ratio of such sums, and its variance is that of a
    ratio, by linearisation (Cochran 1977, section 6.4). Wilson's interval takes as many cases as that variance is worth (Korn
    and Graubard 1998): without a correction it is Wilson's own.

    Parameters
    ----------
    correction
        What each recorded count (last axis) adds to each corrected one: 9 by 9, one for all cells or one per cell.
    """
    above, below = (states_of(chosen) @ correction for chosen in (rate.counted, rate.of))
    top, bottom = (side.counts * above).sum(axis=-1), (side.counts * below).sum(axis=-1)
    defined = bottom > CLOSE
    value = np.divide(top, bottom, out=np.full(len(top), np.nan), where=defined)
    value = np.where(np.abs(value - np.rint(value)) < CLOSE, np.rint(value), value)
    weights = (above - value[:, None] * below) / np.where(defined, bottom, np.nan)[:, None]
    variance = np.maximum(side.product(weights, weights), 0)  # rounding can carry it past, where all clusters are alike
    cases = np.where(defined, side.counts @ states_of(rate.of), 0)
    clusters = np.minimum(cases, side.clusters)
    interval = wilson_of_clusters(np.clip(value, 0, 1), variance, cases, clusters, confidence)
    return Corrected(value, variance, cases, clusters, interval.lower, interval.upper, weights)


def difference(one: Corrected, other: Corrected, covariance: np.ndarray | float = 0.0) -> Difference:
    """Return one rate less the other, with the hybrid score interval (Newcombe 1998, method 10; Zou and Donner 2008).

    It is made of the two rates' own intervals; `covariance` is that of the two, where clusters have units on both sides.
    Corrected counts are not counts of cases, which the score interval of plain rates asks for (`score_intervals`).
    """
    lower, upper = square_and_add(_spread(one), _spread(other), covariance)
    return Difference(one.value - other.value, np.maximum(lower, -1), np.minimum(upper, 1))


def _spread(side: Corrected) -> Spread:
    return Spread(side.value, np.sqrt(side.variance), side.lower, side.upper)


def stacked(where: Mapping[str, Any], parts: Iterable[Mapping[str, Any]], **same: Any) -> EstimateTable:
    """Return one table of several statistics of the same cells, one after the other.

    Parameters
    ----------
    where
        The columns that say which cell a row is of, one entry per cell.
    parts
        The other columns of each statistic: arrays or lists, one entry per cell, or a single value.
    """
    found = list(parts)
    if not found:
        return EstimateTable.concat([])
    size = next(len(values) for values in where.values() if not isinstance(values, str))
    columns: dict[str, Any] = {
        name: values if isinstance(values, str) else list(values) * len(found) for name, values in where.items()
    }
    for name in found[0]:
        columns[name] = np.concatenate([_filled(part[name], size) for part in found])
    return EstimateTable.build(**columns, **same)


def _filled(value: Any, size: int) -> np.ndarray:
    return np.full(size, value, object) if isinstance(value, str) else np.broadcast_to(np.asarray(value), size)
