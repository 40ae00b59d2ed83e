"""Fit the models that a scenario asks for, side by side on the same families, and score everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import pyarrow as pa

from riskaudit.artefacts import FeatureTable, RiskModel, RiskScores
from riskaudit.errors import BadInput, Fault
from riskaudit.models.cohort import Cohort, lay_out
from riskaudit.models.flagging import Flags, flag
from riskaudit.models.learned import LearnedModel, fit_boosted_trees, fit_logistic_regression, learning_faults
from riskaudit.models.points import PointsModel, make_points_list, points_faults
from riskaudit.models.scoring import roll_up, score_table
from riskaudit.scenario import ModelKind, ModelsSection
from riskaudit.seeds import stream

__all__ = ["FittedModels", "fit"]


@dataclass(frozen=True)
class FittedModels:
    """The models in memory, and the scores they give. Only the scores and cards are ever stored."""

    models: tuple[RiskModel, ...]
    scores: RiskScores


def fit(
    table: FeatureTable, asked: ModelsSection, *, seed: int, progress: Callable[[float], None] | None = None
) -> FittedModels:
    """Return the fitted models and every child's and family's score.

    The models use the catalogue's used features, in catalogue order, and learn the recorded outcome from the children of
    training families only. A family's score is the maximum or mean of its children's. Families are flagged by
    `asked.flag` over the test families (see `flagging.flag`); each card's `threshold` and the settings `ties` and
    `ties_flagged` say where the line fell and how many test families shared that score.

    Scores have one row per child and one per family for each model, the models in the order asked for.

    Parameters
    ----------
    table
        Features and recorded outcomes.
    asked
        Which models, split, roll-up and flag rule.
    seed
        Keys ``models/split``, ``models/ties`` (by model id) and each learned model's own.
    progress
        Called with the share of models done, 0 to 1.

    Raises
    ------
    BadInput
        If a points list names a feature that models may not use, if the children to fit on all have the same recorded
        outcome, or if there is no child: every fault at once.
    """
    if not table.table.num_rows:
        raise BadInput(
            Fault("features", "there is no linked child to score", hint="check the linkage's `people` table")
        )
    cohort = lay_out(table, asked.test_share, seed)
    kinds = tuple(dict.fromkeys(asked.use))
    if faults := list(dict.fromkeys(fault for kind in kinds for fault in KINDS[kind].faults(cohort, asked))):
        raise BadInput(faults)
    models: list[RiskModel] = []
    tables: list[pa.Table] = []
    for kind in kinds:
        model, scores = _scored(KINDS[kind].fit(cohort, asked, seed), cohort, asked, seed)
        models.append(model)
        tables.append(scores)
        if progress:
            progress(len(models) / len(kinds))
    joined = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    return FittedModels(tuple(models), RiskScores(tuple(model.card for model in models), joined))


_Model: TypeAlias = PointsModel | LearnedModel


@dataclass(frozen=True)
class _Kind:
    fit: Callable[[Cohort, ModelsSection, int], _Model]
    faults: Callable[[Cohort, ModelsSection], Iterable[Fault]]
    """What would keep it from being fitted."""


KINDS: dict[ModelKind, _Kind] = {
    ModelKind.POINTS_LIST: _Kind(make_points_list, points_faults),
    ModelKind.LOGISTIC_REGRESSION: _Kind(fit_logistic_regression, learning_faults),
    ModelKind.BOOSTED_TREES: _Kind(fit_boosted_trees, learning_faults),
}


def _scored(model: _Model, cohort: Cohort, asked: ModelsSection, seed: int) -> tuple[_Model, pa.Table]:
    """Return the model with its threshold on its card, and its score table."""
    child_scores = model.score(cohort.values(model.card.features))
    family_scores = roll_up(child_scores, cohort, asked.roll_up)
    draws = stream(seed, "models/ties", model.card.id).permutation(len(cohort.family_ids))
    flags = flag(family_scores, cohort.in_test, draws, asked.flag)
    settings = {**model.card.settings, **_settings(asked, flags)}
    model = replace(model, card=replace(model.card, threshold=flags.threshold, settings=settings))
    return model, score_table(model.card.id, cohort, child_scores, family_scores, flags, asked.flag.by)


def _settings(asked: ModelsSection, flags: Flags) -> dict[str, Any]:
    rule = asked.flag.by
    return {
        "roll_up": asked.roll_up.value,
        "flag_by": rule.value,
        "flag": getattr(asked.flag, rule.value),
        "test_share": asked.test_share,
        "ties": flags.ties,
        "ties_flagged": flags.ties_flagged,
    }
