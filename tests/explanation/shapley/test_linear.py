"""The closed form of linear models against shap's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shap
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.explanation.shapley import contributions_of


def test_the_closed_form_of_a_logistic_regression_equals_shap_linear(logistic: Any, values: np.ndarray) -> None:
    found = contributions_of(logistic, values[:200], values)
    scaler, fitted = logistic.estimator[0], logistic.estimator[-1]
    masker = shap.maskers.Independent(scaler.transform(values), max_samples=len(values))
    oracle = shap.LinearExplainer(fitted, masker)(scaler.transform(values[:200]))
    np.testing.assert_allclose(found.values, oracle.values, atol=1e-9)
    assert found.base == pytest.approx(float(oracle.base_values[0]), abs=1e-9)


def test_features_without_a_weight_contribute_nothing(values: np.ndarray, linear: Callable[..., Any]) -> None:
    model = linear({"absent": 2.0}, lambda given: 2.0 * given[:, 2] - 1.0, intercept=-1.0)
    found = contributions_of(model, values, values)
    assert np.flatnonzero(found.values.any(axis=0)).tolist() == [2]
    assert not found.withheld


@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(1, 600),
    features=st.integers(1, 8),
    size=st.sampled_from([1e-3, 1.0, 1e4]),
)
def test_random_linear_models_equal_shap_linear_and_add_up(
    linear: Callable[..., Any], seed: int, rows: int, features: int, size: float
) -> None:
    rng = np.random.default_rng(seed)
    values, weights, intercept = rng.normal(0, size, (rows, features)), rng.normal(0, 1, features), float(rng.normal())
    names = [f"f{at}" for at in range(features)]
    model = linear(
        dict(zip(names, weights.tolist(), strict=True)), lambda given: given @ weights + intercept, intercept
    )
    model = replace(model, card=replace(model.card, features=tuple(names)))
    found = contributions_of(model, values, values)
    oracle = shap.LinearExplainer((weights, intercept), shap.maskers.Independent(values, max_samples=rows))
    np.testing.assert_allclose(found.values, oracle.shap_values(values), atol=1e-9 * size)
    assert not found.withheld
