"""What is measured: one row per unit, with its score, flag, label and groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

__all__ = ["Predictions"]


@dataclass(frozen=True, eq=False)
class Predictions:
    """Scores, flags, labels and groups of units, in one order. A value that is not known is NaN.

    Flags and labels may be boolean or floats of any width: of ten million units, 32 bits each are enough.
    """

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
    cluster: np.ndarray | None = None
    """A number of what units belong together, such as the family of a child; None where each stands for itself."""
    screened: np.ndarray | None = None
    """Whether somebody looked into the unit, so that its label could be known: 1, 0 or NaN; None where that is not told."""

    def __post_init__(self) -> None:
        size = len(self.flagged)
        columns = {"score": self.score, "label": self.label, "cluster": self.cluster, "screened": self.screened}
        columns |= dict(self.groups)
        for name, values in columns.items():
            if values is not None and len(values) != size:
                raise ValueError(f"predictions: {size} flags, but {len(values)} values of '{name}'")
        for name, values in {"flagged": self.flagged, "label": self.label, "screened": self.screened}.items():
            if values is not None and not _yes_no_or_missing(values):
                raise ValueError(f"predictions: '{name}' may hold 0, 1 and NaN only")
        if self.score is not None and np.isinf(self.score).any():
            raise ValueError("predictions: a score is infinite")

    def __len__(self) -> int:
        return len(self.flagged)

    def cells(self) -> np.ndarray:
        """Return for each unit which of nine cells it is in: label by flag, each no, yes or missing."""
        flag = _state(self.flagged)
        label = np.full(len(self), 2, np.int8) if self.label is None else _state(self.label)
        return np.int8(3) * label + flag

    @cached_property
    def scores_are_probabilities(self) -> bool:
        """Whether there are scores and all of them lie between 0 and 1."""
        if self.score is None:
            return False
        lowest, highest = np.fmin.reduce(self.score, initial=np.nan), np.fmax.reduce(self.score, initial=np.nan)
        return not (lowest < 0 or highest > 1)  # without any score both are NaN


def _state(values: np.ndarray) -> np.ndarray:
    """Return 0 for no, 1 for yes and 2 for missing."""
    if values.dtype == bool:
        return values.view(np.int8)
    state: np.ndarray = (values == 1).view(np.int8)
    missing = np.isnan(values)
    if missing.any():
        state[missing] = 2
    return state


def _yes_no_or_missing(values: np.ndarray) -> bool:
    if values.dtype == bool:
        return True
    known = (values == 0) | (values == 1)
    return bool(known.all() or (known | np.isnan(values)).all())
