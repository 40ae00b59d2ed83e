"""The area under the ROC curve and its variance, against scikit-learn and against every pair."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit, logit, ndtri
from sklearn.metrics import roc_auc_score

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.ranking import areas_under_curve, roc_auc_tables
from riskaudit.audit.measures.scores import rank
from riskaudit.audit.measures.splits import Split


def _every_pair(score: np.ndarray, label: np.ndarray) -> tuple[float, float]:
    """DeLong's area and variance from all pairs of a positive and a negative: slow and plain."""
    wins = np.sign(score[label == 1][:, None] - score[label == 0][None, :]) / 2 + 0.5
    positives, negatives = wins.shape
    return float(wins.mean()), float(
        wins.mean(axis=1).var(ddof=1) / positives + wins.mean(axis=0).var(ddof=1) / negatives
    )


@pytest.mark.parametrize("digits", [1, 2, 12])
def test_area_and_variance_are_those_of_all_pairs_at_every_level(digits: int) -> None:
    rng = np.random.default_rng(7)
    score = rng.random(900).round(digits)  # few digits: many ties
    label = (rng.random(900) < score).astype(float)
    codes = rng.integers(0, 4, 900).astype(np.int16)
    found = areas_under_curve(rank(score, label), Split("g", tuple("abcd"), codes))
    for level in range(4):
        inside = codes == level
        area, variance = _every_pair(score[inside], label[inside])
        assert found.area[level] == pytest.approx(area, abs=1e-12)
        assert found.area[level] == pytest.approx(roc_auc_score(label[inside], score[inside]), abs=1e-12)
        assert found.variance[level] == pytest.approx(variance, rel=1e-10)


def test_units_without_a_score_or_a_label_take_no_part(measured_scores: Callable[..., Measurement]) -> None:
    score, label = np.array([0.1, 0.9, np.nan, 0.5, 0.6]), np.array([0, 1, 1, np.nan, 0])
    row = next(roc_auc_tables(measured_scores(score, label, confidence=0.95))).row()
    assert (row["estimate"], row["n"]) == (1.0, 3)


def test_the_interval_is_delongs_on_the_log_odds_scale(measured_scores: Callable[..., Measurement]) -> None:
    score = np.array([0.1, 0.4, 0.35, 0.8, 0.7, 0.2])
    label = np.array([0, 0, 1, 1, 1, 0.0])
    row = next(roc_auc_tables(measured_scores(score, label, confidence=0.9))).row()
    area, variance = _every_pair(score, label)
    reach = ndtri(0.95) * np.sqrt(variance) / (area * (1 - area))
    assert row["std_error"] == pytest.approx(np.sqrt(variance))
    assert (row["lower"], row["upper"]) == pytest.approx((expit(logit(area) - reach), expit(logit(area) + reach)))
    assert row["method"] == "DeLong, log-odds scale 90%"


@pytest.mark.parametrize(
    ("score", "label", "estimate", "note"),
    [
        ([], [], None, "no cases with a score and a label"),
        ([0.1, 0.2], [0, 0], None, "no cases with a positive label"),
        ([0.1, 0.2], [1, 1], None, "no cases with a negative label"),
        ([0.1, 0.2, 0.9], [0, 1, 1], 1.0, "no interval: only one case with one of the two labels"),
        ([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], 1.0, "no interval: the scores part the two labels wholly, so that the method "
         "sees no variance"),
        ([0.5] * 4, [0, 0, 1, 1], 0.5, "no interval: the scores are tied, so that the method sees no variance"),
    ],
)  # fmt: skip
def test_where_no_interval_can_be_given_the_note_says_why(
    score: list[float], label: list[int], estimate: float | None, note: str, measured_scores: Callable[..., Measurement]
) -> None:
    row = next(roc_auc_tables(measured_scores(score, label))).row()
    assert (row["estimate"], row["lower"], row["std_error"], row["note"]) == (estimate, None, None, note)


def test_the_interval_covers_the_true_area_as_often_as_it_says(measured_scores: Callable[..., Measurement]) -> None:
    # 2,000 samples of 40 positives and 60 negatives, one level each; two normals one deviation apart: area 0.7602.
    # Tolerance: 4 standard errors of a share of 0.95 in 2,000, 0.0195.
    rng = np.random.default_rng(11)
    samples = 2_000
    label = np.tile(np.repeat([1.0, 0.0], [40, 60]), samples)
    score = rng.normal(size=len(label)) + label
    measured = measured_scores(score, label, {"sample": np.repeat(np.arange(samples), 100)})
    rows = next(roc_auc_tables(measured)).frame().query("group == 'sample'")
    covered = ((rows["lower"] < 0.76025) & (rows["upper"] > 0.76025)).mean()
    assert abs(covered - 0.95) < 0.0195
