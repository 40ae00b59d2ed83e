"""Small made-up tables, and models fitted by scikit-learn, as the explanation room meets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from riskaudit.artefacts import (
    LABELS,
    SCORES,
    Feature,
    FeatureCatalogue,
    FeatureKind,
    FeatureTable,
    ModelCard,
    RiskScores,
    Sensitivity,
    Subject,
)

CHILDREN = 1_200
LINKAGE = "linkage"


def _feature(feature_id: str, plain: str, agency: str, kind: FeatureKind, unit: str, days: int | None) -> Feature:
    special = agency == "police"
    return Feature(
        id=feature_id,
        label=feature_id.replace("_", " ").capitalize(),
        plain=plain,
        definition="a made-up definition",
        agency=agency,
        subject=Subject.HOUSEHOLD if special else Subject.CHILD,
        window_days=days,
        kind=kind,
        unit=unit,
        domain="safety",
        sensitivity=Sensitivity.SPECIAL if special else Sensitivity.ORDINARY,
        proxies=(),
        seen_in=(),
        can_be_wrong="it is made up",
        looks_back=kind is not FeatureKind.MISSING and agency != LINKAGE,
    )


CATALOGUE = FeatureCatalogue(
    (
        _feature("referrals", "somebody referred your child", "social_care", FeatureKind.COUNT, "events", None),
        _feature("police_visits", "the police came to your home", "police", FeatureKind.COUNT, "events", 730),
        _feature("absent", "your child missed school", "school", FeatureKind.FLAG, "0 or 1", 365),
        _feature("rent_owed", "you owed rent", "housing", FeatureKind.AMOUNT, "pounds", 730),
        _feature("no_school", "no school holds a record of your child", "school", FeatureKind.MISSING, "0 or 1", None),
        _feature("children", "your home has so many children", LINKAGE, FeatureKind.COUNT, "children", None),
    )
)
IDS = tuple(feature.id for feature in CATALOGUE)


@dataclass(frozen=True)
class FakeModel:
    """A RiskModel made of a card and two functions."""

    card: ModelCard
    estimator: Any
    margin_of: Callable[[np.ndarray], np.ndarray]
    score_of: Callable[[np.ndarray], np.ndarray] | None = None

    def margin(self, values: np.ndarray) -> np.ndarray:
        return self.margin_of(values)

    def score(self, values: np.ndarray) -> np.ndarray:
        return self.score_of(values) if self.score_of else 1 / (1 + np.exp(-self.margin_of(values)))


def rounded(values: np.ndarray) -> np.ndarray:
    """Return values as a 32-bit float holds them: what the trees are fitted on and score."""
    return values.astype(np.float32).astype(float)


def card(kind: str, **given: Any) -> ModelCard:
    known: dict[str, Any] = {
        "id": kind, "kind": kind, "label": kind, "imitates": "nothing", "features": IDS, "weights": {},
        "intercept": None, "threshold": 0.5, "settings": {}, "trained_on": CHILDREN,
    }  # fmt: skip
    return ModelCard(**(known | given))


def make_scores(
    models: list[FakeModel], table: FeatureTable, flag_share: float = 0.1, test_share: float = 1.0
) -> RiskScores:
    """Return scores of every child and family; families with a child in the top share are flagged."""
    child_ids, families = (np.array(table.table[name].to_pylist()) for name in ("child_id", "family_id"))
    _, family = np.unique(families, return_inverse=True)
    test = family < test_share * (family.max() + 1)
    parts = []
    for model in models:
        scores = model.score(np.column_stack([table.table[name].to_numpy() for name in model.card.features]))
        by_family = np.zeros(family.max() + 1)
        np.maximum.at(by_family, family, scores)
        flagged = by_family[family] > np.quantile(scores, 1 - flag_share)
        first = np.unique(family, return_index=True)[1]
        for unit, ids, at in (("child", child_ids, np.arange(len(family))), ("family", families, first)):
            parts.append(
                SCORES.build(
                    {
                        "unit": [unit] * len(at),
                        "unit_id": ids[at],
                        "family_id": families[at],
                        "model": [model.card.id] * len(at),
                        "split": np.where(test[at], "test", "train"),
                        "score": scores[at] if unit == "child" else by_family[family][at],
                        "band": np.ones(len(at), np.int8),
                        "flagged": flagged[at],
                        "why_flagged": np.where(flagged[at], "share", ""),
                    }
                )
            )
    return RiskScores(tuple(model.card for model in models), pa.concat_tables(parts).unify_dictionaries())


def make_features(values: np.ndarray) -> FeatureTable:
    """Return a feature table; two children to a family."""
    keys = {
        "child_id": [f"c{row:05d}" for row in range(len(values))],
        "family_id": [f"f{row // 2:05d}" for row in range(len(values))],
    }
    columns = dict(zip(IDS, values.T, strict=True))
    return FeatureTable(
        CATALOGUE,
        FeatureTable.spec(CATALOGUE).build(keys | columns),
        LABELS.build(keys | {"recorded_outcome": np.zeros(len(values), bool)}),
    )


@pytest.fixture(scope="session")
def values() -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.column_stack(
        [
            rng.poisson(0.4, CHILDREN),
            rng.poisson(0.3, CHILDREN),
            rng.random(CHILDREN) < 0.2,
            rng.gamma(0.5, 300.0, CHILDREN) * (rng.random(CHILDREN) < 0.3),  # no 32-bit float holds these
            rng.random(CHILDREN) < 0.1,
            1 + rng.poisson(1.0, CHILDREN),
        ]
    ).astype(float)


@pytest.fixture(scope="session")
def table(values: np.ndarray) -> FeatureTable:
    return make_features(values)


@pytest.fixture(scope="session")
def outcome(values: np.ndarray) -> np.ndarray:
    """Driven by police visits most, then referrals, then school absence; by nothing else."""
    log_odds = 2.0 * values[:, 1] + 1.0 * values[:, 0] + 0.7 * values[:, 2] - 2.2
    return np.random.default_rng(8).random(len(values)) < 1 / (1 + np.exp(-log_odds))


@pytest.fixture(scope="session")
def logistic(values: np.ndarray, outcome: np.ndarray) -> FakeModel:
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(values, outcome)
    scaler, fitted = pipeline[0], pipeline[-1]
    weights = fitted.coef_[0] / scaler.scale_
    intercept = float(fitted.intercept_[0] - weights @ scaler.mean_)
    known = card(
        "logistic_regression",
        weights=dict(zip(IDS, weights.tolist(), strict=True)),
        intercept=intercept,
    )
    return FakeModel(known, pipeline, pipeline.decision_function)


@pytest.fixture(scope="session")
def trees(values: np.ndarray, outcome: np.ndarray) -> FakeModel:
    fitted = HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=4, early_stopping=False, random_state=0).fit(
        rounded(values), outcome
    )
    return FakeModel(card("boosted_trees"), fitted, lambda given: fitted.decision_function(rounded(given)))


def make_points_list(minimum: int = 1) -> FakeModel:
    points = {"referrals": 3.0, "police_visits": 2.0, "absent": 1.0}

    def margin(given: np.ndarray) -> np.ndarray:
        return (given > 0) @ np.array(list(points.values()))

    def score(given: np.ndarray) -> np.ndarray:
        return np.where((given > 0).sum(axis=1) >= minimum, margin(given) / sum(points.values()), 0.0)

    known = card(
        "points_list",
        features=tuple(points),
        weights=points,
        settings={"minimum_indicators": minimum},
        trained_on=0,
    )
    return FakeModel(known, None, margin, score)


@pytest.fixture(scope="session")
def points() -> FakeModel:
    return make_points_list()


@pytest.fixture(scope="session")
def models(points: FakeModel, logistic: FakeModel, trees: FakeModel) -> list[FakeModel]:
    return [points, logistic, trees]


def add_a_lie(model: FakeModel, by: float) -> FakeModel:
    """Return the model with a margin that its explanation cannot add up to."""
    return replace(
        model, margin_of=lambda given: model.margin_of(given) + np.where(np.arange(len(given)) == 0, by, 0.0)
    )


def make_linear(
    weights: dict[str, float], margin_of: Callable[[np.ndarray], np.ndarray], intercept: float = 0.0
) -> FakeModel:
    """Return a logistic regression that is only a card and a margin."""
    return FakeModel(card("logistic_regression", weights=weights, intercept=intercept), None, margin_of)


# Test modules cannot import this file, so what they call comes to them as fixtures.


@pytest.fixture(scope="session", name="lying")
def _lying() -> Callable[..., Any]:
    return add_a_lie


@pytest.fixture(scope="session", name="points_list")
def _points_list() -> Callable[..., Any]:
    return make_points_list


@pytest.fixture(scope="session", name="linear")
def _linear() -> Callable[..., Any]:
    return make_linear


@pytest.fixture(scope="session", name="score_all")
def _score_all() -> Callable[..., Any]:
    return make_scores


@pytest.fixture(scope="session", name="table_of")
def _table_of() -> Callable[..., Any]:
    return make_features


@pytest.fixture(scope="session", name="catalogue")
def _catalogue() -> FeatureCatalogue:
    return CATALOGUE
