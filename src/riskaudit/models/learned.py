"""Models learned from the recorded outcome: a logistic regression and boosted trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.artefacts import ModelCard
from riskaudit.errors import Fault
from riskaudit.models.cohort import Cohort
from riskaudit.scenario import ModelKind, ModelsSection
from riskaudit.seeds import stream

__all__ = ["LearnedModel", "fit_boosted_trees", "fit_logistic_regression", "learning_faults"]

_LOGISTIC_IMITATES = (
    "A regression score for each child from many agencies' records, the purpose of the Allegheny Family Screening Tool "
    "(county report, April 2019), which scored referred children on the chance of home removal or re-referral. Here every "
    "linked child is scored, and the label is a record of need. The L1 penalty and the scaling are assumptions of ours, "
    "not facts about that tool."
)
_TREES_IMITATES = (
    "A generic commercial-style risk score learned by machine from linked council records. Suppliers have not published "
    "their methods: one council claimed '80-85% accurate' and gave no method (Thurrock, FOI reply, 30 March 2020). So no "
    "published system is imitated in its details."
)

_LEAVES = 4


@dataclass(frozen=True, eq=False)
class LearnedModel:
    """A fitted scikit-learn classifier as a risk model."""

    card: ModelCard
    estimator: Any
    precision: type[np.floating[Any]]
    """What values are rounded to before they are scored: what the model was fitted on."""

    def margin(self, values: np.ndarray) -> np.ndarray:
        """Return log odds."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1):  # as in fitting: threads that wait by spinning
            margins: np.ndarray = self.estimator.decision_function(_rounded(values, self.precision))
        return margins

    def score(self, values: np.ndarray) -> np.ndarray:
        """Return the predicted chance of a recorded outcome, 0 to 1."""
        from scipy.special import expit

        # twelve decimals: equal families tie, whatever the last bit of a matrix product on another machine
        scores: np.ndarray = expit(self.margin(values)).round(12)
        return scores


def fit_logistic_regression(cohort: Cohort, asked: ModelsSection, seed: int) -> LearnedModel:
    """Return an L1-penalised logistic regression on standardised features (Tibshirani 1996), the intercept unpenalised.

    The card's weights are on the features' own scale: log odds per unit. Random: the order in which the solver visits
    features, by ``stream(seed, "models/logistic_regression")``.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    kind = ModelKind.LOGISTIC_REGRESSION
    # liblinear penalises the intercept over its scaling, so a large scaling frees it. (saga does not penalise it, but
    # stops before it has converged where the penalty drops every feature.) l1_ratio=1 is the lasso from sklearn 1.8 on.
    regression = LogisticRegression(
        l1_ratio=1.0,
        C=asked.regularisation,
        solver="liblinear",
        intercept_scaling=1e6,
        tol=1e-7,
        max_iter=1_000,
        random_state=_whole_number(seed, kind),
    )
    estimator = make_pipeline(StandardScaler(), regression)
    estimator.fit(cohort.values(cohort.features)[cohort.training], cohort.labels[cohort.training])
    scaler = estimator[0]
    weights = regression.coef_[0] / scaler.scale_
    card = ModelCard(
        id=kind.value,
        kind=kind.value,
        label="Logistic regression",
        imitates=_LOGISTIC_IMITATES,
        features=cohort.features,
        weights=dict(zip(cohort.features, weights.tolist(), strict=True)),
        intercept=float(regression.intercept_[0] - scaler.mean_ @ weights),
        threshold=None,
        settings={"penalty": "L1", "regularisation": asked.regularisation, "label": "recorded_outcome"},
        trained_on=int(cohort.training.sum()),
    )
    return LearnedModel(card, estimator, np.float64)


def fit_boosted_trees(cohort: Cohort, asked: ModelsSection, seed: int) -> LearnedModel:
    """Return gradient-boosted trees (Friedman 2001; scikit-learn's histogram method), of at most 4 leaves each.

    Few leaves, since recorded outcomes are few: larger trees learn the training families by heart.

    Random: nothing that shows, since every child and feature is used in every tree; the estimator is seeded by
    ``stream(seed, "models/boosted_trees")`` all the same.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    kind = ModelKind.BOOSTED_TREES
    estimator = HistGradientBoostingClassifier(
        max_iter=asked.trees,
        learning_rate=asked.learning_rate,
        max_leaf_nodes=_LEAVES,
        early_stopping=False,
        random_state=_whole_number(seed, kind),
    )
    # shap reads trees in float32: split points between values that only float64 tells apart would break additivity
    values = _rounded(cohort.values(cohort.features)[cohort.training], np.float32)
    # OpenMP's threads wait by spinning: on a busy machine two took 6 s for what one does in 0.1 s
    with threadpool_limits(limits=1):
        estimator.fit(values, cohort.labels[cohort.training])
    card = ModelCard(
        id=kind.value,
        kind=kind.value,
        label="Boosted trees",
        imitates=_TREES_IMITATES,
        features=cohort.features,
        weights={},
        intercept=None,
        threshold=None,
        settings={
            "trees": asked.trees,
            "learning_rate": asked.learning_rate,
            "leaves": _LEAVES,
            "label": "recorded_outcome",
        },
        trained_on=int(cohort.training.sum()),
    )
    return LearnedModel(card, estimator, np.float32)


def learning_faults(cohort: Cohort, asked: ModelsSection) -> Iterator[Fault]:  # noqa: ARG001
    """Yield a fault where there is nothing to learn from."""
    if not cohort.features:
        yield Fault("[features]", "every feature is left out", "at least one feature that models may use")
    recorded, children = int(cohort.labels[cohort.training].sum()), int(cohort.training.sum())
    if recorded in (0, children):
        yield Fault(
            "[models] use",
            f"{recorded} of the {children} children to fit on have a recorded outcome, so there is nothing to learn",
            "both children with and children without a recorded outcome",
            "ask for more [population] families, a longer [study] outcome_months, or only points_list",
        )


def _rounded(values: np.ndarray, precision: type[np.floating[Any]]) -> np.ndarray:
    return np.asarray(values, precision).astype(np.float64)


def _whole_number(seed: int, kind: ModelKind) -> int:
    return int(stream(seed, f"models/{kind}").integers(2**31))
