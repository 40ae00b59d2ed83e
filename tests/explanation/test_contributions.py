"""Contributions against shap itself, hand-worked points, and models whose output they cannot add up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import shap
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from riskaudit.explanation.contributions import TOLERANCE, contributions_of


def test_the_closed_form_of_a_logistic_regression_equals_shap_linear(logistic: Any, values: np.ndarray) -> None:
    found = contributions_of(logistic, values[:200], values)
    scaler, fitted = logistic.estimator[0], logistic.estimator[-1]
    masker = shap.maskers.Independent(scaler.transform(values), max_samples=len(values))
    oracle = shap.LinearExplainer(fitted, masker)(scaler.transform(values[:200]))
    np.testing.assert_allclose(found.values, oracle.values, atol=1e-9)
    assert found.base == pytest.approx(float(oracle.base_values[0]), abs=1e-9)


def test_tree_contributions_equal_shap_and_add_up_on_values_that_32_bits_cannot_hold(
    trees: Any, values: np.ndarray
) -> None:
    rows = values[values[:, 3] > 0]
    assert (rows[:, 3] != rows[:, 3].astype(np.float32)).any()
    found = contributions_of(trees, rows, values)
    oracle = shap.TreeExplainer(trees.estimator)(rows.astype(np.float32).astype(float))  # no background: path-dependent
    np.testing.assert_allclose(found.values, oracle.values, atol=1e-12)
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), trees.margin(rows), atol=1e-9)


@pytest.mark.parametrize("kind", ["points", "logistic", "trees"])
def test_contributions_add_up_for_every_row(kind: str, values: np.ndarray, request: pytest.FixtureRequest) -> None:
    model: Any = request.getfixturevalue(kind)
    rows = values[:, : len(model.card.features)]
    found = contributions_of(model, rows, rows)
    assert np.abs(found.base + found.values.sum(axis=1) - model.margin(rows)).max() <= 1e-6
    assert not found.withheld


def test_points_are_a_feature_s_points_less_its_mean_points(points_list: Callable[..., Any]) -> None:
    background = np.array([[1, 0, 0], [2, 1, 0], [0, 0, 0], [0, 0, 1]], float)  # shares 1/2, 1/4, 1/4
    found = contributions_of(points_list(), np.array([[5, 0, 1]], float), background)
    np.testing.assert_allclose(found.values, [[3 - 1.5, 0 - 0.5, 1 - 0.25]])
    assert found.base == pytest.approx(1.5 + 0.5 + 0.25)


def test_points_below_the_minimum_are_explained_before_the_rule_and_trust_says_so(
    points_list: Callable[..., Any],
) -> None:
    rows = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0]], float)
    model = points_list(minimum=2)
    found = contributions_of(model, rows, rows)
    assert found.set_to_zero.tolist() == [True, False, False]
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), [3, 5, 0])
    assert not found.withheld
    notes = " ".join(found.trust(model.card, 3)["notes"])
    assert "fewer than 2 indicators score nothing; it sets 1 of the 3 explained children to 0" in notes


def test_trees_fitted_on_more_than_32_bits_are_withheld_where_that_matters(trees: Any) -> None:
    # a 32-bit float holds 2**24 and not 2**24 + 1, so rounding carries every second row across the only split
    rows = np.zeros((100, 6))
    rows[:, 0] = 2.0**24 + np.arange(100) % 2
    fitted = HistGradientBoostingClassifier(max_iter=2, early_stopping=False).fit(rows, np.arange(100) % 2)
    assert contributions_of(replace(trees, estimator=fitted, margin_of=fitted.decision_function), rows, rows).withheld


def test_features_without_a_weight_contribute_nothing(values: np.ndarray, linear: Callable[..., Any]) -> None:
    model = linear({"absent": 2.0}, lambda given: 2.0 * given[:, 2] - 1.0, intercept=-1.0)
    found = contributions_of(model, values, values)
    assert np.flatnonzero(found.values.any(axis=0)).tolist() == [2]
    assert not found.withheld


@pytest.mark.parametrize("by", [0.01, float("nan"), float("inf")])
def test_contributions_that_do_not_add_up_are_withheld_with_the_reason(
    logistic: Any, values: np.ndarray, lying: Callable[..., Any], by: float
) -> None:
    model = lying(logistic, by)
    found = contributions_of(model, values[:50], values)
    trust = found.trust(model.card, len(values))
    assert found.withheld
    assert trust["withheld"]
    assert "allowed" in trust["reason"]
    assert trust["tolerance"] == TOLERANCE
    assert trust["additivity_error"] is None or trust["additivity_error"] > TOLERANCE


def test_the_error_is_relative_where_the_output_is_large(linear: Callable[..., Any]) -> None:
    model = linear({"rent_owed": 1e6}, lambda given: 1e6 * given[:, 3] + 1e-1)
    rows = np.full((3, 6), 1.0)
    assert contributions_of(model, rows, rows).error == pytest.approx(1e-7, rel=1e-3)


@pytest.fixture(scope="module")
def forest(values: np.ndarray, outcome: np.ndarray, trees: Any) -> Any:
    rounded = values.astype(np.float32).astype(float)
    fitted = RandomForestClassifier(40, min_samples_leaf=5, random_state=0).fit(rounded, outcome)
    known = replace(trees.card, id="random_forest", kind="random_forest")
    chance = lambda given: fitted.predict_proba(given.astype(np.float32).astype(float))[:, 1]  # noqa: E731
    return replace(trees, card=known, estimator=fitted, margin_of=chance, score_of=chance)


def test_a_forest_is_explained_on_the_scale_of_probability_and_equals_shap(forest: Any, values: np.ndarray) -> None:
    rows = values[:150]
    found = contributions_of(forest, rows, values)
    oracle = shap.TreeExplainer(forest.estimator)(rows.astype(np.float32).astype(float))
    np.testing.assert_allclose(found.values, oracle.values[:, :, 1], atol=1e-12)
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), forest.margin(rows), atol=1e-9)
    assert (found.method.unit, found.withheld) == ("probability", False)


HEADINGS = {
    "safety": ["referrals", "police_visits"], "school": ["absent", "no_school", "referrals"],
    "money": ["rent_owed"], "nothing speaks to it": [],
}  # fmt: skip


@pytest.fixture
def rule_set(points_list: Callable[..., Any], catalogue: Any) -> Any:
    """Two of the four headings are needed. Made from the catalogue's ids without the room that makes such models."""
    ids = [feature.id for feature in catalogue]
    at = [[ids.index(name) for name in names] for names in HEADINGS.values()]

    def met(given: np.ndarray) -> np.ndarray:
        return np.sum([(given[:, columns] > 0).any(axis=1) for columns in at], axis=0).astype(float)

    model = points_list()
    known = replace(
        model.card, id="rule_set", kind="rule_set", features=tuple(ids), weights={},
        settings={"minimum_headings": 2, "headings": HEADINGS},
    )  # fmt: skip
    return replace(
        model, card=known, margin_of=met, score_of=lambda given: np.where(met(given) >= 2, met(given) / 4, 0)
    )


