"""The area under the ROC curve and its variance, against scikit-learn and against every pair."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit, logit, ndtri
from sklearn.metrics import roc_auc_score

from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.scored import rank
from riskaudit.audit.measures.splits import Split
from riskaudit.audit.scores.areas import FEW, areas_under_curve
from riskaudit.audit.scores.ranking import roc_auc_tables


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
    rng = np.random.default_rng(5)
    score = rng.random(80)
    label = (rng.random(80) < score).astype(float)
    assert min(label.sum(), (1 - label).sum()) >= FEW
    row = next(roc_auc_tables(measured_scores(score, label, confidence=0.9))).row()
    area, variance = _every_pair(score, label)
    reach = ndtri(0.95) * np.sqrt(variance) / (area * (1 - area))
    assert row["std_error"] == pytest.approx(np.sqrt(variance))
    assert (row["lower"], row["upper"]) == pytest.approx((expit(logit(area) - reach), expit(logit(area) + reach)))
    assert row["method"] == "DeLong, log-odds scale 90%"


@pytest.mark.parametrize(
    ("score", "label", "area"),
    [
        ([0.1, 0.2, 0.9], [0, 1, 1], 1.0),  # one negative
        ([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], 1.0),  # wholly parted
        ([0.8, 0.9, 0.1, 0.2], [0, 0, 1, 1], 0.0),  # wholly the wrong way round
        ([0.5] * 4, [0, 0, 1, 1], 0.5),  # all tied
        ([0.1, 0.4, 0.35, 0.8, 0.7, 0.2], [0, 0, 1, 1, 1, 0], 8 / 9),
    ],
)
def test_few_cases_get_the_areas_whose_own_variance_reaches_the_one_found(
    score: list[float], label: list[int], area: float, measured_scores: Callable[..., Measurement]
) -> None:
    # Newcombe 2006, method 5: an end t solves (area - t)^2 = z^2 V(t), with the variance of Hanley and McNeil 1982
    row = next(roc_auc_tables(measured_scores(score, label))).row()
    m, n = sum(label), len(label) - sum(label)
    assert row["estimate"] == pytest.approx(area, abs=1e-12)
    assert row["method"] == "Newcombe score, method 5 95%"
    assert row["lower"] < row["upper"]
    for end, bound in ((row["lower"], 0), (row["upper"], 1)):
        more = (m + n) / 2 - 1
        variance = end * (1 - end) * (1 + more * (1 - end) / (2 - end) + more * end / (1 + end)) / (m * n)
        at_the_bound = area == bound and end == bound
        assert at_the_bound or (area - end) ** 2 == pytest.approx(ndtri(0.975) ** 2 * variance, rel=1e-9)


@pytest.mark.parametrize(
    ("score", "label", "note"),
    [
        ([], [], "no cases with a score and a label"),
        ([0.1, 0.2], [0, 0], "no cases with a positive label"),
        ([0.1, 0.2], [1, 1], "no cases with a negative label"),
    ],
)
def test_without_both_labels_there_is_no_area_and_the_note_says_why(
    score: list[float], label: list[int], note: str, measured_scores: Callable[..., Measurement]
) -> None:
    row = next(roc_auc_tables(measured_scores(score, label))).row()
    assert (row["estimate"], row["lower"], row["std_error"], row["note"]) == (None, None, None, note)


@pytest.mark.parametrize(
    ("misplaced", "method"), [(1, "Newcombe score, method 5 95%"), (8, "DeLong, log-odds scale 95%")]
)
def test_rare_positives_next_to_all_in_order_count_as_few(
    misplaced: int, method: str, measured_scores: Callable[..., Measurement]
) -> None:
    # 20 positives above 500 negatives, but for some below them all: these times the chance of a wrong order is 1, or 8
    label = np.concatenate([np.ones(misplaced), np.zeros(500), np.ones(20 - misplaced)])
    row = next(roc_auc_tables(measured_scores(np.arange(520) / 520, label))).row()
    assert row["estimate"] == pytest.approx(1 - misplaced / 20)
    assert row["method"] == method


def test_few_cases_in_clusters_count_as_the_independent_ones_that_they_are_worth() -> None:
    rng = np.random.default_rng(71)
    score = rng.random(24)
    label = (rng.random(24) < score).astype(float)
    rows = []
    for times, cluster in ((1, None), (2, np.tile(np.arange(24), 2)), (1, np.arange(24))):
        one = Predictions(np.tile(score, times), np.zeros(24 * times), np.tile(label, times), {}, "row", cluster)
        rows.append(next(roc_auc_tables(Measurement(one, "m", Plan()))).row())
    assert all(row["method"].startswith("Newcombe score, method 5") for row in rows)
    for row in rows[1:]:
        assert (row["lower"], row["upper"]) == pytest.approx((rows[0]["lower"], rows[0]["upper"]), abs=0.02)


class _Influence:
    """An area with what each cluster draws it by, from every pair: Obuchowski 1997, slow and plain."""

    def __init__(self, score: np.ndarray, label: np.ndarray, cluster: np.ndarray, clusters: int) -> None:
        positive = label == 1
        wins = np.sign(score[positive][:, None] - score[~positive][None, :]) / 2 + 0.5
        self.area = wins.mean()
        a = np.bincount(cluster[positive], weights=wins.mean(axis=1) - self.area, minlength=clusters) / positive.sum()
        b = np.bincount(cluster[~positive], weights=wins.mean(axis=0) - self.area, minlength=clusters)
        b /= (~positive).sum()
        k1, k0, k = (len(np.unique(cluster[one])) for one in (positive, ~positive, label >= 0))
        self.variance = a @ a * k1 / (k1 - 1) + b @ b * k0 / (k0 - 1) + 2 * a @ b * k / (k - 1)
        self.drawn = a + b


@pytest.mark.parametrize("reference", [{}, {"g": "a"}])
@pytest.mark.parametrize("digits", [2, 12])
def test_clusters_are_kept_together_in_areas_and_in_their_differences(reference: dict[str, str], digits: int) -> None:
    rng = np.random.default_rng(13)
    size, clusters = 400, 120
    score = rng.random(size).round(digits)
    label = (rng.random(size) < score).astype(float)
    level, cluster = rng.choice(list("abc"), size), rng.integers(0, clusters, size)
    seen = len(np.unique(cluster))
    predictions = Predictions(score, score > 0.5, label, {"g": level}, "row", cluster=cluster)
    table, differences = roc_auc_tables(Measurement(predictions, "m", Plan(reference=reference)))
    for name in "abc":
        inside = level == name
        others = level == "a" if reference else ~inside
        one, other = (_Influence(score[k], label[k], cluster[k], clusters) for k in (inside, others))
        row = table.row(level=name)
        assert (row["estimate"], row["std_error"]) == pytest.approx((one.area, one.variance**0.5), rel=1e-10)
        if reference and name == "a":
            assert not differences.rows(level="a")
            continue
        row = differences.row(level=name)
        covariance = one.drawn @ other.drawn * seen / (seen - 1)
        assert row["reference"] == ("a" if reference else "everyone else")
        assert row["estimate"] == pytest.approx(one.area - other.area, abs=1e-12)
        assert row["std_error"] == pytest.approx((one.variance + other.variance - 2 * covariance) ** 0.5, rel=1e-10)
        assert row["lower"] < row["estimate"] < row["upper"]


def test_clusters_of_one_change_nothing() -> None:
    rng = np.random.default_rng(3)
    score, level = rng.random(300), rng.choice(list("ab"), 300)
    label = (rng.random(300) < score).astype(float)
    found = []
    for cluster in (None, rng.permutation(300)):
        predictions = Predictions(score, score > 0.5, label, {"g": level}, "row", cluster=cluster)
        tables = roc_auc_tables(Measurement(predictions, "m", Plan()))
        found.append([one.frame()[["estimate", "std_error", "lower", "upper"]].to_numpy() for one in tables])
    for alone, together in zip(*found, strict=True):
        np.testing.assert_allclose(alone, together, rtol=1e-10)


def test_everyone_elses_variance_is_close_where_there_are_more_scores_than_steps(
    measured_scores: Callable[..., Measurement],
) -> None:
    rng = np.random.default_rng(17)
    size = 20_000
    score, level = rng.random(size), rng.choice(list("ab"), size, p=[0.2, 0.8])
    label = (rng.random(size) < score).astype(float)
    table, differences = roc_auc_tables(measured_scores(score, label, {"g": level}))
    one, other = table.row(level="a"), table.row(level="b")  # everyone else than a is b
    row = differences.row(level="a")
    assert row["estimate"] == pytest.approx(one["estimate"] - other["estimate"], abs=1e-12)
    assert row["std_error"] == pytest.approx(np.hypot(one["std_error"], other["std_error"]), rel=1e-3)


def test_the_interval_covers_the_true_area_as_often_as_it_says(measured_scores: Callable[..., Measurement]) -> None:
    # 2,000 samples of 40 positives and 60 negatives, one level each; two normals one deviation apart: area 0.7602.
    # Tolerance: 4 standard errors of a share of 0.95 in 2,000, 0.0195.
    rng = np.random.default_rng(11)
    samples = 2_000
    label = np.tile(np.repeat([1.0, 0.0], [40, 60]), samples)
    score = rng.normal(size=len(label)) + label
    measured = measured_scores(score, label, {"sample": np.repeat(np.arange(samples), 100)})
    rows = next(iter(roc_auc_tables(measured))).frame().query("group == 'sample'")
    covered = ((rows["lower"] < 0.76025) & (rows["upper"] > 0.76025)).mean()
    assert abs(covered - 0.95) < 0.0195
