"""How explained children stand for all test children: weighted ratios, with families as clusters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.estimates import EstimateTable, student

__all__ = ["ADJUSTED", "Ratio", "Weighing", "estimate_columns", "family_draws", "ratio", "ratio_columns", "table_of"]

ADJUSTED = "weighted back to all test children; families as clusters, linearised"


@dataclass(frozen=True, eq=False)
class Weighing:
    """How explained children stand for all test children."""

    weights: np.ndarray
    """How many test children each explained child stands for."""
    families: np.ndarray
    """The family of each explained child."""
    confidence: float
    """Nominal coverage of intervals, 0 to 1."""

    def among(self, rows: np.ndarray) -> Weighing:
        """Return the weighing of some of the children: a mask, or their places."""
        return Weighing(self.weights[rows], self.families[rows], self.confidence)


@dataclass(frozen=True, eq=False)
class Ratio:
    """Weighted ratios, one per column, with linearised standard errors, and how many children and families they rest on."""

    estimate: np.ndarray
    error: np.ndarray
    n: int
    clusters: int

    def less(self, other: Ratio) -> Ratio:
        """Return how far they are from those of other families. The n, and the degrees of freedom, are those of the fewer."""
        with np.errstate(invalid="ignore"):
            error = np.hypot(self.error, other.error)
        clusters = min(self.clusters, other.clusters)
        return Ratio(self.estimate - other.estimate, error, min(self.n, other.n), clusters)


def ratio(parts: np.ndarray, whole: np.ndarray, weighing: Weighing) -> Ratio:
    """Return the weighted ratio of each column of `parts` to `whole`, a family's children as one cluster (Binder 1983).

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
    return Ratio(estimate, error, len(weighing.weights), len(families))


def ratio_columns(
    found: Ratio, confidence: float, *, floor: float = -np.inf, ceiling: float = np.inf, **names: Any
) -> dict[str, Any]:
    """Return the estimate table's columns for ratios, with Student intervals cut off at the ends of what is possible."""
    interval = student(found.estimate, found.error, found.clusters - 1, confidence)
    # what is left of equal values by rounding is no variance: contributions are of the order of one
    varies = found.error > 1e-12 * np.maximum(np.abs(found.estimate), 1e-3)
    return names | {
        "estimate": found.estimate,
        "std_error": np.where(varies, found.error, np.nan),
        "lower": np.where(varies, np.maximum(interval.lower, floor), np.nan),
        "upper": np.where(varies, np.minimum(interval.upper, ceiling), np.nan),
        "n": found.n,
        "method": f"{ADJUSTED}, {interval.method}",
        "note": [_note(one, moves, found.clusters, floor) for one, moves in zip(found.estimate, varies, strict=True)],
    }


def table_of(rows: Iterable[dict[str, Any]]) -> EstimateTable:
    """Return the estimate table of many small sets of `ratio_columns`, made at once: a table each takes ten times as long."""
    columns: dict[str, list[Any]] = {}
    for row in rows:
        size = len(row["estimate"])
        for name, value in ({"reference": ""} | row).items():
            columns.setdefault(name, []).extend([value] * size if isinstance(value, str | int) else value)
    return EstimateTable.build(**columns) if columns else EstimateTable.concat([])


def family_draws(weighing: Weighing, draws: int, stream: np.random.Generator) -> np.ndarray:
    """Return one row of weights per draw: as many families drawn with replacement as there are, each with all its children."""
    families, cluster = np.unique(weighing.families, return_inverse=True)
    size = len(families)
    of_draw = stream.integers(size, size=(draws, size)) + size * np.arange(draws)[:, None]
    times = np.bincount(of_draw.ravel(), minlength=draws * size).reshape(draws, size)
    drawn: np.ndarray = times[:, cluster] * weighing.weights
    return drawn


def estimate_columns(of: Callable[[np.ndarray], np.ndarray], weighing: Weighing, drawn: np.ndarray) -> dict[str, Any]:
    """Return the estimate table's columns for any function of weights, with percentile intervals over families drawn again.

    Parameters
    ----------
    of
        Takes one row of weights per draw and gives one number each; NaN where it is not defined.
    weighing, drawn
        The children, and what `family_draws` gave for them.
    """
    [estimate] = of(weighing.weights[None, :])
    found = of(drawn)
    found, tail = found[np.isfinite(found)], 50 * (1 - weighing.confidence)
    lower, upper = np.percentile(found, [tail, 100 - tail]) if len(found) else (np.nan, np.nan)
    varies = np.isfinite(estimate) and upper - lower > 1e-12
    undefined = "nothing that it could be made of moves any explained score"
    alike = "no interval: the same whichever families are drawn"
    return {
        "estimate": [estimate],
        "lower": [lower if varies else np.nan],
        "upper": [upper if varies else np.nan],
        "n": len(weighing.weights),
        "method": f"percentiles {100 * weighing.confidence:g}% over {len(drawn)} draws of families, with replacement",
        "note": ["" if varies else alike if np.isfinite(estimate) else undefined],
    }


def _note(estimate: float, varies: bool, clusters: int, floor: float) -> str:
    if not np.isfinite(estimate):
        return "the model moves no explained score, so there is nothing to share"
    if clusters < 2:
        return "no interval: fewer than two families are explained"
    if varies:
        return ""
    if estimate == 0 and floor == 0:
        return "moved no explained score, so there is no interval"
    return "no interval: the same for every explained child"
