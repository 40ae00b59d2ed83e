"""A scikit-learn classifier behind the protocol of risk models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np

from riskaudit.artefacts import ModelCard

__all__ = ["ClassifierModel", "Output", "as_held"]


class Output(StrEnum):
    """Which of the classifier's outputs is the margin: what an explanation adds up to."""

    DECISION = "decision_function"
    PROBABILITY = "predict_proba"


@dataclass(frozen=True, eq=False)
class ClassifierModel:
    """A classifier that has been fitted, or needs no fitting, with its card."""

    card: ModelCard
    estimator: Any
    output: Output
    precision: type[np.floating[Any]] = np.float64
    """What values are rounded to before they are scored: what the model was fitted on."""

    def margin(self, values: np.ndarray) -> np.ndarray:
        """Return the output named by `output`."""
        held = self._held(values)
        return self._said("decision_function", held) if self.output is Output.DECISION else self._chance(held)

    def score(self, values: np.ndarray) -> np.ndarray:
        """Return the classifier's probability of the label, 0 to 1."""
        # twelve decimals: equal families tie, whatever the last bit of a matrix product on another machine
        return self._chance(self._held(values)).round(12)

    def _chance(self, held: Any) -> np.ndarray:
        from scipy.special import expit

        if hasattr(self.estimator, "predict_proba"):
            return self._said("predict_proba", held)[:, 1]
        return np.asarray(expit(self._said("decision_function", held)))

    def _said(self, output: str, held: Any) -> np.ndarray:
        # as in fitting: threads that wait by spinning
        with _threads(type(self.estimator).__qualname__).limit(limits=1):
            return np.asarray(getattr(self.estimator, output)(held))

    def _held(self, values: np.ndarray) -> Any:
        """Return values as the classifier takes them: named where it was fitted on names."""
        held = as_held(values, self.precision)
        if not hasattr(self.estimator, "feature_names_in_"):
            return held
        import pandas as pd

        return pd.DataFrame(held, columns=list(self.card.features))


@cache
def _threads(kind: str) -> Any:  # noqa: ARG001 (a kind never used before may bring libraries of its own)
    """Return what holds back threads of a kind of estimator: looking for their libraries takes longer than small models."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def as_held(values: np.ndarray, precision: type[np.floating[Any]]) -> np.ndarray:
    """Return values as floats of some precision hold them."""
    return np.asarray(values, precision).astype(np.float64)
