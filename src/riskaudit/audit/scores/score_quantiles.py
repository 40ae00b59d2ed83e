"""Quantiles of the scores by cell, with intervals that suppose nothing of how scores are spread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.measures.scored import NO_SCORE, Ordered
from riskaudit.audit.measures.splits import Split
from riskaudit.estimates import EstimateTable, ratio_variance, wilson_of_clusters

__all__ = ["QUANTILES", "score_quantile_tables"]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def score_quantile_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield five quantiles of the scores by cell, of every case with a score; any finite scores have them.

    Between two cases a quantile is interpolated, as numpy does. The ends of the interval are two of the cell's own scores,
    chosen by the binomial distribution of how many lie below the true quantile (David and Nagaraja 2003): it covers at least
    as often as it says. Where too few cases lie on one side, the end is that of the scale for scores from 0 to 1, and for
    others there is none. With clusters, the ends are those scores that have the ends of the interval of the share below the
    quantile below them (Woodruff 1952).
    """
    ordered = measured.ordered
    if ordered is None:
        return
    pairs = measured.pairs or (None,) * len(measured.layout.splits)
    parts = [
        _of_split(measured, ordered, part, together)
        for part, together in zip(measured.layout.unit_splits(), pairs, strict=True)
    ]
    n, estimate, lower, upper = (np.concatenate(one) for one in zip(*parts, strict=True))
    within = np.isfinite(lower) & np.isfinite(upper)
    usable = within & (lower < upper)
    clustered = measured.pairs is not None
    method = "Woodruff, clusters kept together" if clustered else "order statistics, exact binomial"
    for place, quantile in enumerate(QUANTILES):
        yield EstimateTable.build(
            **measured.where,
            statistic=f"score_quantile_{100 * quantile:02.0f}",
            estimate=estimate[:, place],
            lower=np.where(usable, lower, np.nan)[:, place],
            upper=np.where(usable, upper, np.nan)[:, place],
            n=n,
            method=np.where(usable[:, place], f"{method} {100 * measured.plan.confidence:g}%", ""),
            note=np.select(
                [n == 0, usable[:, place], within[:, place]],
                [NO_SCORE, "", "no interval: so many cases have this very score that both ends are it"],
                "no interval: too few cases lie on one side of it",
            ),
        )


def _of_split(
    measured: Measurement, ordered: Ordered, part: Split, together: Pairs | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return by level how many cases there are, and by level and quantile the estimate and the ends of its interval."""
    code = part.codes[ordered.units]
    by_level = np.argsort(code, kind="stable")
    score = np.asarray(ordered.score[by_level], float)
    n = np.bincount(code, minlength=part.size)
    first = np.cumsum(n) - n
    chances = np.array(QUANTILES)
    estimate = _taken(score, first, n, (n[:, None] - 1) * chances)
    if together is None:
        low, high = _ranks(n[:, None], chances, measured.plan.confidence)
    else:
        below = [score <= estimate[code[by_level], place] for place in range(len(chances))]
        low, high = _ranks_of_clusters(ordered.units[by_level], below, together, n, measured.plan.confidence)
    lowest, highest = (0.0, 1.0) if measured.predictions.scores_are_probabilities else (np.nan, np.nan)
    ends = [_taken(score, first, n, rank - 1) for rank in (low, high)]
    lower = np.where(low < 1, lowest, np.minimum(ends[0], estimate))
    upper = np.where(high > n[:, None], highest, np.maximum(ends[1], estimate))
    nobody = (n == 0)[:, None]
    return n, estimate, np.where(nobody, np.nan, lower), np.where(nobody, np.nan, upper)


def _taken(score: np.ndarray, first: np.ndarray, n: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return each level's score at a place in its order, counted from 0 and interpolated; NaN where it has no case."""
    if not len(score):
        return np.full(np.shape(place), np.nan)
    last = np.maximum(n[:, None] - 1, 0)
    within = np.clip(place, 0, last)
    below = np.floor(within).astype(np.int64)
    start = np.minimum(first, len(score) - 1)[:, None]
    low = score[np.minimum(start + below, len(score) - 1)]
    high = score[np.minimum(start + np.minimum(below + 1, last), len(score) - 1)]
    found: np.ndarray = np.where(n[:, None] > 0, low + (high - low) * (within - below), np.nan)
    return found


def _ranks(n: np.ndarray, chance: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Return which cases are the ends: counted from 1; 0, or more than there are, where no case is far enough out."""
    tail = (1 - confidence) / 2
    size = np.maximum(n, 1)
    return _binomial_quantile(tail, size, chance), _binomial_quantile(1 - tail, size, chance) + 1


def _binomial_quantile(share: float, n: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return the least k that at least this share of the binomial distribution does not pass: from the normal one, by steps."""
    from scipy.special import bdtr, ndtri

    z = float(ndtri(share))
    skew = (1 - 2 * chance) * (z**2 - 1) / 6
    k = np.clip(np.floor(n * chance + z * np.sqrt(n * chance * (1 - chance)) + skew), 0, n)
    while (high := (k > 0) & (bdtr(np.maximum(k - 1, 0), n, chance) >= share)).any():
        k = k - high
    while (low := (k < n) & (bdtr(k, n, chance) < share)).any():
        k = k + low
    return k


def _ranks_of_clusters(
    units: np.ndarray, below: list[np.ndarray], together: Pairs, n: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    size = together.sums(units)
    clusters = together.by_level((size > 0).astype(float))
    columns = []
    for one in below:
        counted = together.sums(units, one.astype(float))
        sums = [together.by_level(values) for values in (size, counted, size**2, size * counted, counted**2)]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = sums[1] / sums[0]
        interval = wilson_of_clusters(share, ratio_variance(clusters, *sums), n, clusters, confidence)
        columns.append((interval.lower, interval.upper))
    lower, upper = (np.nan_to_num(np.stack(one, axis=1)) for one in zip(*columns, strict=True))
    return np.floor(n[:, None] * lower), np.ceil(n[:, None] * upper) + 1
