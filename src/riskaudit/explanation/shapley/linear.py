"""Shapley values of a linear model, in closed form."""

from __future__ import annotations

import numpy as np

from riskaudit.artefacts import ModelCard
from riskaudit.explanation.shapley.method import Parts, Question, nobody

__all__ = ["explain_linear", "weights_of"]

_AT_ONCE = 256
"""Rows whose features stay in a processor's cache between the two steps."""


def explain_linear(asked: Question) -> Parts:
    """Return weight times distance from the mean: exact with independent features (Strumbelj and Kononenko 2014)."""
    weights, usual = weights_of(asked.model.card), asked.background.mean(axis=0)
    base = float(asked.model.card.intercept or 0) + float(weights @ usual)
    parts = weighted_distance(asked.values, usual, weights)
    return Parts(parts, base, asked.model.margin(asked.values), nobody(parts))


def weighted_distance(values: np.ndarray, usual: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return `weights * (values - usual)`, passing over memory once and making nothing but the result."""
    made = np.empty(values.shape)
    for start in range(0, len(values), _AT_ONCE):
        block = made[start : start + _AT_ONCE]
        np.subtract(values[start : start + _AT_ONCE], usual, out=block)
        block *= weights
    return made


def weights_of(card: ModelCard) -> np.ndarray:
    """Return a card's weights in the order of its features; a feature that it does not weigh has none."""
    return np.array([card.weights.get(feature, 0.0) for feature in card.features], float)
