"""Intervals of proportions and differences against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from riskaudit.audit.measures.proportions import EXACT_BELOW, newcombe, proportion_bounds


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


@pytest.mark.parametrize("case", [(0, 10, 0, 20), (10, 10, 0, 20), (3, 10, 15, 20), (56, 70, 48, 80), (1, 1, 400, 900)])
def test_a_difference_has_newcombes_interval(case: tuple[int, int, int, int]) -> None:
    k, n, other_k, other_n = case
    ours = newcombe(*(np.array([value]) for value in case), 0.95)
    theirs = confint_proportions_2indep(k, n, other_k, other_n, method="newcomb", compare="diff")
    assert (ours.lower[0], ours.upper[0]) == pytest.approx(theirs, abs=1e-12)


def test_newcombes_own_example_comes_out() -> None:
    # Newcombe (1998), table II, example (a): 56/70 - 48/80 by method 10 is 0.0524 to 0.3339
    interval = newcombe(np.array([56]), np.array([70]), np.array([48]), np.array([80]), 0.95)
    assert (interval.lower[0], interval.upper[0]) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_a_difference_with_an_empty_side_has_no_interval() -> None:
    interval = newcombe(np.array([0, 1]), np.array([0, 2]), np.array([1, 0]), np.array([2, 0]), 0.95)
    assert np.isnan(interval.lower).all()
    assert np.isnan(interval.upper).all()
