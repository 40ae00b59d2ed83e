"""Models that only the methods are tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier


@pytest.fixture(scope="session")
def forest(values: np.ndarray, outcome: np.ndarray, trees: Any) -> Any:
    rounded = values.astype(np.float32).astype(float)
    fitted = RandomForestClassifier(40, min_samples_leaf=5, random_state=0).fit(rounded, outcome)
    known = replace(trees.card, id="random_forest", kind="random_forest")
    chance = lambda given: fitted.predict_proba(given.astype(np.float32).astype(float))[:, 1]  # noqa: E731
    return replace(trees, card=known, estimator=fitted, margin_of=chance, score_of=chance)


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


def shapley_by_enumeration(
    margin: Callable[[np.ndarray], np.ndarray], values: np.ndarray, background: np.ndarray
) -> np.ndarray:
    """Return Shapley values by their definition: every set of features, absent ones as in each background row, averaged."""
    rows, features = values.shape
    worth = {}
    for size in range(features + 1):
        for there in combinations(range(features), size):
            mixed = np.repeat(background[None], rows, axis=0)
            mixed[:, :, list(there)] = values[:, None, list(there)]
            worth[there] = margin(mixed.reshape(-1, features)).reshape(rows, -1).mean(axis=1)
    found = np.zeros(values.shape)
    for there, value in worth.items():
        for one in set(range(features)) - set(there):
            weight = factorial(len(there)) * factorial(features - len(there) - 1) / factorial(features)
            found[:, one] += weight * (worth[tuple(sorted((*there, one)))] - value)
    return found


@pytest.fixture(scope="session", name="enumerated")
def _enumerated() -> Callable[..., np.ndarray]:
    return shapley_by_enumeration


@pytest.fixture(scope="session")
def brought(points_list: Callable[..., Any]) -> Callable[..., Any]:
    """Return a way to make a model that a user brings from its output alone."""
    model = points_list()

    def make(margin: Callable[[np.ndarray], np.ndarray], features: int = 4) -> Any:
        known = replace(
            model.card, id="own", kind="own", features=tuple(f"f{at}" for at in range(features)), weights={}
        )
        return replace(model, card=known, margin_of=margin, score_of=None)

    return make
