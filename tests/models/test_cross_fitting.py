"""Scores by models that never saw a child's family."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.errors import BadInput
from riskaudit.models import cross_fit, fit, flag_children, learn
from riskaudit.scenario import FlagRule, ModelKind, RollUp


def halves(family_of):
    return np.arange(int(family_of.max()) + 1) % 2 == 0


@pytest.fixture(scope="module")
def crossed(planted, asked):
    return cross_fit(planted, asked(), ModelKind.LOGISTIC_REGRESSION, seed=3, fold_of=halves, labels=None)


def test_each_half_is_scored_by_the_model_of_the_other(planted, asked, crossed):
    first = crossed.folds[0]
    others = ~first.in_test[first.family_of]
    rows = planted.of_rows(others)
    alone = learn(rows, asked(), ModelKind.LOGISTIC_REGRESSION, seed=3)
    kept_out = ~others
    assert crossed.scores[kept_out] == pytest.approx(
        alone.score(first.values(alone.card.features))[kept_out], abs=1e-12
    )


def test_every_fold_fills_its_own_places(asked, crossed):
    flagged = crossed.flagged(asked(flag=FlagRule(share=0.1)))
    fold = crossed.folds[0]
    families = [
        np.unique(fold.family_of[flagged & kept])
        for kept in (fold.in_test[fold.family_of], ~fold.in_test[fold.family_of])
    ]
    sizes = [fold.in_test.sum(), (~fold.in_test).sum()]
    assert [len(each) for each in families] == [round(0.1 * size) for size in sizes]


def test_without_a_roll_up_children_are_counted(asked, crossed):
    flagged = crossed.flagged(asked(flag=FlagRule(share=0.1), roll_up=RollUp.NONE))
    assert flagged.sum() == pytest.approx(0.1 * len(flagged), abs=1)


def test_other_labels_can_be_learnt(planted, asked, crossed):
    turned = ~planted.labels.column("recorded_outcome").to_numpy()
    other = cross_fit(planted, asked(), ModelKind.LOGISTIC_REGRESSION, seed=3, fold_of=halves, labels=turned)
    assert other.scores == pytest.approx(1 - crossed.scores, abs=1e-4)
    with pytest.raises(BadInput, match="nothing to learn"):
        cross_fit(planted, asked(), ModelKind.LOGISTIC_REGRESSION, seed=3, fold_of=halves, labels=turned & ~turned)


def test_a_model_in_use_flags_families_it_has_never_seen(planted, asked):
    half = np.arange(planted.table.num_rows) < planted.table.num_rows // 2
    model = learn(planted.of_rows(half), asked(), ModelKind.BOOSTED_TREES, seed=3)
    new = planted.of_rows(~half)
    flagged = flag_children(model, new, asked(flag=FlagRule(share=0.1)), ModelKind.BOOSTED_TREES, seed=3)
    families = new.table.column("family_id").to_numpy()
    assert len(np.unique(families[flagged])) == round(0.1 * len(np.unique(families)))
    labels = new.labels.column("recorded_outcome").to_numpy()
    assert labels[flagged].mean() > 2 * labels.mean()


def test_learning_on_everybody_is_fitting_with_nobody_kept_out(planted, asked):
    """Close to `fit`, which keeps a tenth out: the weights are of the same sign and size."""
    every = learn(planted, asked(), ModelKind.LOGISTIC_REGRESSION, seed=3).card.weights
    most = fit(planted, asked(use=("logistic_regression",), test_share=0.1), seed=3).models[0].card.weights
    assert every["signal"] == pytest.approx(most["signal"], rel=0.15)
