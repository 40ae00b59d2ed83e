"""What moves scores overall: by feature, and by agency, subject, window and sensitivity of the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from riskaudit.artefacts import Feature
from riskaudit.estimates import EstimateTable
from riskaudit.explanation.weighing import Weighing, ratio, ratio_columns

__all__ = ["SHARED_BY", "importance", "summed"]

SHARED_BY: dict[str, Callable[[Feature], str]] = {
    "agency": lambda feature: str(feature.agency),
    "subject": lambda feature: feature.subject.value,
    "window": lambda feature: _window(feature),
    "sensitivity": lambda feature: feature.sensitivity.value,
}
"""What the share of contributions is split by: group name -> the level that a feature belongs to."""


def importance(model: str, features: Sequence[Feature], contributions: np.ndarray, weighing: Weighing) -> EstimateTable:
    """Return a model's mean absolute contribution by feature, and each agency's, subject's... share of all contributions.

    Estimates are weighted means over the explained children (shares: ratios of them), with linearised standard errors
    that take a family's children as one cluster (Binder 1983), and Student intervals cut off at 0 and, for shares, at 1.
    They hold for children like the test children, with the model as it is: refitting it is no part of them. Where few
    children have a feature and their values differ much, a small sample's interval holds the truth less often than it says.

    Parameters
    ----------
    model
        The model's id, the rows' subject.
    features
        Catalogue entries in the order of the columns of `contributions`.
    contributions
        One row per explained child, in the unit of the model's margin.
    weighing
        How the explained children stand for all test children.
    """
    size = np.abs(contributions)
    ones, whole = np.ones(len(size)), size.sum(axis=1)
    ids = [feature.id for feature in features]
    means = _rows(size, ones, weighing, level=ids, group="feature", statistic="mean_absolute_contribution")
    shares = [
        _rows(parts, whole, weighing, level=levels, group=group, statistic="share_of_contributions")
        for group, level_of in SHARED_BY.items()
        for levels, parts in [summed([level_of(feature) for feature in features], size)]
    ]
    return EstimateTable.concat(EstimateTable.build(subject=model, **rows) for rows in (means, *shares))


def summed(level_of_column: list[str], size: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Return the levels in catalogue order, and the columns of each level added up."""
    levels = list(dict.fromkeys(level_of_column))
    belongs = np.array([[column == level for level in levels] for column in level_of_column], float)
    return levels, size @ belongs


def _rows(parts: np.ndarray, whole: np.ndarray, weighing: Weighing, **names: Any) -> dict[str, Any]:
    """Return the estimate table's columns for weighted ratios of each column of `parts` to `whole`."""
    ceiling = 1.0 if names["statistic"] == "share_of_contributions" else np.inf
    return ratio_columns(ratio(parts, whole, weighing), weighing.confidence, floor=0.0, ceiling=ceiling, **names)


def _window(feature: Feature) -> str:
    """Return how far back a feature looks. What counts no events is so at the index date."""
    if not feature.looks_back:
        return "now"
    if feature.window_days is None:
        return "ever"
    years, rest = divmod(feature.window_days, 365)
    if rest:
        return f"last {feature.window_days} days"
    return "last year" if years == 1 else f"last {years} years"
