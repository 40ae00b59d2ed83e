"""Shapley values of a rule set: headings, each met by any of a few records."""

from __future__ import annotations

import numpy as np

from riskaudit.explanation.shapley.method import Parts, Question

__all__ = ["explain_headings"]


def explain_headings(asked: Question) -> Parts:
    """Exact Shapley values of headings met against a child of whom no record stands.

    A heading that any of its features meets is a game that any of the players above zero wins alone. They are alike, so each
    has an equal part of it (Shapley 1953, symmetry and efficiency), and features at zero have none.
    """
    model, values = asked.model, asked.values
    place = {feature: at for at, feature in enumerate(model.card.features)}
    parts, margin = np.zeros(values.shape), model.margin(values)
    for listed in model.card.settings["headings"].values():
        columns = [place[feature] for feature in listed]
        above = values[:, columns] > 0
        parts[:, columns] += above / np.maximum(above.sum(axis=1, keepdims=True), 1)
    return Parts(parts, 0.0, margin, (margin > 0) & (model.score(values) == 0))
