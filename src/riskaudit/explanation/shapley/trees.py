"""Shapley values of trees by shap: along the trees' own paths, or against a background of children."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from riskaudit.artefacts import RiskModel
from riskaudit.explanation.shapley.method import Parts, Question, nobody, say_nothing

__all__ = ["Interventional", "explain_trees"]

_AT_ONCE = 1_000
"""Rows between two reports of progress: few enough to see it move, so many that starting again costs nothing."""


def explain_trees(asked: Question) -> Parts:
    """Path-dependent tree Shapley values (Lundberg et al. 2020).

    Values go in as a 32-bit float holds them, as they do when the trees are fitted and scored.
    """
    import shap

    model = asked.model
    explainer = shap.TreeExplainer(model.estimator, feature_perturbation="tree_path_dependent")
    contributions = _by_chunks(explainer, asked.values.astype(np.float32).astype(float), asked.say)
    return Parts(contributions, _base(explainer), model.margin(asked.values), nobody(contributions))


class Interventional:
    """Interventional tree Shapley values (Lundberg et al. 2020) of some rows, against any backgrounds.

    shap's own run of this mode compares values with split points in too few bits, so that a row can fall on the wrong side
    and the values then miss the output. Which side a value is on depends on its place among the feature's split points
    alone, so places go in for both: small whole numbers, which every float holds.

    Reading the trees takes longer than explaining few rows, so it is done once. Cost grows with the number of background
    rows: some 50 to 100 are usual. Values are held as 32-bit floats first, as in fitting and scoring.
    """

    def __init__(self, model: RiskModel, values: np.ndarray) -> None:
        import shap

        self._explainer = shap.TreeExplainer(model.estimator, feature_perturbation="tree_path_dependent")
        self._cuts = _place_splits(self._explainer.model, values.shape[1])
        self._explainer.model.input_dtype = np.float64
        self._explainer.feature_perturbation = "interventional"
        self._rows, self._output = _places(values, self._cuts), model.margin(values)

    def against(self, background: np.ndarray) -> Parts:
        """Return the rows' contributions against each row of a background, averaged."""
        explainer = self._explainer
        explainer.data = _places(background, self._cuts)
        explainer.data_missing = np.zeros(background.shape, bool)
        explainer.expected_value = np.mean(explainer.model.predict(explainer.data), axis=0)
        contributions = _by_chunks(explainer, self._rows, say_nothing)
        return Parts(contributions, _base(explainer), self._output, nobody(contributions))


def _by_chunks(explainer: Any, rows: np.ndarray, say: Callable[[float], None]) -> np.ndarray:
    """Return what shap says of the recorded outcome, chunk by chunk."""
    made = np.empty(rows.shape)
    for start in range(0, len(rows), _AT_ONCE):
        stop = min(start + _AT_ONCE, len(rows))
        found = np.asarray(explainer.shap_values(rows[start:stop], check_additivity=False))
        # a forest's come by class: the last is the recorded outcome
        made[start:stop] = found if found.ndim == 2 else found[:, :, -1]
        say(stop / len(rows))
    return made


def _base(explainer: Any) -> float:
    return float(np.ravel(explainer.expected_value)[-1])


def _place_splits(grown: Any, features: int) -> list[np.ndarray]:
    """Put places in the place of split points, and return each feature's split points in order.

    A value at or below the j-th split point has j or fewer below it: its place is at most j.
    """
    splits = grown.children_left >= 0
    cuts = []
    for feature in range(features):
        here = splits & (grown.features == feature)
        found = np.unique(grown.thresholds[here])
        grown.thresholds[here] = np.searchsorted(found, grown.thresholds[here]) + 0.5
        cuts.append(found)
    return cuts


def _places(values: np.ndarray, cuts: list[np.ndarray]) -> np.ndarray:
    """Return how many of its feature's split points each value, as a 32-bit float holds it, lies above."""
    held = values.astype(np.float32).astype(float)
    return np.column_stack([np.searchsorted(found, column) for found, column in zip(cuts, held.T, strict=True)]).astype(
        float
    )
