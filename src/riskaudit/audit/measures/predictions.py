"""What is measured: one row per unit, with its score, flag, label and groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Predictions"]


@dataclass(frozen=True)
class Predictions:
    """Scores, flags, labels and groups of units, in one order. A value that is not known is NaN."""

    score: np.ndarray | None
    """The score, any finite number or NaN; None where there are no scores."""
    flagged: np.ndarray
    """Whether the unit is flagged: True or False; 1, 0 or NaN where it is missing."""
    label: np.ndarray | None
    """The outcome: 1, 0 or NaN where it is missing; None where there are no labels."""
    groups: Mapping[str, Any]
    """Group variable -> the unit's level as text. A pandas categorical keeps its own order of levels."""
    unit: str
    """What one row is: row or family."""

    def __post_init__(self) -> None:
        size = len(self.flagged)
        columns = {"score": self.score, "label": self.label} | dict(self.groups)
        for name, values in columns.items():
            if values is not None and len(values) != size:
                raise ValueError(f"predictions: {size} flags, but {len(values)} values of '{name}'")
        for name, values in {"flagged": self.flagged, "label": self.label}.items():
            if values is not None and not _yes_no_or_missing(values):
                raise ValueError(f"predictions: '{name}' may hold 0, 1 and NaN only")
        if self.score is not None and np.isinf(np.asarray(self.score, float)).any():
            raise ValueError("predictions: a score is infinite")

    def __len__(self) -> int:
        return len(self.flagged)

    @property
    def scores_are_probabilities(self) -> bool:
        """Whether there are scores and all of them lie between 0 and 1."""
        if self.score is None:
            return False
        known = np.asarray(self.score, float)
        known = known[~np.isnan(known)]
        return bool(((known >= 0) & (known <= 1)).all())


def _yes_no_or_missing(values: np.ndarray) -> bool:
    numbers = np.asarray(values, float)
    return bool((np.isnan(numbers) | (numbers == 0) | (numbers == 1)).all())
