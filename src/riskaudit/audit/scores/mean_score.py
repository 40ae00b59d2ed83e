"""The mean score by cell, of every unit that has one, and against a reference."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.scored import NO_SCORE
from riskaudit.audit.measures.square_and_add import Spread
from riskaudit.audit.scores.moments import Moments, comparable, compared_moments, moments_of
from riskaudit.audit.scores.score_differences import difference_table
from riskaudit.estimates import EstimateTable, student

__all__ = ["mean_prediction_tables"]


def mean_prediction_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the mean score by cell, and its difference from what each cell is compared with. It needs no labels.

    The interval is Student's, with one degree of freedom less than there are cases, or clusters where units belong together.
    For scores from 0 to 1 it holds those means that Student's test does not reject if the scores' standard deviation is in
    proportion to ``mean * (1 - mean)``, the variance function of Wedderburn (1974): few scores that are mostly low have a long
    tail upwards, and a mean that is higher than theirs would come with more spread.
    """
    ordered = measured.ordered
    if ordered is None:
        return
    score = np.asarray(ordered.score, float)
    own = moments_of(measured, ordered.units, score)
    spread = _spread(measured, own)
    usable = np.isfinite(spread.lower)
    n = own.x.astype(np.int64)
    yield EstimateTable.build(
        **measured.where,
        statistic="mean_prediction",
        estimate=spread.estimate,
        std_error=spread.std_error,
        lower=spread.lower,
        upper=spread.upper,
        n=n,
        method=np.where(usable, _method(measured), ""),
        note=np.select(
            [n == 0, usable, n == 1, own.clusters == 1],
            [NO_SCORE, "", "no interval: only one case", "no interval: only one cluster"],
            "no interval: all scores are alike",
        ),
    )
    if comparable(measured).any():
        other, covariance = compared_moments(measured, own, ordered.units, score)
        yield difference_table(
            measured, "mean_prediction_difference", (own.x, spread), (other.x, _spread(measured, other)), covariance,
            _method(measured), NO_SCORE,
        )  # fmt: skip


def _method(measured: Measurement) -> str:
    clusters = "" if measured.pairs is None else ", clusters kept together"
    scale = ", spread of Wedderburn" if measured.predictions.scores_are_probabilities else ""
    return f"Student t{scale}{clusters} {100 * measured.plan.confidence:g}%"


def _spread(measured: Measurement, moments: Moments) -> Spread:
    variance = moments.variance
    error = np.sqrt(np.where(variance > 0, variance, np.nan))
    freedom, confidence = moments.clusters - 1, measured.plan.confidence
    if not measured.predictions.scores_are_probabilities:
        interval = student(moments.mean, error, freedom, confidence)
        return Spread(moments.mean, error, interval.lower, interval.upper)
    inside = np.where(error > 0, moments.mean, 0.5)
    # with the reach r at the mean found, the ends are where |mean - end| = times * end * (1 - end): roots of two quadratics
    reach = student(0.0, error, freedom, confidence).upper
    times = reach / (inside * (1 - inside))
    lower = _lower_root(inside, times)
    return Spread(moments.mean, error, lower, 1 - _lower_root(1 - inside, times))


def _lower_root(mean: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return the x below the mean for which ``mean - x = times * x * (1 - x)``."""
    found: np.ndarray = 2 * mean / (1 + times + np.sqrt((1 + times) ** 2 - 4 * times * mean))
    return found
