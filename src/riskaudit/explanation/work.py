"""What every model of a study is explained with: the rows, who was drawn, and what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import FeatureTable, ModelCard, RiskModel
from riskaudit.explanation.sample import HeldOut, Sample
from riskaudit.scenario import ExplanationSection

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Work"]


@dataclass(frozen=True, eq=False)
class Work:
    """What is the same for every model."""

    table: FeatureTable
    held_out: HeldOut
    sample: Sample
    everyone: bool
    """Whether every test child is to be explained, however long it takes."""
    asked: ExplanationSection
    confidence: float
    seed: int
    groups: Mapping[str, pd.Series]
    """Group variable -> recorded level of each linked family, by family id."""
    training: np.ndarray
    """Ids of the children of training families."""
    refits: tuple[RiskModel, ...]
    """All models' refits, under their models' ids."""

    def values(self, card: ModelCard) -> np.ndarray:
        """Return the feature values of all test children, in the card's order."""
        return self.table.values(card.features, self.held_out.child_ids)

    def training_values(self, card: ModelCard) -> np.ndarray:
        """Return the feature values of the children of training families, in the card's order."""
        return self.table.values(card.features, self.training)

    @cached_property
    def family_of(self) -> np.ndarray:
        """Each test child's family as a number, which sorts a hundred times faster than its id."""
        return np.unique(self.held_out.family_ids, return_inverse=True)[1]
