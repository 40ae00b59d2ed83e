"""Trees against shap itself, and on values that 32 bits cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shap
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from threadpoolctl import threadpool_limits

from riskaudit.explanation.shapley import TOLERANCE, Interventional, additivity_error, contributions_of


def test_tree_contributions_equal_shap_and_add_up_on_values_that_32_bits_cannot_hold(
    trees: Any, values: np.ndarray
) -> None:
    rows = values[values[:, 3] > 0]
    assert (rows[:, 3] != rows[:, 3].astype(np.float32)).any()
    found = contributions_of(trees, rows, values)
    oracle = shap.TreeExplainer(trees.estimator)(rows.astype(np.float32).astype(float))  # no background: path-dependent
    np.testing.assert_allclose(found.values, oracle.values, atol=1e-12)
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), trees.margin(rows), atol=1e-9)


def test_trees_fitted_on_more_than_32_bits_are_withheld_where_that_matters(trees: Any) -> None:
    # a 32-bit float holds 2**24 and not 2**24 + 1, so rounding carries every second row across the only split
    rows = np.zeros((100, 6))
    rows[:, 0] = 2.0**24 + np.arange(100) % 2
    fitted = HistGradientBoostingClassifier(max_iter=2, early_stopping=False).fit(rows, np.arange(100) % 2)
    assert contributions_of(replace(trees, estimator=fitted, margin_of=fitted.decision_function), rows, rows).withheld


def test_a_forest_is_explained_on_the_scale_of_probability_and_equals_shap(forest: Any, values: np.ndarray) -> None:
    rows = values[:150]
    found = contributions_of(forest, rows, values)
    oracle = shap.TreeExplainer(forest.estimator)(rows.astype(np.float32).astype(float))
    np.testing.assert_allclose(found.values, oracle.values[:, :, 1], atol=1e-12)
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), forest.margin(rows), atol=1e-9)
    assert (found.method.unit, found.withheld) == ("probability", False)


def _grown(seed: int, boosted: bool, features: int = 4) -> tuple[Any, np.ndarray]:
    rng = np.random.default_rng(seed)
    values = np.where(rng.random((300, features)) < 0.5, 0.0, rng.gamma(0.5, 300.0, (300, features)))
    outcome = values[:, 0] + values[:, 1] * (values[:, 2] > 0) + rng.normal(0, 100, 300) > 100
    kind: Any = (
        HistGradientBoostingClassifier(max_iter=12, max_leaf_nodes=5, early_stopping=False, random_state=seed)
        if boosted
        else RandomForestClassifier(12, min_samples_leaf=3, random_state=seed)
    )
    with threadpool_limits(limits=1):
        return kind.fit(_rounded(values), outcome), values


def _rounded(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32).astype(float)


def _model(model: Any, fitted: Any, boosted: bool) -> Any:
    """Return the fitted trees behind the protocol, in place of another model's."""

    def said(given: np.ndarray) -> np.ndarray:
        with threadpool_limits(limits=1):  # threads that wait by spinning
            return np.asarray(fitted.decision_function(given) if boosted else fitted.predict_proba(given)[:, 1])

    known = replace(model.card, kind="boosted_trees" if boosted else "random_forest")
    return replace(model, card=known, estimator=fitted, margin_of=lambda given: said(_rounded(given)))


@pytest.mark.parametrize("boosted", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_random_trees_equal_shap_and_add_up(trees: Any, seed: int, boosted: bool) -> None:
    fitted, values = _grown(seed, boosted)
    found = contributions_of(_model(trees, fitted, boosted), values, values)
    oracle = shap.TreeExplainer(fitted)(_rounded(values)).values
    np.testing.assert_array_equal(found.values, oracle if boosted else oracle[:, :, 1])
    assert found.error < 1e-9


@pytest.mark.parametrize("boosted", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_interventional_values_are_those_by_enumeration_and_add_up(
    trees: Any, enumerated: Callable[..., np.ndarray], seed: int, boosted: bool
) -> None:
    fitted, values = _grown(seed, boosted)
    model = _model(trees, fitted, boosted)
    found = Interventional(model, values[:25]).against(values[100:130])
    expected = enumerated(model.margin, values[:25], values[100:130])
    np.testing.assert_allclose(found.values, expected, atol=1e-6)
    assert found.base == pytest.approx(model.margin(values[100:130]).mean(), abs=1e-6)
    assert additivity_error(found) <= TOLERANCE


def test_interventional_values_add_up_where_split_points_lie_between_neighbours_in_32_bits(
    trees: Any, enumerated: Callable[..., np.ndarray]
) -> None:
    # neighbours among 32-bit floats: only a 64-bit split point lies between them
    rng = np.random.default_rng(2)
    values = (1 + rng.integers(0, 6, (400, 4)) * np.float64(np.finfo(np.float32).eps)).astype(float)
    outcome = values.sum(axis=1) + rng.normal(0, 1e-7, 400) > values.sum(axis=1).mean()
    fitted = HistGradientBoostingClassifier(max_iter=20, early_stopping=False).fit(values, outcome)
    model = _model(trees, fitted, boosted=True)
    rows, background = values[:30], values[300:340]
    theirs = shap.TreeExplainer(fitted, background, feature_perturbation="interventional")
    missed = theirs.expected_value + theirs.shap_values(rows, check_additivity=False).sum(axis=1) - model.margin(rows)
    found = Interventional(model, rows).against(background)
    assert np.abs(missed).max() > 0.01  # shap by itself
    assert additivity_error(found) <= TOLERANCE
    np.testing.assert_allclose(found.values, enumerated(model.margin, rows, background), atol=1e-6)


def test_a_second_explanation_is_not_touched_by_an_interventional_one(trees: Any, values: np.ndarray) -> None:
    before = contributions_of(trees, values[:50], values).values
    Interventional(trees, values[:5]).against(values[:20])
    np.testing.assert_array_equal(contributions_of(trees, values[:50], values).values, before)


def test_rows_are_explained_in_chunks_that_tell_how_far_they_are(trees: Any, values: np.ndarray) -> None:
    told: list[float] = []
    many = np.tile(values, (2, 1))
    found = contributions_of(trees, many, values, progress=told.append)
    assert told == pytest.approx([1_000 / 2_400, 2_000 / 2_400, 1.0])
    np.testing.assert_array_equal(found.values, np.tile(contributions_of(trees, values, values).values, (2, 1)))
