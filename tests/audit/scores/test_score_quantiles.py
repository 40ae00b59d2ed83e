"""Quantiles of scores against numpy; their intervals against the binomial distribution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import binom

from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.scores.score_quantiles import QUANTILES, score_quantile_tables
from riskaudit.estimates import EstimateTable, ratio_variance, wilson_of_clusters


def _table(measured: Measurement) -> EstimateTable:
    return EstimateTable.concat(score_quantile_tables(measured))


def _named(quantile: float) -> str:
    return f"score_quantile_{100 * quantile:02.0f}"


def _missing_labels(size: int) -> np.ndarray:
    return np.full(size, np.nan)


def test_quantiles_are_numpys_at_every_level_and_need_no_labels(measured_scores: Callable[..., Measurement]) -> None:
    rng = np.random.default_rng(59)
    score, level = rng.random(500).round(2), rng.choice(list("abc"), 500)
    score[::50] = np.nan
    table = _table(measured_scores(score, _missing_labels(500), {"g": level}))
    for name in "abc":
        its = score[(level == name) & ~np.isnan(score)]
        for quantile in QUANTILES:
            row = table.row(statistic=_named(quantile), level=name)
            assert row["estimate"] == pytest.approx(np.quantile(its, quantile), abs=1e-12)
            assert row["n"] == len(its)


@pytest.mark.parametrize("size", [8, 40, 333])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_the_ends_are_scores_that_the_true_quantile_lies_between_as_often_as_is_said(
    size: int, confidence: float, measured_scores: Callable[..., Measurement]
) -> None:
    score = np.random.default_rng(size).random(size)
    table, ranked = _table(measured_scores(score, _missing_labels(size), confidence=confidence)), np.sort(score)
    tail = (1 - confidence) / 2
    for quantile in QUANTILES:
        row = table.row(statistic=_named(quantile))
        # how many scores lie below the true quantile is binomial; each end leaves out no more than its tail
        low = max((k for k in range(size + 1) if binom.cdf(k - 1, size, quantile) <= tail), default=0)
        high = min((k for k in range(1, size + 1) if binom.sf(k - 1, size, quantile) <= tail), default=size + 1)
        assert row["lower"] == (0.0 if low == 0 else ranked[low - 1])
        assert row["upper"] == (1.0 if high > size else ranked[high - 1])


def test_off_the_scale_of_0_to_1_an_end_that_no_case_reaches_is_missing(
    measured_scores: Callable[..., Measurement],
) -> None:
    table = _table(measured_scores(np.arange(20.0), _missing_labels(20)))
    row = table.row(statistic="score_quantile_05")
    assert (row["estimate"], row["lower"]) == (pytest.approx(0.95), None)
    assert row["note"] == "no interval: too few cases lie on one side of it"
    assert table.row(statistic="score_quantile_50")["lower"] == 5


def test_a_score_that_nearly_everybody_has_says_so(measured_scores: Callable[..., Measurement]) -> None:
    score = np.concatenate([np.full(95, 0.2), np.linspace(0.3, 0.9, 5)])
    row = _table(measured_scores(score, _missing_labels(100))).row(statistic="score_quantile_50")
    assert (row["estimate"], row["lower"]) == (0.2, None)
    assert row["note"] == "no interval: so many cases have this very score that both ends are it"


def test_with_clusters_the_ends_are_woodruffs() -> None:
    rng = np.random.default_rng(61)
    cluster = rng.integers(0, 60, 300)
    score = np.clip(0.5 + 0.15 * rng.standard_normal(60)[cluster] + 0.05 * rng.standard_normal(300), 0, 1)
    predictions = Predictions(score, score > 0.5, None, {}, "row", cluster=cluster)
    row = _table(Measurement(predictions, "m", Plan())).row(statistic="score_quantile_75")
    below = score <= np.quantile(score, 0.75)
    x, y = (np.bincount(cluster, weights=one) for one in (np.ones(300), below.astype(float)))
    variance = ratio_variance((x > 0).sum(), x.sum(), y.sum(), x @ x, x @ y, y @ y)
    share = wilson_of_clusters(below.mean(), variance, 300, (x > 0).sum())
    ranked = np.sort(score)
    assert row["lower"] == ranked[int(np.floor(300 * share.lower)) - 1]
    assert row["upper"] == ranked[int(np.ceil(300 * share.upper))]
    assert row["method"] == "Woodruff, clusters kept together 95%"
    alone = _table(Measurement(Predictions(score, score > 0.5, None, {}, "row"), "m", Plan()))
    single = alone.row(statistic="score_quantile_75")
    assert row["upper"] - row["lower"] > single["upper"] - single["lower"]
