"""Brier score, log loss and mean score: against scikit-learn, by hand, and with clusters."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit, logit, ndtri, stdtrit
from sklearn.metrics import brier_score_loss, log_loss

from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.scores.losses import brier_tables, log_loss_tables
from riskaudit.audit.scores.mean_score import mean_prediction_tables


def _pseudo(loss: np.ndarray, if_no: np.ndarray, if_yes: np.ndarray) -> tuple[float, float]:
    """The interval of the losses with z squared cases more: the cell's own scores, half of them under each label."""
    z2 = ndtri(0.975) ** 2
    weights = np.concatenate([np.ones(len(loss)), np.full(2 * len(loss), z2 / 2 / len(loss))])
    values = np.concatenate([loss, if_no, if_yes])
    middle = np.average(values, weights=weights)
    reach = np.sqrt(z2 * np.average((values - middle) ** 2, weights=weights) / weights.sum())
    return middle - reach, middle + reach


def test_the_brier_interval_has_cases_of_both_labels_added(measured_scores: Callable[..., Measurement]) -> None:
    score, label = np.array([0.1, 0.6, 0.8, 0.4]), np.array([0.0, 1, 1, 0])
    row = next(brier_tables(measured_scores(score, label))).row()
    squared = np.array([0.01, 0.16, 0.04, 0.16])
    lower, upper = _pseudo(squared, score**2, (1 - score) ** 2)
    assert row["estimate"] == pytest.approx(0.0925)
    assert row["std_error"] == pytest.approx(squared.std(ddof=1) / 2)
    assert (row["lower"], row["upper"]) == pytest.approx((max(lower, 0), upper), rel=1e-10)


def test_the_log_loss_is_scikit_learns_with_the_same_kind_of_interval(
    random_predictions: Predictions, measured_scores: Callable[..., Measurement]
) -> None:
    score, label = random_predictions.score.clip(0.01, 0.99), random_predictions.label
    row = next(log_loss_tables(measured_scores(score, label))).row()
    lower, upper = _pseudo(-np.log(np.where(label == 1, score, 1 - score)), -np.log1p(-score), -np.log(score))
    assert row["estimate"] == pytest.approx(log_loss(label, score), rel=1e-12)
    assert (row["lower"], row["upper"]) == pytest.approx((lower, upper), rel=1e-10)
    assert row["note"] == ""


def test_a_sure_score_of_the_wrong_label_is_cut_off_and_counted(measured_scores: Callable[..., Measurement]) -> None:
    score, label = np.array([0.0, 1.0, 0.0, 0.3, 0.6]), np.array([1.0, 1, 0, 0, 1])
    row = next(log_loss_tables(measured_scores(score, label))).row()
    assert row["estimate"] == pytest.approx(log_loss(label, score), rel=1e-12)
    assert row["note"] == "1 of 5 scores are exactly 0 or 1 and the label is the other one: their loss is cut off at 36"


@pytest.mark.parametrize("tables", [brier_tables, log_loss_tables])
def test_labels_that_are_all_alike_still_leave_the_other_label_possible(
    tables: Callable, measured_scores: Callable[..., Measurement]
) -> None:
    # ten cases, none positive: Student's interval would be of zero width at the loss found
    row = next(iter(tables(measured_scores(np.full(10, 0.1), np.zeros(10))))).row()
    assert row["lower"] <= row["estimate"] < row["estimate"] + 0.05 < row["upper"]


def test_a_score_of_one_half_loses_as_much_whatever_the_label_is(measured_scores: Callable[..., Measurement]) -> None:
    row = next(brier_tables(measured_scores(np.full(4, 0.5), np.array([0.0, 1, 1, 0])))).row()
    assert (row["estimate"], row["lower"]) == (0.25, None)
    assert row["note"] == "no interval: every score loses as much whatever the label is"


