"""The units that have both a score and a label: in order of score, and where scores are probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["NOBODY", "Ranked", "Scored", "rank"]

NOBODY = "no cases with a score and a label"


@dataclass(frozen=True, eq=False)
class Ranked:
    """The units that have a score and a label, lowest score first."""

    units: np.ndarray
    score: np.ndarray
    positive: np.ndarray


@dataclass(frozen=True, eq=False)
class Scored:
    """The units that have a score between 0 and 1 and a label."""

    units: np.ndarray
    score: np.ndarray
    label: np.ndarray

    @classmethod
    def of(cls, score: np.ndarray, label: np.ndarray) -> Scored:
        """Return the units with both a score and a label."""
        units = np.flatnonzero(~np.isnan(score) & ~np.isnan(label))
        return cls(units, score[units], label[units])


def rank(score: np.ndarray, label: np.ndarray) -> Ranked:
    """Return the units with both a score and a label, sorted by score once for all splits."""
    units = np.flatnonzero(~np.isnan(score) & ~np.isnan(label))
    units = units[np.argsort(score[units], kind="stable")]
    return Ranked(units, score[units], label[units] == 1)
