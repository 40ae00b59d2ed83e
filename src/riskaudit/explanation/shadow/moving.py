"""What moved the scores of one family's children: Shapley values of every feature, in words and by agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskaudit.artefacts import Feature, Moved, RiskModel
from riskaudit.explanation.shapley import contributions_of, why_not
from riskaudit.explanation.wording import Standing, base_rates, reason, texts

__all__ = ["Movement", "move"]


@dataclass(frozen=True)
class Movement:
    """What moved the scores, child by child in the order of the rows; nothing where the model cannot be explained."""

    unit: str
    not_explained: str
    """Why nothing is said; empty where it is."""
    moved: tuple[tuple[Moved, ...], ...]
    by_agency: tuple[Mapping[str, float], ...]
    sentences: tuple[Mapping[str, str], ...]
    base_rates: tuple[tuple[str, ...], ...]
    """How many are flagged, of all and of each child's groups: told whether or not the model can be explained."""


def move(
    model: RiskModel,
    features: Sequence[Feature],
    values: np.ndarray,
    background: np.ndarray,
    standing: Standing,
    most: int,
) -> Movement:
    """Return what moved the scores of a family's children.

    Parameters
    ----------
    model
        The fitted model.
    features
        Catalogue entries in the order of its card.
    values, background
        Feature values in that order: of the children, and of all test children.
    standing
        Where each child's score stands among the test children.
    most
        At most how many reasons a text names.
    """
    rates = tuple(base_rates(standing, row) for row in range(len(values)))
    if why := why_not(model.card):
        return _nothing(why, rates)
    found = contributions_of(model, values, background)
    trust = found.trust(model.card, len(background))
    if found.withheld:
        return _nothing(trust["reason"], rates)
    told = texts(features, values, found, standing, most)
    return Movement(
        trust["unit"],
        "",
        tuple(_moved(features, *row) for row in zip(values, found.values, strict=True)),
        tuple(_by_agency(features, row) for row in found.values),
        tuple({length.value: written[at] for length, written in told.items()} for at in range(len(values))),
        rates,
    )


def _nothing(why: str, rates: tuple[tuple[str, ...], ...]) -> Movement:
    children = len(rates)
    return Movement("", why, ((),) * children, ({},) * children, ({},) * children, rates)


def _moved(features: Sequence[Feature], values: np.ndarray, contributions: np.ndarray) -> tuple[Moved, ...]:
    """Return the features that moved a score, the furthest first."""
    order = np.argsort(-np.abs(contributions), kind="stable")
    return tuple(
        Moved(
            features[at].id,
            float(values[at]),
            float(contributions[at]),
            reason(features[at], values[at]).removeprefix("that "),
        )
        for at in order
        if contributions[at] != 0
    )


def _by_agency(features: Sequence[Feature], contributions: np.ndarray) -> dict[str, float]:
    sums: dict[str, float] = {}
    for feature, contribution in zip(features, contributions.tolist(), strict=True):
        sums[feature.agency] = sums.get(feature.agency, 0.0) + contribution
    return {agency: total for agency, total in sorted(sums.items(), key=lambda one: -abs(one[1])) if total}
