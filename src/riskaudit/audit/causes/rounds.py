"""Rates of a model over rounds of use, with intervals from populations of other seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from riskaudit.audit.causes.disparity import DISPARITIES, NO_REFERENCE, gaps, statistic_name
from riskaudit.audit.measures.measurement import EVERYONE_ELSE
from riskaudit.estimates import EstimateTable, student

__all__ = ["ROUND_RATES", "over_rounds"]

ROUND_RATES = ("selection_rate", "false_positive_rate", "false_negative_rate", "precision")
"""The rates that are followed over rounds."""


def over_rounds(
    counts: Mapping[str, np.ndarray],
    levels: Mapping[str, Sequence[str]],
    *,
    subject: str,
    confidence: float = 0.95,
) -> EstimateTable:
    """Return every rate of every round, overall and by level, and each level's difference from everyone else.

    A row's subject is `subject` and the round, such as 'boosted_trees: flagged_only: round 3'.

    Parameters
    ----------
    counts
        Characteristic -> counts of children, with the axes replicate, round, level, true need (no, yes), flagged (no, yes).
    levels
        Characteristic -> its levels.
    subject
        What is followed.
    confidence
        Nominal coverage, 0 to 1. Intervals are Student's over replicates.
    """
    return EstimateTable.concat(
        table
        for group, array in counts.items()
        for name in ROUND_RATES
        for reference in ((NO_REFERENCE,) if group == "all" else (NO_REFERENCE, EVERYONE_ELSE))
        for table in _of_rate(array, name, reference, group, levels[group], subject, confidence)
    )


def _of_rate(
    counts: np.ndarray, name: str, reference: str, group: str, levels: Sequence[str], subject: str, confidence: float
) -> Iterator[EstimateTable]:
    """Yield a table for each round, given counts by replicate, round, level, need and flag."""
    values = gaps(counts, DISPARITIES[name], reference)
    known = np.isfinite(values)
    n = known.sum(axis=0)
    filled = np.where(known, values, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = filled.sum(axis=0) / n
        variance = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0) / (n - 1)
        error = np.sqrt(variance / n)
    interval = student(mean, error, n - 1, confidence)
    least = -1.0 if reference == EVERYONE_ELSE else 0.0  # few replicates have wide intervals; a share has ends
    for at in range(values.shape[1]):
        yield EstimateTable.build(
            subject=f"{subject}: round {at + 1}",
            statistic=statistic_name(name, reference),
            group=group,
            level=list(levels),
            reference="" if reference == NO_REFERENCE else reference,
            estimate=mean[at],
            std_error=error[at],
            lower=np.maximum(interval.lower[at], least),
            upper=np.minimum(interval.upper[at], 1.0),
            n=n[at],
            method=f"{interval.method} over replicates",
            note=np.where(
                n[at] == 0, "not defined in any replicate", np.where(n[at] == 1, "one replicate: no interval", "")
            ),
        )
