"""Shapley values of a points list."""

from __future__ import annotations

from riskaudit.explanation.shapley.linear import weights_of
from riskaudit.explanation.shapley.method import Parts, Question

__all__ = ["explain_points"]


def explain_points(asked: Question) -> Parts:
    """Return a feature's points less its mean points.

    Points are explained before the minimum rule: under it they do not add up, as any one may be what reaches it.
    """
    model, values = asked.model, asked.values
    weights, margin = weights_of(model.card), model.margin(values)
    usual = weights * (asked.background > 0).mean(axis=0)
    set_to_zero = (margin > 0) & (model.score(values) == 0)
    return Parts(weights * (values > 0) - usual, float(usual.sum()), margin, set_to_zero)
