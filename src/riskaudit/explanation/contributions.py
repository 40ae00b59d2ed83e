"""How far each feature moved each child's score, by kind of model, and whether the parts add up to the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.artefacts import ModelCard, RiskModel
from riskaudit.scenario import ModelKind

__all__ = ["TOLERANCE", "Contributions", "contributions_of", "why_not"]

TOLERANCE = 1e-6
"""Largest additivity error, relative to the output where that is above 1, at which contributions are shown."""


@dataclass(frozen=True)
class Method:
    """One way to explain a kind of model, in words and as a function of the model, the rows and the background."""

    words: str
    background: str
    unit: str
    explain: Callable[[RiskModel, np.ndarray, np.ndarray], Parts]


@dataclass(frozen=True)
class Parts:
    """Contributions (one row per child, one column per feature), what they start from, and what they should add up to."""

    values: np.ndarray
    base: float
    output: np.ndarray
    set_to_zero: np.ndarray
    """Children whom a rule outside the sum sets to zero."""


@dataclass(frozen=True)
class Contributions:
    """What a model's contributions are, how they were made, and by how much they fail to add up."""

    values: np.ndarray
    base: float
    set_to_zero: np.ndarray
    error: float
    """Largest gap between base plus contributions and the model's output, relative to the output where that is above 1."""
    method: Method

    @property
    def withheld(self) -> bool:
        """Whether they fail to add up, so that nobody should be shown them. An error that is not a number fails."""
        return not self.error <= TOLERANCE

    def trust(self, card: ModelCard, held_out: int) -> dict[str, Any]:
        """Return how far to trust them, as JSON can hold it."""
        reason = f"contributions miss the model's output by {self.error:.2g}; at most {TOLERANCE:g} is allowed"
        return {
            "method": self.method.words,
            "background": self.method.background,
            "unit": self.method.unit,
            "rows_explained": len(self.values),
            "test_children": held_out,
            "base": self.base if np.isfinite(self.base) else None,
            "additivity_error": self.error if np.isfinite(self.error) else None,
            "tolerance": TOLERANCE,
            "withheld": self.withheld,
            "reason": reason if self.withheld else "",
            "notes": [_NOT_CAUSES, *_minimum_note(card, self.set_to_zero)],
        }


def why_not(card: ModelCard) -> str:
    """Return why a kind of model cannot be explained; nothing where it can."""
    if ModelKind(card.kind) in _METHODS:
        return ""
    if not card.features:
        return "only scores were brought in: nothing is known of how they follow from records"
    return "a model that was brought in may be of any kind, and there is no exact method here that fits every kind"


def contributions_of(model: RiskModel, values: np.ndarray, background: np.ndarray) -> Contributions:
    """Return every feature's contribution to the model's output (`RiskModel.margin`) for rows of feature values.

    Additivity (Lundberg and Lee 2017, local accuracy) is measured on every row against the model's own output.

    Parameters
    ----------
    model
        The model; its kind decides the method.
    values, background
        Feature values in the card's order: the rows to explain, and all test children, whose mean is the starting point
        for points lists and logistic regressions.

    Raises
    ------
    KeyError
        If there is no method for the model's kind: see `why_not`.
    """
    method = _METHODS[ModelKind(model.card.kind)]
    parts = method.explain(model, values, background)
    with np.errstate(invalid="ignore"):  # an output that is not finite fails the check, it does not stop the run
        gap = np.abs(parts.base + parts.values.sum(axis=1) - parts.output) / np.maximum(1, np.abs(parts.output))
    error = float(gap.max(initial=0))
    return Contributions(parts.values, parts.base, parts.set_to_zero, error, method)


def _points(model: RiskModel, values: np.ndarray, background: np.ndarray) -> Parts:
    """Explain points before the minimum rule: under it, points do not add up, as any one may be what reaches it."""
    weights, margin = _weights(model.card), model.margin(values)
    usual = weights * (background > 0).mean(axis=0)
    set_to_zero = (margin > 0) & (model.score(values) == 0)
    return Parts(weights * (values > 0) - usual, float(usual.sum()), margin, set_to_zero)


