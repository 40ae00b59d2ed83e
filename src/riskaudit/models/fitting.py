"""Fit the models that a scenario asks for, side by side on the same families, and score everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from riskaudit.artefacts import FeatureTable, RiskModel, RiskScores
from riskaudit.errors import BadInput, Fault
from riskaudit.models.classifier import ClassifierModel
from riskaudit.models.cohort import Cohort, lay_out
from riskaudit.models.learned import fit_logistic_regression, learning_faults
from riskaudit.models.own import BroughtModel
from riskaudit.models.own_scores import BroughtScores, ScoresModel
from riskaudit.models.points import make_points_list, points_faults
from riskaudit.models.rules import make_rule_set, rule_set_faults
from riskaudit.models.scoring import Scored, score_table, scored
from riskaudit.models.trees import fit_boosted_trees, fit_random_forest
from riskaudit.scenario import FlagBy, ModelKind, ModelsSection, RollUp

if TYPE_CHECKING:
    import numpy as np

__all__ = ["KINDS", "FittedModels", "fit"]


@dataclass(frozen=True)
class FittedModels:
    """The models in memory, and the scores they give. Only the scores and cards are ever stored."""

    models: tuple[RiskModel, ...]
    scores: RiskScores


def fit(
    table: FeatureTable,
    asked: ModelsSection,
    *,
    seed: int,
    own: BroughtModel | BroughtScores | None = None,
    labels: np.ndarray | None = None,
    progress: Callable[[float], None] | None = None,
) -> FittedModels:
    """Return the fitted models and every child's and family's score.

    The models use the catalogue's used features, in catalogue order, and learn the recorded outcome from the children of
    training families only; from an earlier day's rows where the table holds such. A family's score is the maximum or mean of
    its children's. Families, or children without a roll-up, are flagged by `asked.flag` over those kept out of fitting (see
    `flagging.flag`); each card's `threshold`, `places_left` and the settings `ties` and `ties_flagged` say where the line fell,
    how many places nobody took and how many shared the line's score. What a list or rules made by hand score zero is never
    flagged.

    Scores have one row per child and one per family for each model, the models in the order asked for.

    Parameters
    ----------
    table
        Features and recorded outcomes.
    asked
        Which models, split, roll-up and flag rule.
    seed
        Keys ``models/split``, ``models/ties`` (by model id) and each learned model's own.
    own
        What a user brings as the model of kind `own`.
    labels
        Learnt in place of the recorded outcome: one for each row of the table, or of its earlier rows, in their order.
    progress
        Called with the share of models done, 0 to 1.

    Raises
    ------
    BadInput
        If a points list names a feature that models may not use, if the children to fit on all have the same recorded
        outcome, if what a user brings does not fit the study, or if there is no child: every fault at once.
    """
    if not table.table.num_rows:
        raise BadInput(
            Fault("features", "there is no linked child to score", hint="check the linkage's `people` table")
        )
    kinds, made_by = tuple(dict.fromkeys(asked.use)), dict(KINDS)
    if own is not None:
        made_by[ModelKind.OWN] = _Kind(own.make, own.faults)
    elif ModelKind.OWN in kinds:
        raise BadInput(Fault("[models] use", "has own, and no model of your own is given", hint="fit(..., own=...)"))
    cohort = lay_out(table, asked.test_share, seed, labels)
    if faults := list(dict.fromkeys(fault for kind in kinds for fault in made_by[kind].faults(cohort, asked))):
        raise BadInput(faults)
    models: list[RiskModel] = []
    tables: list[pa.Table] = []
    for kind in kinds:
        model, scores = _scored(made_by[kind], cohort, asked, seed)
        models.append(model)
        tables.append(scores)
        if progress:
            progress(len(models) / len(kinds))
    joined = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    return FittedModels(tuple(models), RiskScores(tuple(model.card for model in models), joined))


_Model: TypeAlias = ClassifierModel | ScoresModel


@dataclass(frozen=True)
class _Kind:
    make: Callable[[Cohort, ModelsSection, int], _Model]
    faults: Callable[[Cohort, ModelsSection], Iterable[Fault]]
    """What would keep it from being made."""
    by_hand: bool = False
    """Whether a score of zero means that nothing on a list was found, so that nobody is flagged for it."""


KINDS: dict[ModelKind, _Kind] = {
    ModelKind.POINTS_LIST: _Kind(make_points_list, points_faults, by_hand=True),
    ModelKind.RULE_SET: _Kind(make_rule_set, rule_set_faults, by_hand=True),
    ModelKind.LOGISTIC_REGRESSION: _Kind(fit_logistic_regression, learning_faults),
    ModelKind.RANDOM_FOREST: _Kind(fit_random_forest, learning_faults),
    ModelKind.BOOSTED_TREES: _Kind(fit_boosted_trees, learning_faults),
}


def _scored(kind: _Kind, cohort: Cohort, asked: ModelsSection, seed: int) -> tuple[_Model, pa.Table]:
    """Return the model with its threshold on its card, and its score table."""
    model = kind.make(cohort, asked, seed)
    given = model.of_children(cohort.child_ids) if isinstance(model, ScoresModel) else None
    child_scores = model.score(cohort.values(model.card.features)) if given is None else given
    found = scored(model.card.id, child_scores, cohort, asked, seed, zero_too=not kind.by_hand)
    settings = {**model.card.settings, **_settings(asked, found)}
    threshold, left = found.flags.threshold, found.flags.places_left
    model = replace(model, card=replace(model.card, threshold=threshold, places_left=left, settings=settings))
    return model, score_table(model.card.id, cohort, found, asked.flag.by)


def _settings(asked: ModelsSection, found: Scored) -> dict[str, Any]:
    rule = asked.flag.by
    months = {"flag_months": asked.flag.months} if rule is FlagBy.PER_MONTH else {}
    return {
        "roll_up": asked.roll_up.value,
        "flag_unit": "child" if asked.roll_up is RollUp.NONE else "family",
        "flag_by": rule.value,
        "flag": getattr(asked.flag, rule.value),
        **months,
        "test_share": asked.test_share,
        "ties": found.flags.ties,
        "ties_flagged": found.flags.ties_flagged,
    }