@pytest.mark.parametrize("scale", [1, 10])
def test_the_mean_scores_interval_is_students_on_the_log_odds_scale_for_scores_from_0_to_1(
    scale: float, measured_scores: Callable[..., Measurement]
) -> None:
    score = scale * np.array([0.2, 0.5, 0.4, 0.7, np.nan])
    row = next(mean_prediction_tables(measured_scores(score, np.full(5, np.nan)))).row()
    mean, error = scale * 0.45, score[:4].std(ddof=1) / 2
    assert (row["estimate"], row["std_error"], row["n"]) == pytest.approx((mean, error, 4))
    reach = stdtrit(3, 0.975) * error
    expected = expit(logit(mean) + reach / (mean * (1 - mean))) if scale == 1 else mean + reach
    assert row["upper"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("score", "note"),
    [([0.3, 0.3], "no interval: all scores are alike"), ([0.3], "no interval: only one case"),
     ([np.nan], "no cases with a score")],
)  # fmt: skip
def test_scores_that_say_nothing_of_their_spread_have_no_interval(
    score: list[float], note: str, measured_scores: Callable[..., Measurement]
) -> None:
    row = next(mean_prediction_tables(measured_scores(score, np.zeros(len(score))))).row()
    assert (row["lower"], row["note"]) == (None, note)


class _Ratio:
    """A mean with what each cluster draws it by, from cluster totals: Cochran 1977, section 6.4."""

    def __init__(self, values: np.ndarray, cluster: np.ndarray, clusters: int) -> None:
        x, y = (np.bincount(cluster, weights=one, minlength=clusters) for one in (np.ones(len(values)), values))
        self.mean = y.sum() / x.sum()
        self.drawn = (y - self.mean * x) / x.sum()
        there = (x > 0).sum()
        self.variance = self.drawn @ self.drawn * there / (there - 1)


@pytest.mark.parametrize("reference", [{}, {"g": "a"}])
@pytest.mark.parametrize("clustered", [True, False])
def test_differences_add_variances_and_take_off_what_clusters_share(reference: dict[str, str], clustered: bool) -> None:
    rng = np.random.default_rng(29)
    size = 300
    score = rng.random(size)
    label = (rng.random(size) < score).astype(float)
    level = rng.choice(list("abc"), size)
    cluster = rng.integers(0, 90, size) if clustered else np.arange(size)
    clusters = len(np.unique(cluster))
    predictions = Predictions(score, score > 0.5, label, {"g": level}, "row", cluster=cluster if clustered else None)
    measured = Measurement(predictions, "m", Plan(reference=reference))
    for tables, values in ((mean_prediction_tables, score), (brier_tables, (score - label) ** 2)):
        plain, differences = tables(measured)
        for name in "bc" if reference else "abc":
            inside = level == name
            others = level == "a" if reference else ~inside
            one, other = (_Ratio(values[k], cluster[k], cluster.max() + 1) for k in (inside, others))
            assert plain.row(level=name)["std_error"] == pytest.approx(one.variance**0.5, rel=1e-10)
            covariance = one.drawn @ other.drawn * clusters / (clusters - 1)
            row = differences.row(level=name)
            assert row["estimate"] == pytest.approx(one.mean - other.mean, abs=1e-12)
            assert row["std_error"] == pytest.approx((one.variance + other.variance - 2 * covariance) ** 0.5, rel=1e-10)


def test_families_of_children_alike_are_worth_as_many_cases_as_there_are_families() -> None:
    rng = np.random.default_rng(31)
    score = rng.random(200)
    label = (rng.random(200) < score).astype(float)
    rows = []
    for times, cluster in ((1, None), (3, np.repeat(np.arange(200), 3))):
        one = Predictions(np.repeat(score, times), np.zeros(200 * times), np.repeat(label, times), {}, "row", cluster)
        rows.append(next(brier_tables(Measurement(one, "m", Plan()))).row())
    assert rows[1]["estimate"] == pytest.approx(brier_score_loss(label, score), rel=1e-12)
    assert (rows[1]["lower"], rows[1]["upper"]) == pytest.approx((rows[0]["lower"], rows[0]["upper"]), rel=1e-3)
