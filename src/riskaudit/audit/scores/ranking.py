"""How well scores rank, by cell: the area under the ROC curve, and its difference from a reference."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.measures.scored import Ranked
from riskaudit.audit.scores.areas import Areas, area_interval, areas_under_curve, undefined_area
from riskaudit.audit.scores.areas_elsewhere import Steps, areas_elsewhere
from riskaudit.audit.scores.moments import comparable
from riskaudit.audit.scores.score_differences import Absent, difference_table
from riskaudit.estimates import EstimateTable

__all__ = ["roc_auc_tables"]


def roc_auc_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the area under the ROC curve by cell, and less that of its reference or of everyone else.

    Intervals: see `area_interval`. The two areas of a difference have no unit in common, so that their variances add; where
    they share clusters, the covariance of the two is taken off.
    """
    ranked = measured.ranked
    if ranked is None:
        return
    pairs = measured.pairs or (None,) * len(measured.layout.splits)
    splits = zip(measured.layout.unit_splits(), pairs, strict=True)
    by_split = [areas_under_curve(ranked, part, together) for part, together in splits]
    own, clustered = Areas.joined(by_split), measured.pairs is not None
    spread, method = area_interval(own, measured.plan.confidence, clustered=clustered)
    yield EstimateTable.build(
        **measured.where,
        statistic="roc_auc",
        estimate=own.area,
        std_error=spread.std_error,
        lower=spread.lower,
        upper=spread.upper,
        n=own.cases,
        method=method,
        note=undefined_area(own),
    )
    if comparable(measured).any():
        other, covariance = _compared_with(measured, ranked, by_split, pairs)
        against, _ = area_interval(other, measured.plan.confidence, clustered=clustered)
        kind = "DeLong or Newcombe" + (", clusters kept together" if clustered else "")
        yield difference_table(
            measured, "roc_auc_difference", (own.cases, spread), (other.cases, against), covariance,
            f"{kind} {100 * measured.plan.confidence:g}%", Absent(undefined_area(own), undefined_area(other)),
        )  # fmt: skip


def _compared_with(
    measured: Measurement, ranked: Ranked, by_split: list[Areas], pairs: tuple[Pairs | None, ...]
) -> tuple[Areas, np.ndarray]:
    """Return the areas of what each cell is compared with, and their covariances with the cell's own."""
    steps, starts = Steps.of(ranked), measured.layout.starts
    own, found = Areas.joined(by_split), []
    for place, part in enumerate(measured.layout.unit_splits()):
        mine, together = by_split[place], pairs[place]
        reference = measured.reference_cell[starts[place] : starts[place + 1]]
        if (reference >= 0).all():
            other, covariance = own.at(reference), np.zeros(part.size)
        else:
            other, covariance = areas_elsewhere(steps, part, mine, together)
            other = Areas.chosen(reference >= 0, own.at(np.maximum(reference, 0)), other)
        if together is not None and (reference >= 0).any():
            its = int(reference.max() - starts[place])
            covariance = np.where(reference >= 0, _covariance(mine, together, its), covariance)
        found.append((other, covariance))
    return Areas.joined([one for one, _ in found]), np.concatenate([one for _, one in found])


def _covariance(areas: Areas, together: Pairs, reference: int) -> np.ndarray:
    """Return the covariance of each level's area with that of one of them, which clusters in both bring about."""
    its = np.where(together.level == reference, areas.influence, 0.0)
    clusters = together.clusters
    return (
        together.by_level(areas.influence * together.by_cluster(its)[together.cluster])
        * clusters
        / max(clusters - 1, 1)
    )
