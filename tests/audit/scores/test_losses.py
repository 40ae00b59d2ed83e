"""Brier score, log loss and mean score: against scikit-learn, by hand, and with clusters."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import ndtri, stdtrit
from sklearn.metrics import brier_score_loss, log_loss

from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.scores.losses import brier_tables, log_loss_tables
from riskaudit.audit.scores.mean_score import mean_prediction_tables
from riskaudit.estimates import wilson


def _pseudo(loss: np.ndarray, if_no: np.ndarray, if_yes: np.ndarray) -> tuple[float, float]:
    """The interval of the losses with z squared cases more: the cell's own scores, half of them under each label."""
    z2, n = ndtri(0.975) ** 2, len(loss)
    more = np.concatenate([if_no, if_yes])
    middle, variance = (
        (n * one + z2 * two) / (n + z2) for one, two in ((loss.mean(), more.mean()), (loss.var(), more.var()))
    )
    reach = np.sqrt(z2 * variance / (n + z2))
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


def test_the_brier_interval_of_scores_that_are_sure_is_wilsons_of_the_errors(
    measured_scores: Callable[..., Measurement],
) -> None:
    for wrong in (0, 3, 12):
        score = np.tile([0.0, 1.0], 6)
        label = np.where(np.arange(12) < wrong, 1 - score, score)
        row, ends = next(brier_tables(measured_scores(score, label))).row(), wilson(wrong, 12)
        assert (row["lower"], row["upper"]) == pytest.approx((float(ends.lower), float(ends.upper)), abs=1e-12)


def test_a_difference_of_brier_scores_squares_and_adds_intervals_of_half_as_many_cases_more() -> None:
    rng = np.random.default_rng(37)
    score, level = rng.random(40), np.repeat(["a", "b"], [15, 25])
    label = (rng.random(40) < score).astype(float)
    predictions = Predictions(score, score > 0.5, label, {"g": level}, "row")
    row = list(brier_tables(Measurement(predictions, "m", Plan())))[1].row(level="a")
    z2, sides = ndtri(0.975) ** 2, []
    for name in "ab":
        p, y = score[level == name], label[level == name]
        loss, n = (p - y) ** 2, len(p)
        more, unsure = np.concatenate([p**2, (1 - p) ** 2]), np.tile(np.sqrt(p * (1 - p)), 2)
        mean = np.average(more, weights=unsure)
        variance = np.average((more - mean) ** 2, weights=unsure)
        middle = (n * loss.mean() + z2 / 2 * mean) / (n + z2 / 2)
        reach = np.sqrt(z2 * (n * loss.var() + z2 / 2 * variance)) / (n + z2 / 2)
        sides.append((loss.mean(), middle - reach, middle + reach))
    (one, low, high), (other, other_low, other_high) = sides
    assert row["lower"] == pytest.approx(one - other - np.hypot(one - low, other_high - other))
    assert row["upper"] == pytest.approx(one - other + np.hypot(high - one, other - other_low))
    assert row["method"].startswith("square-and-add of: Wilson with half as many pseudo-cases")


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
def test_the_mean_scores_interval_is_students_with_wedderburns_spread_for_scores_from_0_to_1(
    scale: float, measured_scores: Callable[..., Measurement]
) -> None:
    score = scale * np.array([0.2, 0.5, 0.4, 0.7, np.nan])
    row = next(mean_prediction_tables(measured_scores(score, np.full(5, np.nan)))).row()
    mean, error = scale * 0.45, score[:4].std(ddof=1) / 2
    assert (row["estimate"], row["std_error"], row["n"]) == pytest.approx((mean, error, 4))
    reach = stdtrit(3, 0.975) * error
    for end in (row["lower"], row["upper"]):
        spread = end * (1 - end) / (mean * (1 - mean)) if scale == 1 else 1
        assert abs(end - mean) == pytest.approx(reach * spread)
        assert scale > 1 or 0 < end < 1


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
