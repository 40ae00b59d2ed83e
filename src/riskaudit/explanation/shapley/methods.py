"""How each kind of model is explained: one row a kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from riskaudit.artefacts import ModelCard, RiskModel
from riskaudit.explanation.shapley.contributions import Contributions
from riskaudit.explanation.shapley.headings import explain_headings
from riskaudit.explanation.shapley.linear import explain_linear
from riskaudit.explanation.shapley.method import Method, Question, say_nothing
from riskaudit.explanation.shapley.permutation import Effort, effort_for, explain_any
from riskaudit.explanation.shapley.points import explain_points
from riskaudit.explanation.shapley.trees import explain_trees
from riskaudit.scenario import ModelKind

if TYPE_CHECKING:
    import numpy as np

__all__ = ["METHODS", "affordable", "can_explain", "contributions_of", "why_not"]

_AVERAGE = "the average test child"
_GROWN_ON = "the children the trees were grown on"
_ALONG_PATHS = "tree Shapley values, path-dependent (shap)"

METHODS: dict[ModelKind, Method] = {
    ModelKind.POINTS_LIST: Method(
        "exact: a feature's points minus its mean points", _AVERAGE, "points", explain_points
    ),
    ModelKind.RULE_SET: Method(
        "exact: each heading met, shared equally by the records that meet it",
        "a child of whom no record stands",
        "headings met",
        explain_headings,
    ),
    ModelKind.LOGISTIC_REGRESSION: Method(
        "exact: weight times distance from the mean", _AVERAGE, "log odds", explain_linear
    ),
    ModelKind.RANDOM_FOREST: Method(_ALONG_PATHS, _GROWN_ON, "probability", explain_trees),
    ModelKind.BOOSTED_TREES: Method(_ALONG_PATHS, _GROWN_ON, "log odds", explain_trees),
    ModelKind.OWN: Method(
        "estimated: Shapley values by permutations, for a model of any kind",
        "a few test children drawn at random",
        "probability",
        explain_any,
    ),
}


def can_explain(card: ModelCard) -> bool:
    """Return whether there is a way to explain a model: all but one of which only scores are known."""
    return bool(card.features)


def why_not(card: ModelCard, others: Sequence[ModelCard] = ()) -> str:
    """Return why a model cannot be explained, and which of the others can; nothing where it can be."""
    if can_explain(card):
        return ""
    able = ", ".join(other.label for other in others if can_explain(other))
    instead = f"; of this study's models, these can be explained: {able}" if able else ""
    return f"only scores were brought in: nothing is known of how they follow from records{instead}"


def affordable(model: RiskModel, background: np.ndarray, rows: int) -> Effort:
    """Return how many of `rows` children are explained, so that nobody waits too long. Exact methods always do all."""
    if METHODS[ModelKind(model.card.kind)].explain is not explain_any:
        return Effort(rows, 0, "")
    return effort_for(background, rows)


def contributions_of(
    model: RiskModel,
    values: np.ndarray,
    background: np.ndarray,
    *,
    seed: int = 0,
    background_rows: int = 0,
    progress: Callable[[float], None] = say_nothing,
) -> Contributions:
    """Return every feature's contribution to the model's output (`RiskModel.margin`) for rows of feature values.

    Parameters
    ----------
    model
        The model; its kind decides the method.
    values, background
        Feature values in the card's order: the rows to explain, and all test children, whose mean is the starting point
        for points lists and logistic regressions, and of whom some are drawn for a model that was brought in.
    seed
        Of what the method for brought models draws: see `permutation.explain_any`.
    background_rows
        How many test children that method draws; 0: as many as it does by default.
    progress
        Called with the share of rows explained, 0 to 1.
    """
    method = METHODS[ModelKind(model.card.kind)]
    asked = Question(model, values, background, seed, background_rows, progress)
    return Contributions(method.explain(asked), method)
