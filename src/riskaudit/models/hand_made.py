"""Scoring rules made by hand, as scikit-learn classifiers: nothing is learnt, and zero is a score of nothing found.

Loads scikit-learn: imported only where a model is made.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

__all__ = ["PointsClassifier", "RuleSetClassifier"]


class _HandMade(ClassifierMixin, BaseEstimator, ABC):
    """Scores a number of signs out of all there are; below a minimum, zero."""

    classes_ = np.array([False, True])

    def fit(self, values: Any, labels: Any = None) -> _HandMade:  # noqa: ARG002
        """Learn nothing."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    @abstractmethod
    def decision_function(self, values: Any) -> np.ndarray:
        """Return the signs' sum, before the rule that too few score zero."""

    @abstractmethod
    def _share(self, values: Any) -> np.ndarray:
        """Return the score before it is rounded, 0 to 1."""

    def predict_proba(self, values: Any) -> np.ndarray:
        """Return two columns: one less the score, and the score, 0 to 1. It is no chance of anything."""
        score = self._share(values).round(12)
        return np.column_stack([1 - score, score])

    def predict(self, values: Any) -> np.ndarray:
        """Return whether the score is above zero: the list or the rules have found enough."""
        found: np.ndarray = self._share(values) > 0
        return found


class PointsClassifier(_HandMade):
    """A points list: each feature above zero gives its own points.

    Parameters
    ----------
    points
        Points for each column of the values.
    points_possible
        Points of the whole list: what the score is a share of.
    minimum_indicators
        With fewer features above zero than this the score is zero.
    """

    def __init__(self, points: Sequence[float], points_possible: float, minimum_indicators: int = 1) -> None:
        self.points = points
        self.points_possible = points_possible
        self.minimum_indicators = minimum_indicators

    def decision_function(self, values: Any) -> np.ndarray:
        """Return points."""
        points: np.ndarray = (np.asarray(values) > 0) @ np.asarray(self.points, float)
        return points

    def _share(self, values: Any) -> np.ndarray:
        enough = (np.asarray(values) > 0).sum(axis=1) >= self.minimum_indicators
        return np.where(enough, self.decision_function(values) / self.points_possible, 0.0)


class RuleSetClassifier(_HandMade):
    """A rule set: each heading is met when any of its features is above zero.

    Parameters
    ----------
    headings
        For each heading, the columns of the values any of which meets it; none where no record speaks to it.
    minimum_headings
        With fewer headings met than this the score is zero.
    """

    def __init__(self, headings: Sequence[Sequence[int]], minimum_headings: int = 3) -> None:
        self.headings = headings
        self.minimum_headings = minimum_headings

    def met(self, values: Any) -> np.ndarray:
        """Return one row per row and one column per heading: whether it is met."""
        above = np.asarray(values) > 0
        return np.column_stack([above[:, list(columns)].any(axis=1) for columns in self.headings])

    def decision_function(self, values: Any) -> np.ndarray:
        """Return how many headings are met."""
        return self.met(values).sum(axis=1).astype(float)

    def _share(self, values: Any) -> np.ndarray:
        met = self.decision_function(values)
        return np.where(met >= self.minimum_headings, met / len(self.headings), 0.0)
