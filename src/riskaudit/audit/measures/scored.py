"""The units that have a score, in order of it; those with a label too; and those whose scores are probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["NOBODY", "NO_SCORE", "Ordered", "Ranked", "Scored", "order", "rank"]

NOBODY = "no cases with a score and a label"
NO_SCORE = "no cases with a score"


@dataclass(frozen=True, eq=False)
class Ordered:
    """The units that have a score, lowest score first."""

    units: np.ndarray
    score: np.ndarray

    def labelled(self, label: np.ndarray) -> Ranked:
        """Return those that have a label too."""
        known = ~np.isnan(label[self.units])
        if known.all():  # nothing is copied
            return Ranked(self.units, self.score, label[self.units] == 1)
        units = self.units[known]
        return Ranked(units, self.score[known], label[units] == 1)


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
        known = ~np.isnan(score) & ~np.isnan(label)
        units = _places(known)
        if len(units) == len(score):  # nothing is copied
            return cls(units, np.asarray(score, float), label)
        return cls(units, np.asarray(score[units], float), label[units])


def order(score: np.ndarray) -> Ordered:
    """Return the units with a score, sorted by it once for everything that needs the order."""
    units = _places(~np.isnan(score))
    units = units[np.argsort(score[units], kind="stable")]
    return Ordered(units, score[units])


def _places(kept: np.ndarray) -> np.ndarray:
    """Return which units are kept: in 32 bits, as far as these reach."""
    narrow = np.int32 if len(kept) < np.iinfo(np.int32).max else np.int64
    return np.flatnonzero(kept).astype(narrow)


def rank(score: np.ndarray, label: np.ndarray) -> Ranked:
    """Return the units with both a score and a label, sorted by score."""
    return order(score).labelled(label)
