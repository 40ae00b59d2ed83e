"""Calibration in the large and by score band, by hand and against scikit-learn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from riskaudit.audit import Plan, Predictions, measure
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.scores.scoring import band_tables, calibration_ratio_tables
from riskaudit.estimates import EstimateTable


def test_bands_agree_with_scikit_learns_calibration_curve(
    random_predictions: Predictions, measured_scores: Callable[..., Measurement]
) -> None:
    score, label = random_predictions.score + 0.003, random_predictions.label  # off the edges, where the two differ
    score = np.minimum(score, 1.0)
    table = EstimateTable.concat(band_tables(measured_scores(score, label, bands=10)))
    observed, expected = calibration_curve(label, score, n_bins=10)
    ours = [
        [row["estimate"] for row in table.rows(statistic=f"calibration_{name}")] for name in ("observed", "expected")
    ]
    assert ours[0] == pytest.approx(observed, abs=1e-12)
    assert ours[1] == pytest.approx(expected, abs=1e-12)


def test_a_score_on_an_edge_is_in_the_upper_band_and_1_is_in_the_last(
    measured_scores: Callable[..., Measurement],
) -> None:
    score = np.arange(11) / 10
    table = EstimateTable.concat(band_tables(measured_scores(score, np.zeros(11), bands=10)))
    counts = {row["level"]: row["n"] for row in table.rows(statistic="calibration_observed")}
    assert counts["0.3 to 0.4"] == 1
    assert counts["0.9 to 1.0"] == 2
    assert next(iter(counts)) == "0.0 to 0.1"


@pytest.mark.parametrize(("bands", "second"), [(10, "0.1 to 0.2"), (20, "0.05 to 0.10"), (7, "0.143 to 0.286")])
def test_bands_are_named_by_their_edges(bands: int, second: str, measured_scores: Callable[..., Measurement]) -> None:
    table = EstimateTable.concat(band_tables(measured_scores(np.array([0.5]), np.array([1.0]), bands=bands)))
    assert table.rows(statistic="calibration_observed")[1]["level"] == second


def test_an_empty_band_is_missing_and_says_so(measured_scores: Callable[..., Measurement]) -> None:
    table = EstimateTable.concat(band_tables(measured_scores(np.array([0.5]), np.array([1.0]), bands=10)))
    for statistic in ("calibration_observed", "calibration_expected"):
        row = table.row(statistic=statistic, level="0.1 to 0.2")
        assert (row["estimate"], row["n"]) == (None, 0)
        assert row["note"] == "no cases with a score in this band and a label"


def test_twice_as_many_as_expected_is_a_ratio_of_2(measured_scores: Callable[..., Measurement]) -> None:
    label = np.repeat([1.0, 0.0], [40, 60])
    row = next(calibration_ratio_tables(measured_scores(np.full(100, 0.2), label))).row()
    observed = measure(Predictions(None, label, label, {}, "row"), "m", Plan(confidence=0.95)).row(
        statistic="base_rate"
    )
    assert row["estimate"] == pytest.approx(2)
    assert (row["lower"], row["upper"]) == pytest.approx((observed["lower"] / 0.2, observed["upper"] / 0.2))


def test_scores_that_are_all_0_expect_nothing_and_have_no_ratio(measured_scores: Callable[..., Measurement]) -> None:
    row = next(calibration_ratio_tables(measured_scores(np.zeros(3), np.ones(3)))).row()
    assert (row["estimate"], row["lower"], row["note"]) == (None, None, "all scores are 0: nothing is expected")
