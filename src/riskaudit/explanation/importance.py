"""What moves scores overall: by feature, and by agency, subject, window and sensitivity of the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.artefacts import Feature
from riskaudit.estimates import EstimateTable, student

__all__ = ["SHARED_BY", "Weighing", "importance"]

SHARED_BY: dict[str, Callable[[Feature], str]] = {
    "agency": lambda feature: str(feature.agency),
    "subject": lambda feature: feature.subject.value,
    "window": lambda feature: _window(feature),
    "sensitivity": lambda feature: feature.sensitivity.value,
}
"""What the share of contributions is split by: group name -> the level that a feature belongs to."""

_ADJUSTED = "weighted back to all test children; families as clusters, linearised"


@dataclass(frozen=True)
class Weighing:
    """How explained children stand for all test children."""

    weights: np.ndarray
    """How many test children each explained child stands for."""
    families: np.ndarray
    """The family of each explained child."""
    confidence: float
    """Nominal coverage of intervals, 0 to 1."""


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
        for levels, parts in [_summed([level_of(feature) for feature in features], size)]
    ]
    return EstimateTable.concat(EstimateTable.build(subject=model, **rows) for rows in (means, *shares))


def _summed(level_of_column: list[str], size: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Return the levels in catalogue order, and the columns of each level added up."""
    levels = list(dict.fromkeys(level_of_column))
    belongs = np.array([[column == level for level in levels] for column in level_of_column], float)
    return levels, size @ belongs


def _rows(parts: np.ndarray, whole: np.ndarray, weighing: Weighing, **names: Any) -> dict[str, Any]:
    """Return the estimate table's columns for weighted ratios of each column of `parts` to `whole`."""
    estimate, error, clusters = _ratio(parts, whole, weighing)
    interval = student(estimate, error, clusters - 1, weighing.confidence)
    ceiling = 1.0 if names["statistic"] == "share_of_contributions" else np.inf
    varies = error > 1e-12 * np.abs(estimate)
    return names | {
        "estimate": estimate,
        "std_error": np.where(varies, error, np.nan),
        "lower": np.where(varies, np.maximum(interval.lower, 0), np.nan),
        "upper": np.where(varies, np.minimum(interval.upper, ceiling), np.nan),
        "n": len(weighing.weights),
        "method": f"{_ADJUSTED}, {interval.method}",
        "note": [_note(one, moves, clusters) for one, moves in zip(estimate, varies, strict=True)],
    }


def _ratio(parts: np.ndarray, whole: np.ndarray, weighing: Weighing) -> tuple[np.ndarray, np.ndarray, int]:
    """Return weighted ratios, one per column, their linearised standard errors, and the number of clusters.

    A weighted mean is the ratio to ones: one code path for means and shares.
    """
    families, cluster = np.unique(weighing.families, return_inverse=True)
    clusters = np.float64(len(families))
    by_cluster = np.zeros((len(families), parts.shape[1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        total = weighing.weights @ whole
        estimate = weighing.weights @ parts / total
        np.add.at(by_cluster, cluster, weighing.weights[:, None] * (parts - whole[:, None] * estimate) / total)
        error = np.sqrt(clusters / (clusters - 1) * (by_cluster**2).sum(axis=0))
    return estimate, error, len(families)


def _note(estimate: float, varies: bool, clusters: int) -> str:
    if not np.isfinite(estimate):
        return "the model moves no explained score, so there is nothing to share"
    if clusters < 2:
        return "no interval: fewer than two families are explained"
    if estimate == 0:
        return "moved no explained score, so there is no interval"
    return "" if varies else "no interval: the same for every explained child"


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
