"""Whose labels, scores and flags are missing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.proportions import proportion_bounds
from riskaudit.audit.sensitivity.shares import Shares, difference
from riskaudit.audit.sensitivity.sides import Sides, sides
from riskaudit.estimates import EstimateTable, wilson_of_clusters

__all__ = ["missing_rate_tables"]

_MISSING = 2


def missing_rate_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the share of units without a label, a score and a flag by cell, and its difference to the reference.

    `n` is all units of the cell, which are taken as independent. What no unit lacks has no rows.
    """
    counts = measured.layout.counts
    units = counts.sum(axis=(1, 2))
    found = {"label": counts[:, _MISSING].sum(axis=1) if measured.labelled else None,
             "score": _without_score(measured),
             "flag": counts[:, :, _MISSING].sum(axis=1)}  # fmt: skip
    lacking = {what: missing for what, missing in found.items() if missing is not None and missing.any()}
    both = sides(measured) if lacking else None
    for what, missing in lacking.items():
        yield _rate(f"{what}_missing_rate", missing, units, measured)
        if both is not None and len(both.cells):
            yield _difference(f"{what}_missing_rate_difference", missing, units, both, measured)


def _without_score(measured: Measurement) -> np.ndarray | None:
    score = measured.predictions.score
    return None if score is None else measured.sums(np.flatnonzero(np.isnan(score)))


def _rate(statistic: str, missing: np.ndarray, units: np.ndarray, measured: Measurement) -> EstimateTable:
    bounds = proportion_bounds(missing, units, measured.plan.confidence)
    return EstimateTable.build(
        **measured.where,
        statistic=statistic,
        estimate=np.divide(missing, units, out=np.full(len(units), np.nan), where=units > 0),
        lower=bounds.lower,
        upper=bounds.upper,
        n=units,
        method=np.where(units > 0, bounds.method, ""),
        note=np.where(units > 0, "", "no cases"),
    )


def _difference(
    statistic: str, missing: np.ndarray, units: np.ndarray, both: Sides, measured: Measurement
) -> EstimateTable:
    reference, confidence = measured.reference_cell[both.cells], measured.plan.confidence
    own = _plain(missing[both.cells], units[both.cells], confidence)
    beside = [np.where(reference < 0, values[0] - values[both.cells], values[reference]) for values in (missing, units)]
    other = _plain(beside[0], beside[1], confidence)
    found = difference(own, other)
    known = np.isfinite(found.value)
    return EstimateTable.build(
        **both.where,
        statistic=statistic,
        reference=both.reference,
        estimate=found.value,
        lower=found.lower,
        upper=found.upper,
        n=units[both.cells],
        method=np.where(known, f"Newcombe hybrid score {100 * confidence:g}%", ""),
        note=np.where(known, "", "no cases to compare with"),
    )


def _plain(top: np.ndarray, n: np.ndarray, confidence: float) -> Shares:
    share = np.divide(top, n, out=np.full(len(n), np.nan), where=n > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = share * (1 - share) / n
    interval = wilson_of_clusters(share, variance, n, n, confidence)
    return Shares(share, variance, n, n, interval.lower, interval.upper, np.zeros((len(n), 1)))
