"""Points lists and rule sets, by hand and by the definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.explanation.shapley import contributions_of


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


@given(seed=st.integers(0, 10_000), features=st.integers(1, 5))
def test_points_are_shapley_values_by_enumeration(
    points_list: Callable[..., Any], enumerated: Callable[..., np.ndarray], seed: int, features: int
) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 6, features).astype(float)
    values, background = (rng.poisson(0.6, (rows, features)).astype(float) for rows in (5, 9))
    names = [f"f{at}" for at in range(features)]
    model = points_list()
    known = replace(model.card, features=tuple(names), weights=dict(zip(names, weights.tolist(), strict=True)))
    model = replace(model, card=known, margin_of=lambda given: (given > 0) @ weights, score_of=None)
    found = contributions_of(model, values, background)
    np.testing.assert_allclose(found.values, enumerated(model.margin, values, background), atol=1e-9)
    assert not found.withheld


@given(seed=st.integers(0, 10_000))
def test_random_headings_are_shapley_values_by_enumeration(
    points_list: Callable[..., Any], enumerated: Callable[..., np.ndarray], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    names, member = [f"f{at}" for at in range(4)], rng.random((3, 4)) < 0.5  # three headings, four features
    headings = {
        f"h{at}": [name for name, here in zip(names, row, strict=True) if here] for at, row in enumerate(member)
    }
    model = points_list()
    known = replace(
        model.card, kind="rule_set", features=tuple(names), weights={},
        settings={"minimum_headings": 1, "headings": headings},
    )  # fmt: skip
    met = lambda given: ((given > 0) @ member.T.astype(int) > 0).sum(axis=1).astype(float)  # noqa: E731
    model = replace(model, card=known, margin_of=met, score_of=met)
    values = rng.poisson(0.7, (6, 4)).astype(float)
    found = contributions_of(model, values, values)
    np.testing.assert_allclose(found.values, enumerated(met, values, np.zeros((1, 4))), atol=1e-12)
    assert not found.withheld
