"""One model's explained children, as everything that is said of them needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import Feature, ModelCard, RiskModel
from riskaudit.explanation.shapley import contributions_of
from riskaudit.explanation.weighing import Weighing

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Explained", "Levels", "contributions_again", "levels_of"]

NOT_RECORDED = "not recorded"


@dataclass(frozen=True, eq=False)
class Levels:
    """The recorded level of each of some children's families."""

    names: tuple[str, ...]
    codes: np.ndarray
    """Places in `names`, one per child."""


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


def levels_of(levels: pd.Series, families: np.ndarray) -> Levels:
    """Return each family's level, of a series of levels by family id; what the series lacks is "not recorded"."""
    import pandas as pd

    found = levels.astype("category").reindex(families)
    names = [str(name) for name in found.cat.categories]
    names += [] if NOT_RECORDED in names else [NOT_RECORDED]
    codes = pd.Series(found.cat.codes.to_numpy()).replace(-1, names.index(NOT_RECORDED)).to_numpy()
    return Levels(tuple(names), codes)


def contributions_again(model: RiskModel, values: np.ndarray, background: np.ndarray) -> np.ndarray | None:
    """Return the contributions of another model, or against another background; None where they do not add up."""
    found = contributions_of(model, values, background)
    return None if found.withheld else found.values