def _rules(model: RiskModel, values: np.ndarray, background: np.ndarray) -> Parts:  # noqa: ARG001
    """Exact Shapley values of headings met against a child of whom no record stands.

    A heading that any of its features meets is a game that any of the players above zero wins alone. They are alike, so each
    has an equal part of it (Shapley 1953, symmetry and efficiency), and features at zero have none.
    """
    place = {feature: at for at, feature in enumerate(model.card.features)}
    parts, margin = np.zeros(values.shape), model.margin(values)
    for listed in model.card.settings["headings"].values():
        columns = [place[feature] for feature in listed]
        above = values[:, columns] > 0
        parts[:, columns] += above / np.maximum(above.sum(axis=1, keepdims=True), 1)
    return Parts(parts, 0.0, margin, (margin > 0) & (model.score(values) == 0))


def _linear(model: RiskModel, values: np.ndarray, background: np.ndarray) -> Parts:
    """Shapley values of a linear model with independent features (Strumbelj and Kononenko 2014), in closed form."""
    weights, usual = _weights(model.card), background.mean(axis=0)
    base = float(model.card.intercept or 0) + float(weights @ usual)
    return Parts(weights * (values - usual), base, model.margin(values), _nobody(values))


def _trees(model: RiskModel, values: np.ndarray, background: np.ndarray) -> Parts:  # noqa: ARG001
    """Path-dependent tree Shapley values (Lundberg et al. 2020).

    Values go in as a 32-bit float holds them, as they do when the trees are fitted and scored. Path-dependent, because
    shap's interventional mode compares in 32 bits and then fails additivity for histogram trees on other values.
    """
    import shap

    explainer = shap.TreeExplainer(model.estimator, feature_perturbation="tree_path_dependent")
    rounded = values.astype(np.float32).astype(float)
    contributions = np.asarray(explainer.shap_values(rounded, check_additivity=False), float)
    if contributions.ndim == 3:  # a forest's, by class: the last is the recorded outcome
        contributions = contributions[:, :, -1]
    base = float(np.ravel(explainer.expected_value)[-1])
    return Parts(contributions, base, model.margin(values), _nobody(values))


_METHODS: dict[ModelKind, Method] = {
    ModelKind.POINTS_LIST: Method(
        "exact: a feature's points minus its mean points", "the average test child", "points", _points
    ),
    ModelKind.RULE_SET: Method(
        "exact: each heading met, shared equally by the records that meet it",
        "a child of whom no record stands",
        "headings met",
        _rules,
    ),
    ModelKind.LOGISTIC_REGRESSION: Method(
        "exact: weight times distance from the mean", "the average test child", "log odds", _linear
    ),
    ModelKind.RANDOM_FOREST: Method(
        "tree Shapley values, path-dependent (shap)", "the children the trees were grown on", "probability", _trees
    ),
    ModelKind.BOOSTED_TREES: Method(
        "tree Shapley values, path-dependent (shap)", "the children the trees were grown on", "log odds", _trees
    ),
}
_NOT_CAUSES = "Contributions say how the model used records. They do not say what caused anything in a family."


def _weights(card: ModelCard) -> np.ndarray:
    return np.array([card.weights.get(feature, 0.0) for feature in card.features])


# What is explained before the rule that too few score nothing: in words, and the setting that says how many are needed.
_MINIMUMS = {
    ModelKind.POINTS_LIST: ("Points are explained", "minimum_indicators", "indicators"),
    ModelKind.RULE_SET: ("Headings are explained", "minimum_headings", "headings"),
}


def _minimum_note(card: ModelCard, set_to_zero: np.ndarray) -> list[str]:
    words, setting, counted = _MINIMUMS.get(ModelKind(card.kind), ("", "", ""))
    minimum = int(card.settings.get(setting, 1))
    if minimum <= 1:
        return []
    return [
        f"{words} before the rule that fewer than {minimum} {counted} score nothing; "
        f"it sets {int(set_to_zero.sum())} of the {len(set_to_zero)} explained children to 0."
    ]


def _nobody(values: np.ndarray) -> np.ndarray:
    return np.zeros(len(values), bool)
