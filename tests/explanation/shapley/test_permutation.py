"""Models that a user brings: against the closed form, the definition and shap, and what they may cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shap
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from riskaudit.explanation.shapley import TOLERANCE, affordable, contributions_of, permutation


def _curved(given: np.ndarray) -> np.ndarray:
    """All four features act together, so that the order in which they come matters."""
    return np.tanh(given[:, 0] * given[:, 1] * given[:, 2]) + np.maximum(given[:, 3], given[:, 0]) * given[:, 2]


def _paired(given: np.ndarray) -> np.ndarray:
    """No more than two features act together."""
    return given[:, 0] * given[:, 1] + np.exp(given[:, 2] / 2) - given[:, 3] * given[:, 2]


@pytest.fixture
def rows() -> np.ndarray:
    return np.random.default_rng(5).poisson(0.8, (80, 4)).astype(float)


def test_a_brought_linear_model_equals_the_closed_form(
    brought: Callable[..., Any], linear: Callable[..., Any], values: np.ndarray
) -> None:
    weights = np.array([0.5, -1.0, 2.0, 0.001, 0.0, 0.3])
    margin = lambda given: given @ weights - 1.0  # noqa: E731
    drawn = np.sort(permutation.stream(0, "explanation/background").permutation(len(values))[:50])
    closed = linear(dict(zip(linear({}, margin).card.features, weights.tolist(), strict=True)), margin, intercept=-1.0)
    expected = contributions_of(closed, values[:60], values[drawn])
    found = contributions_of(brought(margin, 6), values[:60], values)
    np.testing.assert_allclose(found.values, expected.values, atol=1e-9)
    assert found.base == pytest.approx(expected.base, abs=1e-9)
    assert found.parts.sampling["sampling_error"] == pytest.approx(0, abs=1e-12)


def test_models_of_pairs_are_exact_by_enumeration(
    brought: Callable[..., Any], enumerated: Callable[..., np.ndarray], rows: np.ndarray
) -> None:
    found = contributions_of(brought(_paired), rows[:20], rows[40:])
    np.testing.assert_allclose(found.values, enumerated(_paired, rows[:20], rows[40:]), atol=1e-9)


@pytest.mark.slow  # shap compiles this method anew in every process
def test_models_of_pairs_equal_shap(brought: Callable[..., Any], rows: np.ndarray) -> None:
    values, background = rows[:20], rows[40:]
    found = contributions_of(brought(_paired), values, background)
    state = np.random.get_state()
    oracle = shap.PermutationExplainer(_paired, shap.maskers.Independent(background, max_samples=40), seed=1)(
        values, max_evals=100, silent=True
    )
    np.random.set_state(state)
    np.testing.assert_allclose(found.values, oracle.values, atol=1e-9)
    np.testing.assert_allclose(found.base, oracle.base_values, atol=1e-9)


def test_estimates_are_right_on_average_and_their_error_is_told(
    brought: Callable[..., Any], enumerated: Callable[..., np.ndarray], rows: np.ndarray
) -> None:
    values, background = rows[:15], rows[40:]
    found = [contributions_of(brought(_curved), values, background, seed=seed) for seed in range(200)]
    drawn = np.array([one.values for one in found])
    expected, error = enumerated(_curved, values, background), drawn.std(axis=0, ddof=1)
    gap = np.abs(drawn.mean(axis=0) - expected)
    assert (
        gap <= 4.5 * error / np.sqrt(200) + 1e-12
    ).all()  # 60 values: beyond 4.5 standard errors once in 2,400 tests
    told = np.mean([one.parts.sampling["sampling_error"] for one in found])
    # the mean of |a - b| / 2 over normal draws is 0.80 standard errors of (a + b) / 2; draws here are few-valued
    assert 0.4 * error.mean() < told < 1.2 * error.mean()
    note = found[0].trust(brought(_curved).card, 80)["notes"][-1]
    assert "4 orders of the features for each child, against 40 test children" in note


@given(seed=st.integers(0, 10_000), rows=st.integers(1, 8), against=st.integers(1, 70), features=st.integers(1, 6))
def test_contributions_of_any_model_add_up(
    brought: Callable[..., Any], seed: int, rows: int, against: int, features: int
) -> None:
    rng = np.random.default_rng(seed)
    inner, outer = rng.normal(size=(features, 5)), rng.normal(size=5)
    model = brought(lambda given: np.tanh(given @ inner) @ outer, features)
    values, background = (
        rng.poisson(0.7, (rows, features)).astype(float),
        rng.poisson(0.7, (against, features)).astype(float),
    )
    found = contributions_of(model, values, background, seed=seed)
    assert np.abs(found.base + found.values.sum(axis=1) - model.margin(values)).max() <= TOLERANCE
    assert not found.withheld


def test_a_fitted_classifier_is_explained_by_its_chances(
    brought: Callable[..., Any], enumerated: Callable[..., np.ndarray], rows: np.ndarray
) -> None:
    fitted = LogisticRegression().fit(rows, rows[:, 0] + rows[:, 1] > 1)
    chance = lambda given: fitted.predict_proba(given)[:, 1]  # noqa: E731
    found = contributions_of(brought(chance), rows[:20], rows[40:])
    expected = enumerated(chance, rows[:20], rows[40:])
    assert np.abs(found.values - expected).max() < 0.05
    assert np.abs(found.values - expected).mean() < 0.005
    assert (found.method.unit, found.withheld) == ("probability", False)


def test_the_same_seed_draws_the_same_and_no_other_draw_is_touched(
    brought: Callable[..., Any], rows: np.ndarray
) -> None:
    before = np.random.get_state()[1].copy()
    first, again, other = (contributions_of(brought(_curved), rows[:9], rows, seed=seed).values for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_chunks_change_nothing(brought: Callable[..., Any], rows: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = contributions_of(brought(_curved), rows, rows).values
    told: list[float] = []
    monkeypatch.setattr(permutation, "_AT_ONCE", 500)  # ten children at once, against fifty
    np.testing.assert_array_equal(contributions_of(brought(_curved), rows, rows, progress=told.append).values, whole)
    assert told == pytest.approx([at / 8 for at in range(1, 9)])


@pytest.mark.parametrize("by", [0.01, float("nan")])
def test_a_brought_model_that_lies_is_withheld(
    brought: Callable[..., Any], lying: Callable[..., Any], rows: np.ndarray, by: float
) -> None:
    assert contributions_of(lying(brought(_paired), by), rows[:10], rows).withheld


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        (4, (400, 50)),
        (9, (400, 50)),
        (10, (200, 50)),
        (35, (100, 50)),
        (200, (20, 20)),
        (400, (20, 20)),
        (5_000, (20, 10)),
    ],
)
def test_of_a_model_with_many_features_fewer_children_are_explained_and_it_says_why(
    brought: Callable[..., Any], features: int, expected: tuple[int, int]
) -> None:
    # children differ in every feature, so each takes 2 orders x 2 ways x features = rows for each one it is compared with
    background = np.arange(100.0)[:, None] + np.zeros(features)
    effort = affordable(brought(_paired), background, 400)
    assert (effort.rows, effort.background_rows) == expected
    assert bool(effort.why) == (expected != (400, 50))
    assert not effort.why or effort.why.startswith(
        f"all 400 children asked for would take {400 * 50 * 4 * features:,} scores"
    )
    assert effort.rows * effort.background_rows * 4 * features <= 750_000 or expected == (20, 10)


def test_exact_methods_always_explain_all(logistic: Any, values: np.ndarray) -> None:
    assert affordable(logistic, values, 400).rows == 400


def test_a_model_with_few_features_is_explained_whole(brought: Callable[..., Any], rows: np.ndarray) -> None:
    assert affordable(brought(_paired), rows, 400).rows == 400
