"""Learned models against scikit-learn used directly, and against the signal that was planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from riskaudit.artefacts import RECORDED_OUTCOMES
from riskaudit.errors import BadInput
from riskaudit.models import fit
from riskaudit.models.cohort import lay_out
from riskaudit.scenario import ModelKind, ScoredCohort

LEARNED = (ModelKind.LOGISTIC_REGRESSION, ModelKind.BOOSTED_TREES)


def _training(cohort):
    return ~cohort.in_test[cohort.family_of]


def _labels(planted):
    return planted.labels.column("recorded_outcome").to_numpy()  # its children are in order of id, as a cohort's are


@pytest.fixture(scope="module")
def fitted(planted, asked):
    return fit(planted, asked(use=LEARNED, regularisation=0.5), seed=7)


@pytest.fixture(scope="module")
def values(planted):
    return planted.frame()[["noise", "signal", "amount", "rare", "never"]].to_numpy()


def test_the_card_of_the_logistic_regression_gives_its_margin_by_hand(fitted, values):
    model = fitted.models[0]
    assert model.card.features == ("noise", "signal", "amount", "rare", "never")
    by_hand = model.card.intercept + values @ np.array([model.card.weights[name] for name in model.card.features])
    np.testing.assert_allclose(model.margin(values), by_hand, rtol=0, atol=1e-9)


def test_the_logistic_regression_is_sklearns_own_lasso(fitted, planted, asked, values):
    from sklearn.linear_model import LogisticRegression

    cohort = lay_out(planted, asked().test_share, 7)
    train = values[_training(cohort)]
    centre, scale = train.mean(axis=0), np.where(train.std(axis=0) > 0, train.std(axis=0), 1)
    # another solver, which leaves the intercept unpenalised by design; the lasso has one optimum, and
    # both stop within a thousandth of it on the log-odds scale
    again = LogisticRegression(l1_ratio=1.0, C=0.5, solver="saga", tol=1e-7, max_iter=50_000, random_state=99)
    again.fit((train - centre) / scale, _labels(planted)[_training(cohort)])
    expected = again.decision_function((values - centre) / scale)
    np.testing.assert_allclose(fitted.models[0].margin(values), expected, rtol=0, atol=1e-3)


def test_the_logistic_regression_meets_the_lassos_optimality_conditions(fitted, planted, asked, values):
    # Where a weight is not zero, C times the log-likelihood's slope equals its sign; elsewhere it is at most 1 in size;
    # and the intercept's slope is zero (Tibshirani 1996). Slopes are per standard deviation, as the penalty is.
    cohort = lay_out(planted, asked().test_share, 7)
    train, model = values[_training(cohort)], fitted.models[0]
    residual = _labels(planted)[_training(cohort)] - model.score(train)
    slopes = 0.5 * residual @ ((train - train.mean(axis=0)) / np.where(train.std(axis=0) > 0, train.std(axis=0), 1))
    weights = np.array(list(model.card.weights.values()))
    np.testing.assert_allclose(slopes[weights != 0], np.sign(weights[weights != 0]), rtol=0, atol=1e-2)
    assert (np.abs(slopes[weights == 0]) <= 1).all()
    assert abs(residual.sum()) < 1e-2


def test_a_feature_that_never_varies_gets_no_weight(fitted):
    assert fitted.models[0].card.weights["never"] == 0


def test_a_strong_penalty_leaves_only_the_base_rate(planted, asked):
    model = fit(planted, asked(use=LEARNED[:1], regularisation=1e-4), seed=7).models[0]
    cohort = lay_out(planted, 0.5, 7)
    base = _labels(planted)[_training(cohort)].mean()
    assert set(model.card.weights.values()) == {0.0}
    # the intercept is not penalised: it is the log odds of the base rate, to the solver's tolerance
    assert model.card.intercept == pytest.approx(np.log(base / (1 - base)), abs=1e-4)


@pytest.mark.parametrize("which", [0, 1], ids=LEARNED)
def test_a_score_is_the_estimators_probability_and_the_sigmoid_of_the_margin(fitted, values, which):
    model = fitted.models[which]
    scores = model.score(values)
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-model.margin(values))), rtol=0, atol=1e-11)
    seen = np.float32(values).astype(float) if which else values
    np.testing.assert_allclose(scores, model.estimator.predict_proba(seen)[:, 1], rtol=0, atol=1e-11)


def test_boosted_trees_cannot_tell_apart_what_float32_cannot(fitted, values):
    rounded = np.float32(values).astype(float)
    assert (rounded != values).any()  # the amounts are not float32 numbers, so this says something
    np.testing.assert_array_equal(fitted.models[1].margin(values), fitted.models[1].margin(rounded))


@pytest.mark.parametrize("which", [0, 1], ids=LEARNED)
def test_test_families_are_ranked_by_the_planted_signal(fitted, planted, values, which):
    from sklearn.metrics import roc_auc_score

    cohort = lay_out(planted, 0.5, 7)
    scores = fitted.models[which].score(values)
    held_out = ~_training(cohort)
    assert roc_auc_score(_labels(planted)[held_out], scores[held_out]) > 0.7
    # a planted signal with no signal left in it: ranking by noise alone stays near a half
    assert abs(roc_auc_score(_labels(planted)[held_out], values[held_out, 0]) - 0.5) < 0.1


@pytest.mark.parametrize("which", [0, 1], ids=LEARNED)
def test_only_training_families_are_learned_from(planted, fitted, asked, feature_table, values, which):
    cohort = lay_out(planted, 0.5, 7)
    table = planted.frame()
    turned = np.where(_training(cohort), _labels(planted), ~_labels(planted))
    columns = {name: table[name].to_numpy() for name in table.columns[2:]}
    other = feature_table(columns, turned, table["family_id"].tolist())
    again = fit(other, asked(use=LEARNED, regularisation=0.5), seed=7)
    np.testing.assert_array_equal(again.models[which].margin(values), fitted.models[which].margin(values))


def test_cores_change_no_byte(planted, fitted, asked, values):
    with threadpool_limits(limits=1):
        again = fit(planted, asked(use=LEARNED, regularisation=0.5), seed=7)
    assert again.scores.scores == fitted.scores.scores
    for limit in (1, 2):
        with threadpool_limits(limits=limit):
            np.testing.assert_array_equal(fitted.models[1].score(values), again.models[1].score(values))


@pytest.mark.parametrize("labels", [[False] * 60, [True] * 60])
def test_labels_of_one_kind_only_are_a_fault_that_says_what_to_do(feature_table, asked, labels):
    table = feature_table({"signal": range(60), "rare": [0] * 60}, labels)
    with pytest.raises(BadInput, match="nothing to learn") as caught:
        fit(table, asked(), seed=1)
    assert len(caught.value.faults) == 1  # said once, though two models need the labels
    assert "outcome_months" in caught.value.faults[0].hint


def test_leaving_out_every_feature_is_a_fault(feature_table, asked):
    table = feature_table({"signal": [0, 1] * 30}, [False, True, True] * 20, left_out=("signal",))
    with pytest.raises(BadInput, match="every feature is left out"):
        fit(table, asked(use=LEARNED), seed=1)


def test_a_random_forest_is_sklearns_own(planted, asked, values):
    from sklearn.ensemble import RandomForestClassifier

    wanted = asked(use=(ModelKind.RANDOM_FOREST,))
    model = fit(planted, wanted, seed=7).models[0]
    cohort = lay_out(planted, 0.5, 7)
    again = RandomForestClassifier(20, min_samples_leaf=20, random_state=model.estimator.random_state)
    again.fit(values[_training(cohort)], _labels(planted)[_training(cohort)])
    np.testing.assert_allclose(model.score(values), again.predict_proba(values)[:, 1], rtol=0, atol=1e-11)
    np.testing.assert_allclose(model.margin(values), model.score(values), rtol=0, atol=1e-11)
    assert "Durham" in model.card.imitates
    assert "assumptions of ours" in model.card.differs


@pytest.mark.parametrize("kind", [ModelKind.LOGISTIC_REGRESSION, ModelKind.RANDOM_FOREST])
@pytest.mark.parametrize("outcome", RECORDED_OUTCOMES.values(), ids=lambda one: one.id.value)
def test_cards_say_whom_a_model_scores_and_what_it_learnt(planted, asked, kind, outcome):
    everybody, referred = (
        fit(replace(planted, outcome=outcome, cohort=cohort), asked(use=(kind,)), seed=7).models[0].card.differs
        for cohort in (ScoredCohort.ALL, ScoredCohort.REFERRED)
    )
    assert f"the label is that {outcome.meaning}." in everybody
    assert "every linked child is scored" in everybody
    assert "every linked child referred to social care in the last year is scored" in referred
