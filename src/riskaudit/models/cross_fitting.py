"""Score every child by a model that was fitted without its family, so that all children can be measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import FeatureTable
from riskaudit.errors import BadInput
from riskaudit.models.cohort import Cohort, Split, lay_out_by
from riskaudit.models.fitting import KINDS
from riskaudit.models.scoring import scored
from riskaudit.scenario import ModelKind, ModelsSection

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OutOfFold", "cross_fit"]


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Scores of children whose families the scoring model has never seen, fold by fold."""

    folds: tuple[Cohort, Cohort]
    """The same children twice; each time the other half of families is kept out of fitting."""
    scores: np.ndarray
    """One per child, in order of id."""
    kind: ModelKind
    seed: int

    def flagged(self, asked: ModelsSection) -> np.ndarray:
        """Return which children are flagged, each fold by itself, by the section's rule and roll-up."""
        found = np.zeros(len(self.scores), bool)
        for fold in self.folds:
            by_hand = KINDS[self.kind].by_hand
            flags = scored(self.kind.value, self.scores, fold, asked, self.seed, zero_too=not by_hand)
            found |= flags.child_flagged & fold.in_test[fold.family_of]
        return found


def cross_fit(
    table: FeatureTable, asked: ModelsSection, kind: ModelKind, *, seed: int, fold_of: Split, labels: np.ndarray | None
) -> OutOfFold:
    """Return every child's score by a model fitted on the families of the other of two folds.

    Parameters
    ----------
    table
        Features, and the recorded outcome.
    asked
        The models' settings; its share of test families plays no part.
    kind
        Which kind of model; not a user's own.
    seed
        The models' own keys, as for `fit`.
    fold_of
        Says which families are in the second fold.
    labels
        Learnt in place of the recorded outcome, one for each row. Earlier rows are then put aside.

    Raises
    ------
    BadInput
        If a fold has nothing to learn from.
    """
    table = table if labels is None else replace(table, earlier=None)
    folds = lay_out_by(table, fold_of, labels), lay_out_by(table, _other(fold_of), labels)
    if faults := list(dict.fromkeys(fault for fold in folds for fault in KINDS[kind].faults(fold, asked))):
        raise BadInput(faults)
    scores = np.empty(len(folds[0].child_ids))
    for fold in folds:
        model = KINDS[kind].make(fold, asked, seed)
        kept_out = fold.in_test[fold.family_of]
        scores[kept_out] = model.score(fold.values(model.card.features)[kept_out])
    return OutOfFold(folds, scores, kind, seed)


def _other(fold_of: Split) -> Callable[[np.ndarray], np.ndarray]:
    return lambda family_of: ~fold_of(family_of)
