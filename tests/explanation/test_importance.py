"""Importance against statsmodels, hand-worked shares, and what has no interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from riskaudit.artefacts import FeatureCatalogue
from riskaudit.estimates import EstimateTable
from riskaudit.explanation.overall.importance import importance
from riskaudit.explanation.weighing import Weighing

RNG = np.random.default_rng(11)
ROWS = 120
SIZES = RNG.normal(0, [3, 2, 1, 1, 0.5, 0.1], (ROWS, 6))
WEIGHTS = RNG.choice([1.0, 4.0, 20.0], ROWS)
FAMILIES = np.array([f"f{row // 2}" for row in range(ROWS)])


@pytest.fixture
def told(catalogue: FeatureCatalogue) -> EstimateTable:
    return importance("m", tuple(catalogue), SIZES, Weighing(WEIGHTS, FAMILIES, 0.95))


def test_means_errors_and_intervals_equal_a_weighted_clustered_regression_on_a_constant(told: EstimateTable) -> None:
    clusters = np.unique(FAMILIES, return_inverse=True)[1]
    for column, row in enumerate(told.rows(statistic="mean_absolute_contribution")):
        oracle = sm.WLS(np.abs(SIZES[:, column]), np.ones(ROWS), weights=WEIGHTS).fit(
            cov_type="cluster", cov_kwds={"groups": clusters, "df_correction": True}, use_t=True
        )
        assert row["estimate"] == pytest.approx(oracle.params[0], rel=1e-9)
        assert row["std_error"] == pytest.approx(oracle.bse[0], rel=1e-9)
        lower, upper = oracle.conf_int()[0]
        assert (row["lower"], row["upper"]) == (pytest.approx(max(lower, 0), rel=1e-6), pytest.approx(upper, rel=1e-6))
        assert row["n"] == ROWS
        assert "weighted back" in row["method"]


@pytest.mark.parametrize("group", ["agency", "subject", "window", "sensitivity"])
def test_shares_add_up_to_one_and_follow_the_features_means(told: EstimateTable, group: str) -> None:
    rows = told.rows(statistic="share_of_contributions", group=group)
    assert sum(row["estimate"] for row in rows) == pytest.approx(1)
    assert all(0 <= row["lower"] < row["estimate"] < row["upper"] <= 1 for row in rows)


def test_a_share_is_its_features_means_over_the_sum_of_all_means(told: EstimateTable) -> None:
    means = [row["estimate"] for row in told.rows(statistic="mean_absolute_contribution")]
    school = told.row(statistic="share_of_contributions", group="agency", level="school")
    assert school["estimate"] == pytest.approx((means[2] + means[4]) / sum(means))


def test_windows_are_named_as_a_reader_says_them(told: EstimateTable) -> None:
    levels = [row["level"] for row in told.rows(group="window")]
    assert levels == ["ever", "last 2 years", "last year", "now"]


def test_share_errors_equal_the_spread_over_families_drawn_again() -> None:
    # Bootstrap over families, 2,000 times: its standard error is known to about 2%; 10% leaves room for curvature.
    size = np.abs(SIZES)
    found = _share_error()
    rng = np.random.default_rng(2)
    draws = rng.multinomial(ROWS // 2, np.full(ROWS // 2, 2 / ROWS), 2_000).repeat(2, axis=1) * WEIGHTS
    spread = ((draws @ size[:, 1]) / (draws @ size.sum(axis=1))).std(ddof=1)
    assert found == pytest.approx(spread, rel=0.1)


def _share_error() -> float:
    from riskaudit.explanation.weighing import ratio

    size = np.abs(SIZES)
    return float(ratio(size[:, [1]], size.sum(axis=1), Weighing(WEIGHTS, FAMILIES, 0.95)).error[0])


@pytest.mark.parametrize(
    ("sizes", "families", "note"),
    [
        (np.zeros((4, 6)), ["a", "b", "c", "d"], "moved no explained score"),
        (np.ones((4, 6)), ["a", "b", "c", "d"], "the same for every explained child"),
        (SIZES[:4], ["a", "a", "a", "a"], "fewer than two families"),
    ],
)
def test_what_has_no_interval_says_why(catalogue: FeatureCatalogue, sizes: Any, families: list[str], note: str) -> None:
    told = importance("m", tuple(catalogue), sizes, Weighing(np.ones(4), np.array(families), 0.95))
    for row in told.rows(statistic="mean_absolute_contribution"):
        assert row["estimate"] is not None
        assert row["std_error"] is row["lower"] is row["upper"] is None
        assert note in row["note"]


def test_shares_of_nothing_are_missing_not_zero(catalogue: FeatureCatalogue) -> None:
    told = importance("m", tuple(catalogue), np.zeros((4, 6)), Weighing(np.ones(4), np.array(list("abcd")), 0.95))
    for row in told.rows(statistic="share_of_contributions"):
        assert row["estimate"] is None
        assert "nothing to share" in row["note"]
