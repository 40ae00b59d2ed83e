"""Score every child by a model that was fitted without its family, so that all children can be measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from riskaudit.artefacts import FeatureTable
from riskaudit.errors import BadInput
from riskaudit.models.cohort import Cohort, lay_out
from riskaudit.models.fitting import KINDS, flag_children
from riskaudit.scenario import ModelKind, ModelsSection

__all__ = ["OutOfFold", "cross_fit"]


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Scores of children whose families the scoring model has never seen."""

    cohort: Cohort
    scores: np.ndarray
    """One per child, in the cohort's order."""
    kind: ModelKind
    seed: int

    def flagged(self, asked: ModelsSection) -> np.ndarray:
        """Return which children are flagged, each fold by itself by the section's rule and roll-up."""
        found = np.zeros(len(self.scores), bool)
        for in_test in (self.cohort.in_test, ~self.cohort.in_test):
            fold = replace(self.cohort, in_test=in_test)
            found |= flag_children(self.scores, fold, asked, self.kind, self.seed) & in_test[fold.family_of]
        return found


def cross_fit(
    table: FeatureTable,
    asked: ModelsSection,
    kind: ModelKind,
    *,
    seed: int,
    fold_of: Callable[[np.ndarray], np.ndarray],
) -> OutOfFold:
    """Return every child's score by a model fitted on the families of the other of two folds.

    Parameters
    ----------
    table
        Features, and the labels to learn.
    asked
        The models' settings; its share of test families plays no part.
    kind
        Which kind of model.
    seed
        The models' own keys, as for `fit`.
    fold_of
        Given each child's family, as its place among the families in order of id, says for each family whether it is in the
        second fold. Children are in order of id.

    Raises
    ------
    BadInput
        If a fold has nothing to learn from.
    """
    cohort = lay_out(table, 0.5, seed)
    second = fold_of(cohort.family_of)
    scores = np.empty(len(cohort.child_ids))
    for in_test in (second, ~second):
        fold = replace(cohort, in_test=in_test)
        if faults := list(KINDS[kind].faults(fold, asked)):
            raise BadInput(faults)
        model = KINDS[kind].fit(fold, asked, seed)
        scored = ~fold.training
        scores[scored] = model.score(fold.values(model.card.features)[scored])
    return OutOfFold(replace(cohort, in_test=second), scores, kind, seed)
