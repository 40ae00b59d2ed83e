"""Calibration intercept and slope against statsmodels, and where there is none; the expected calibration error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit, ndtri

from riskaudit.audit import Plan, Predictions, measure
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.scores.calibration_error import expected_calibration_error_tables
from riskaudit.audit.scores.calibration_line import calibration_line_tables
from riskaudit.audit.scores.slope_ends import FEW_CASES


def _by_statsmodels(score: np.ndarray, label: np.ndarray, cluster: np.ndarray | None) -> list[tuple[float, float]]:
    log_odds, family = logit(score), sm.families.Binomial()
    options, correction = {}, 1.0
    if cluster is not None:
        options = {"cov_type": "cluster", "cov_kwds": {"groups": cluster, "use_correction": False}}
        m = len(np.unique(cluster))
        correction = np.sqrt(m / (m - 1))
    height = sm.GLM(label, np.ones((len(label), 1)), family=family, offset=log_odds).fit(tol=1e-14, **options)
    slope = sm.GLM(label, sm.add_constant(log_odds), family=family).fit(tol=1e-14, **options)
    return [(height.params[0], height.bse[0] * correction), (slope.params[1], slope.bse[1] * correction)]


@pytest.mark.parametrize("clustered", [True, False])
@pytest.mark.parametrize(("size", "spread"), [(300, 1.0), (3_000, 3.0), (70_000, 0.3)])
def test_intercept_and_slope_are_those_of_statsmodels(size: int, spread: float, clustered: bool) -> None:
    rng = np.random.default_rng(size)
    log_odds = spread * rng.standard_normal(size) - 1
    score, label = expit(log_odds), (rng.random(size) < expit(0.5 + 0.6 * log_odds)).astype(float)
    level = rng.choice(list("abc"), size, p=[0.6, 0.3, 0.1])
    cluster = rng.integers(0, size // 3, size) if clustered else None
    predictions = Predictions(score, score > 0.5, label, {"g": level}, "row", cluster=cluster)
    tables = list(calibration_line_tables(Measurement(predictions, "m", Plan())))
    for name in ("all", "a", "b", "c"):
        inside = np.ones(size, bool) if name == "all" else level == name
        theirs = _by_statsmodels(score[inside], label[inside], None if cluster is None else cluster[inside])
        for table, (estimate, error) in zip(tables, theirs, strict=True):
            row = table.row(level=name)
            assert row["estimate"] == pytest.approx(estimate, abs=1e-10)
            assert row["std_error"] == pytest.approx(error, rel=1e-6)
            assert row["n"] == inside.sum()


def test_the_interval_is_walds_but_that_of_a_slope_of_few_cases(measured_scores: Callable[..., Measurement]) -> None:
    score, label = np.array([0.2, 0.4, 0.5, 0.6, 0.8, 0.3]), np.array([0.0, 1, 0, 1, 1, 0])
    many = (np.tile(score, FEW_CASES // 6 + 1), np.tile(label, FEW_CASES // 6 + 1))
    heights = [next(calibration_line_tables(measured_scores(*one, confidence=0.9))) for one in ((score, label), many)]
    slope = list(calibration_line_tables(measured_scores(*many, confidence=0.9)))[1]
    for table in (*heights, slope):
        row = table.row()
        assert row["upper"] == pytest.approx(row["estimate"] + ndtri(0.95) * row["std_error"])
        assert row["method"] == "Wald 90%"


def _score_test(log_odds: np.ndarray, label: np.ndarray, slope: float) -> float:
    """Rao's statistic of a slope, the intercept fitted by statsmodels, in standard deviations."""
    null = sm.GLM(label, np.ones((len(label), 1)), family=sm.families.Binomial(), offset=slope * log_odds).fit(
        tol=1e-14
    )
    chance = null.fittedvalues
    weight = chance * (1 - chance)
    left = weight @ log_odds**2 - (weight @ log_odds) ** 2 / weight.sum()
    return float((label - chance) @ log_odds / np.sqrt(left))


@pytest.mark.parametrize("away", [0, -40])
def test_the_ends_of_a_slope_of_few_cases_are_just_not_rejected_by_raos_test(
    away: float, measured_scores: Callable[..., Measurement]
) -> None:
    rng = np.random.default_rng(53)
    log_odds = rng.normal(-1, 1.5, 120)
    label = (rng.random(120) < expit(log_odds)).astype(float)
    level = np.repeat(["a", "b", "c"], [12, 28, 80])
    predictions = Predictions(expit(log_odds + away), np.zeros(120), label, {"g": level}, "row")
    table = list(calibration_line_tables(Measurement(predictions, "m", Plan())))[1]
    for name in "abc":
        row, inside = table.row(level=name), level == name
        assert row["method"] == "Rao score 95%"
        assert row["lower"] < row["estimate"] < row["upper"]
        for end, z in ((row["lower"], ndtri(0.975)), (row["upper"], ndtri(0.025))):
            assert _score_test(log_odds[inside], label[inside], end) == pytest.approx(z, rel=1e-5)


def test_clusters_widen_the_interval_of_a_slope_of_few_cases_by_their_design_effect() -> None:
    rng = np.random.default_rng(59)
    log_odds = rng.normal(-1, 1.5, 60)
    label = (rng.random(60) < expit(log_odds)).astype(float)
    times = [np.tile(one, 3) for one in (expit(log_odds), np.zeros(60), label)]
    rows = [
        list(calibration_line_tables(Measurement(Predictions(*times, {}, "row", cluster), "m", Plan())))[1].row()
        for cluster in (None, np.tile(np.arange(60), 3), np.arange(180))
    ]
    width = [row["upper"] - row["lower"] for row in rows]
    assert width[1] == pytest.approx(np.sqrt(3) * width[0], rel=0.15)
    assert width[2] == pytest.approx(width[0], rel=0.1)
    assert rows[1]["method"] == "Rao score, clusters kept together 95%"


