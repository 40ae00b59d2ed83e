"""One model's explained children, as everything that is said of them needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from riskaudit.artefacts import Feature, ModelCard, RiskModel
from riskaudit.explanation.levels import Levels
from riskaudit.explanation.shapley import contributions_of
from riskaudit.explanation.weighing import Weighing

__all__ = ["Explained", "contributions_again"]


@dataclass(frozen=True, eq=False)
class Explained:
    """One model's explained children: one row each."""

    model: RiskModel
    features: tuple[Feature, ...]
    """Catalogue entries in the order of the columns."""
    values: np.ndarray
    contributions: np.ndarray
    """In the unit of the model's margin."""
    weighing: Weighing
    groups: Mapping[str, Levels]

    @property
    def card(self) -> ModelCard:
        """The model's card."""
        return self.model.card

    def __len__(self) -> int:
        return len(self.values)

    def fewer(self, most: int, draw: np.random.Generator) -> Explained:
        """Return at most so many of the children, drawn at random; each then stands for so many more."""
        if len(self) <= most:
            return self
        at = np.sort(draw.permutation(len(self))[:most])
        weighing = self.weighing.among(at)
        groups = {name: Levels(one.names, one.codes[at]) for name, one in self.groups.items()}
        return replace(
            self,
            values=self.values[at],
            contributions=self.contributions[at],
            weighing=replace(
                weighing, weights=weighing.weights * (self.weighing.weights.sum() / weighing.weights.sum())
            ),
            groups=groups,
        )


def contributions_again(model: RiskModel, values: np.ndarray, background: np.ndarray) -> np.ndarray | None:
    """Return the contributions of another model, or against another background; None where they do not add up."""
    found = contributions_of(model, values, background)
    return None if found.withheld else found.values
