"""What a user takes from a model: a scikit-learn classifier that gives the model's own scores."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from riskaudit.models import fit
from riskaudit.models.hand_made import PointsClassifier, RuleSetClassifier

VALUES = np.array([[0, 0, 0], [1, 0, 0], [1, 2, 0], [1, 1, 1]], float)
BY_HAND = [PointsClassifier((3, 2, 1), 6, 2), RuleSetClassifier([[0, 1], [2], []], 2)]


@pytest.fixture(scope="module")
def fitted(planted, asked):
    return fit(planted, asked(), seed=7)


def test_every_models_estimator_gives_its_score(planted, fitted):
    for model in fitted.models:
        values = planted.frame()[list(model.card.features)].to_numpy()
        held = np.float32(values).astype(float)  # which the trees round to; no other model sees the difference
        np.testing.assert_allclose(model.estimator.predict_proba(held)[:, 1], model.score(held), rtol=0, atol=1e-11)
        assert clone(model.estimator).get_params().keys() == model.estimator.get_params().keys()


@pytest.mark.parametrize("classifier", BY_HAND, ids=["points", "rules"])
def test_what_is_made_by_hand_learns_nothing_and_stands_in_a_pipeline(classifier):
    before = classifier.predict_proba(VALUES)
    pipeline = make_pipeline(FunctionTransformer(), clone(classifier)).fit(VALUES, [0, 1, 0, 1])
    np.testing.assert_array_equal(pipeline.predict_proba(VALUES), before)
    np.testing.assert_array_equal(pipeline.decision_function(VALUES), classifier.decision_function(VALUES))
    np.testing.assert_array_equal(before.sum(axis=1), 1)


def test_points_and_rules_by_hand():
    points, rules = BY_HAND
    assert points.decision_function(VALUES).tolist() == [0, 3, 5, 6]
    assert points.predict_proba(VALUES)[:, 1].tolist() == pytest.approx([0, 0, 5 / 6, 1], abs=1e-12)
    assert points.predict(VALUES).tolist() == [False, False, True, True]
    assert rules.met(VALUES).tolist() == [[False] * 3, [True, False, False], [True, False, False], [True, True, False]]
    assert rules.predict_proba(VALUES)[:, 1].tolist() == pytest.approx([0, 0, 0, 2 / 3], abs=1e-12)