def test_rules_are_shared_as_shapley_values_counted_over_every_order(rule_set: Any, values: np.ndarray) -> None:
    rows = (values[:40] > 0) * np.array([1, 2, 1, 30.5, 1, 2.0])
    found = contributions_of(rule_set, rows, values)
    # the definition itself: what each feature adds when it comes in, averaged over all orders of coming in, from all zeros
    expected = np.zeros(rows.shape)
    orders = list(permutations(range(rows.shape[1])))
    for order in orders:
        shown = np.zeros(rows.shape)
        for column in order:
            before = rule_set.margin(shown)
            shown[:, column] = rows[:, column]
            expected[:, column] += rule_set.margin(shown) - before
    np.testing.assert_allclose(found.values, expected / len(orders), atol=1e-12)
    assert (found.base, found.method.unit, found.withheld) == (0.0, "headings met", False)


def test_below_the_minimum_rules_are_explained_before_it_and_trust_says_so(rule_set: Any) -> None:
    rows = np.array([[0, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 3]], float)  # 1, 2 and no heading
    found = contributions_of(rule_set, rows, rows)
    assert found.set_to_zero.tolist() == [True, False, False]
    notes = " ".join(found.trust(rule_set.card, 3)["notes"])
    assert "fewer than 2 headings score nothing; it sets 1 of the 3 explained children to 0" in notes