@pytest.mark.parametrize(
    ("score", "label", "intercept", "slope"),
    [
        ([], [], "no cases with a score and a label", "no cases with a score and a label"),
        ([0.1, 0.2], [0, 0], "no cases with a positive label", "no cases with a positive label"),
        ([0.1, 0.2], [1, 1], "no cases with a negative label", "no cases with a negative label"),
        ([0.0, 0.2, 0.7], [0, 0, 1], "not estimable: 1 of 3 scores are exactly 0 or 1, which have no log-odds",
         "not estimable: 1 of 3 scores are exactly 0 or 1, which have no log-odds"),
        ([0.3, 0.3, 0.3], [0, 0, 1], "", "not estimable: all scores are alike"),
        ([0.1, 0.3, 0.8], [0, 0, 1], "", "not estimable: the scores part the two labels wholly"),
        ([0.1, 0.3, 0.3, 0.8], [0, 0, 1, 1], "", "not estimable: the scores part the two labels wholly"),
        ([0.8, 0.3, 0.1], [0, 1, 1], "", "not estimable: the scores part the two labels wholly"),
        ([0.1, 0.3, 0.2, 0.8], [0, 0, 1, 1], "", ""),
    ],
)  # fmt: skip
def test_where_there_is_no_line_the_note_says_why(
    score: list[float], label: list[int], intercept: str, slope: str, measured_scores: Callable[..., Measurement]
) -> None:
    rows = [table.row() for table in calibration_line_tables(measured_scores(score, label))]
    assert [row["note"] for row in rows] == [intercept, slope]
    assert [row["estimate"] is None for row in rows] == [bool(intercept), bool(slope)]
    assert [row["lower"] is None for row in rows] == [bool(intercept), bool(slope)]


def test_scores_far_from_their_labels_still_converge(measured_scores: Callable[..., Measurement]) -> None:
    rng = np.random.default_rng(41)
    score = expit(rng.normal(-12, 0.5, 400))
    label = (rng.random(400) < 0.5).astype(float)
    height, slope = (table.row() for table in calibration_line_tables(measured_scores(score, label)))
    (expected, _), (steepness, _) = _by_statsmodels(score, label, None)
    assert height["estimate"] == pytest.approx(expected, abs=1e-8)
    assert slope["estimate"] == pytest.approx(steepness, abs=1e-8)


def test_the_expected_calibration_error_is_the_mean_distance_by_band(
    measured_scores: Callable[..., Measurement],
) -> None:
    rng = np.random.default_rng(43)
    score = rng.random(500)
    label = (rng.random(500) < score**2).astype(float)
    row = next(expected_calibration_error_tables(measured_scores(score, label, bands=4))).row()
    band = np.minimum((score * 4).astype(int), 3)
    by_hand = sum(abs((label - score)[band == one].sum()) for one in range(4)) / 500
    assert row["estimate"] == pytest.approx(by_hand, abs=1e-12)
    assert 0 <= row["lower"] < row["estimate"] < row["upper"]


def test_the_note_says_how_far_from_0_chance_alone_would_be(measured_scores: Callable[..., Measurement]) -> None:
    # planted: scores that are exactly each case's chance, 200 samples of 50; their mean error is the one in the note
    rng = np.random.default_rng(47)
    sample = np.repeat(np.arange(200), 50)
    score = rng.uniform(0.1, 0.9, len(sample))
    label = (rng.random(len(sample)) < score).astype(float)
    frame = next(expected_calibration_error_tables(measured_scores(score, label, {"sample": sample}))).frame()
    rows = frame[frame["group"] == "sample"]
    said = rows["note"].str.extract(r"about (\d\.\d+)")[0].astype(float)
    assert rows["estimate"].mean() == pytest.approx(said.mean(), abs=0.012)  # four standard errors of the mean
    assert 0.93 < (rows["lower"] < 1e-6).mean() <= 1


def test_clusters_of_one_hardly_change_the_error_and_larger_ones_widen_its_interval() -> None:
    rng = np.random.default_rng(53)
    score = rng.random(400)
    label = (rng.random(400) < score**2).astype(float)
    widths = {}
    for times, cluster in ((1, None), (1, np.arange(400)), (4, np.repeat(np.arange(400), 4)), (4, None)):
        repeated = [np.repeat(one, times) for one in (score, label)]
        predictions = Predictions(repeated[0], np.zeros(400 * times), repeated[1], {}, "row", cluster)
        row = next(expected_calibration_error_tables(Measurement(predictions, "m", Plan(bands=4)))).row()
        widths[times, cluster is None] = row["upper"] - row["lower"]
    assert widths[1, False] == pytest.approx(widths[1, True], rel=0.2)
    assert widths[4, False] == pytest.approx(widths[1, False], rel=0.05)
    assert widths[4, True] < 0.75 * widths[4, False]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]])
def test_what_rounding_leaves_is_not_taken_for_a_variance_between_clusters(order: list[int]) -> None:
    # found by hypothesis: what each cluster's units add to the slope cancels out, and in some orders of rows leaves 1e-16
    score, label = np.array([0.1, 0.5, 0.25, 0.25]), np.array([0.0, 0.0, 0.0, 1.0])
    cluster = np.array([0, 0, 1, 1])
    predictions = Predictions(score[order], np.zeros(4, bool), label[order], {}, "row", cluster=cluster[order])
    row = measure(predictions, "m", Plan(bands=4, resamples=0)).row(statistic="calibration_slope")
    assert row["estimate"] is not None
    assert (row["std_error"], row["lower"], row["upper"]) == (None, None, None)
    assert row["note"] == "no interval: clusters show no variance"
