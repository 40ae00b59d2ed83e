"""Intervals of proportions against statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta
from statsmodels.stats.proportion import proportion_confint

from riskaudit.audit.measures.proportions import EXACT_BELOW, proportion_bounds


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_few_cases_get_the_exact_interval_and_many_get_wilsons(confidence: float) -> None:
    n = np.array([1, 4, EXACT_BELOW - 1, EXACT_BELOW, 500])
    k = np.array([0, 4, 7, 7, 250])
    bounds = proportion_bounds(k, n, confidence)
    for index, method in enumerate(["beta"] * 3 + ["wilson"] * 2):
        lower, upper = proportion_confint(k[index], n[index], 1 - confidence, method=method)
        assert (bounds.lower[index], bounds.upper[index]) == pytest.approx((lower, upper), abs=1e-12)
    named = f"{100 * confidence:g}%"
    assert list(bounds.method) == [f"exact binomial {named}"] * 3 + [f"Wilson {named}"] * 2


@pytest.mark.parametrize("k", [0.0, 0.4, 3.7, 9.3, 10.0])
def test_broken_numbers_of_cases_have_the_same_intervals(k: float) -> None:
    # what clustered cases are worth is seldom a whole number; between 9 and 10 cases exact binomial is a beta quantile too
    bounds = proportion_bounds(np.array([k]), np.array([10.0]), 0.95)
    lower = beta.ppf(0.025, k, 11 - k) if k > 0 else 0
    upper = beta.ppf(0.975, k + 1, 10 - k) if k < 10 else 1
    assert (bounds.lower[0], bounds.upper[0]) == pytest.approx((lower, upper), abs=1e-12)
