"""Use a model on families that it was not fitted on: learn from one table, flag the children of another."""

from __future__ import annotations

import numpy as np

from riskaudit.artefacts import FeatureTable, RiskModel
from riskaudit.errors import BadInput
from riskaudit.models.cohort import Cohort, lay_out_by
from riskaudit.models.fitting import KINDS
from riskaudit.models.scoring import scored
from riskaudit.scenario import ModelKind, ModelsSection

__all__ = ["flag_children", "learn"]


def learn(
    table: FeatureTable, asked: ModelsSection, kind: ModelKind, *, seed: int, labels: np.ndarray | None = None
) -> RiskModel:
    """Return a model fitted on every row of a table. Parameters are those of `cross_fit`.

    Raises
    ------
    BadInput
        If there is nothing to learn from.
    """
    cohort = _all(table, labels, kept_out=False)
    if faults := list(KINDS[kind].faults(cohort, asked)):
        raise BadInput(faults)
    return KINDS[kind].make(cohort, asked, seed)


def flag_children(
    model: RiskModel, table: FeatureTable, asked: ModelsSection, kind: ModelKind, *, seed: int
) -> np.ndarray:
    """Return which children of a table are flagged, in order of id, by the section's rule over all its families."""
    cohort = _all(table, None, kept_out=True)
    scores = model.score(cohort.values(model.card.features))
    return scored(kind.value, scores, cohort, asked, seed, zero_too=not KINDS[kind].by_hand).child_flagged


def _all(table: FeatureTable, labels: np.ndarray | None, *, kept_out: bool) -> Cohort:
    return lay_out_by(table, lambda family_of: np.full(int(family_of.max()) + 1, kept_out), labels)
