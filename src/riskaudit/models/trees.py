"""Models made of trees: boosted ones and a random forest."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskaudit.artefacts import ModelCard
from riskaudit.models.classifier import ClassifierModel, Output, as_held
from riskaudit.models.cohort import Cohort
from riskaudit.models.learned import whole_number
from riskaudit.scenario import ModelKind, ModelsSection

__all__ = ["fit_boosted_trees", "fit_random_forest"]

_BOOSTED_IMITATES = (
    "A generic commercial-style risk score learned by machine from linked council records. Suppliers have not published "
    "their methods: one council claimed '80-85% accurate' and gave no method (Thurrock, FOI reply, 30 March 2020)."
)
_BOOSTED_DIFFERS = "No published system is imitated in its details: none is known."
_FOREST_IMITATES = (
    "A score by machine from many facts about a person, the purpose of Durham's HART, which was trained on records of 2008 to "
    "2012, tested on 2013, and built to over-predict rather than to miss. It is said to have used 34 predictors, such as offence "
    "history, age, gender and postcode (Government Technology, 10 May 2017)."
)
_FOREST_DIFFERS = (
    "That tool scored people on whether they would offend again; here {who} is scored, and the label is that {label}. That the "
    "trees make a random forest, how many there are and how large are assumptions of ours, and nothing is built to over-predict."
)
_LEAVES = 4


def fit_boosted_trees(cohort: Cohort, asked: ModelsSection, seed: int) -> ClassifierModel:
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
        random_state=whole_number(seed, kind),
    )
    # OpenMP's threads wait by spinning: on a busy machine two took 6 s for what one does in 0.1 s
    with threadpool_limits(limits=1):
        _grow(estimator, cohort)
    settings = {
        "trees": asked.trees, "learning_rate": asked.learning_rate, "leaves": _LEAVES, "label": "recorded_outcome",
    }  # fmt: skip
    card = _card(kind, "Boosted trees", _BOOSTED_IMITATES, _BOOSTED_DIFFERS, settings, cohort)
    return ClassifierModel(card, estimator, Output.DECISION, np.float32)


def fit_random_forest(cohort: Cohort, asked: ModelsSection, seed: int) -> ClassifierModel:
    """Return a random forest (Breiman 2001); its score is the mean over trees of the share of the leaf's children recorded.

    Random: the children and features that each tree sees, by ``stream(seed, "models/random_forest")``.
    """
    from sklearn.ensemble import RandomForestClassifier

    kind, wanted = ModelKind.RANDOM_FOREST, asked.random_forest
    estimator = RandomForestClassifier(
        n_estimators=wanted.trees, min_samples_leaf=wanted.smallest_leaf, random_state=whole_number(seed, kind)
    )
    _grow(estimator, cohort)
    differs = _FOREST_DIFFERS.format(who=cohort.who, label=cohort.label)
    settings = {"trees": wanted.trees, "smallest_leaf": wanted.smallest_leaf, "label": "recorded_outcome"}
    card = _card(kind, "Random forest", _FOREST_IMITATES, differs, settings, cohort)
    return ClassifierModel(card, estimator, Output.PROBABILITY, np.float32)


def _grow(estimator: Any, cohort: Cohort) -> None:
    """Fit trees on values as shap reads them: split points that only float64 tells apart would break additivity."""
    rows = cohort.fitted_rows
    estimator.fit(as_held(rows.values(cohort.features), np.float32), rows.labels)


def _card(
    kind: ModelKind, label: str, imitates: str, differs: str, settings: dict[str, Any], cohort: Cohort
) -> ModelCard:
    return ModelCard(
        id=kind.value,
        kind=kind.value,
        label=label,
        imitates=imitates,
        differs=differs,
        features=cohort.features,
        weights={},
        intercept=None,
        threshold=None,
        settings=settings,
        trained_on=len(cohort.fitted_rows),
        trained_as_of=cohort.fitted_rows.as_of,
    )
