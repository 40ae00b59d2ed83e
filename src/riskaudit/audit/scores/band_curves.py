"""Curves over score bands: how a cell's scores are spread, and how its labels compare with its scores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.audit.measures.curves import statistic_along
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.proportions import Bounds, proportion_bounds
from riskaudit.audit.measures.scored import NO_SCORE
from riskaudit.audit.scores.score_bands import band_codes, band_edges, band_sums
from riskaudit.audit.scores.shares import Share, share_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["calibration_curve", "score_curve"]

_EMPTY = "no cases with a score in this band and a label"


def score_curve(measured: Measurement) -> Iterator[pa.Table]:
    """Yield the curve `scores`: of each cell's cases with a score, the share in each band. Places are bands' lower edges.

    Bands are of equal width from 0 to 1, or from the lowest to the highest score where others than these occur.
    """
    measured = measured.of_single_groups
    ordered = measured.ordered
    if ordered is None or not len(ordered.score):
        return
    lowest, highest, note = 0.0, 1.0, ""
    if not measured.predictions.scores_are_probabilities:
        lowest, highest = float(ordered.score[0]), float(ordered.score[-1])
        note = f"scores do not all lie between 0 and 1: bands are of equal width from {lowest:g} to {highest:g}"
    bands = measured.plan.bands if highest > lowest else 1
    band = band_codes(ordered.score, bands, lowest, highest) if bands > 1 else np.zeros(len(ordered.score), np.int64)
    counted = band_sums(measured, ordered.units, band, bands)
    n = np.broadcast_to(counted.sum(axis=1, keepdims=True), counted.shape)
    if measured.pairs is None:
        bounds = proportion_bounds(counted, n, measured.plan.confidence)
    else:
        found = [share_of(measured, ordered.units, (band == one).astype(float)) for one in range(bands)]
        bounds = Bounds(*(_bounds(found, end) for end in ("lower", "upper", "method")))
    yield statistic_along(
        measured, "scores", "score_share", band_edges(bands, lowest, highest)[:-1],
        estimate=np.divide(counted, n, out=np.full(n.shape, np.nan), where=n > 0), lower=bounds.lower, upper=bounds.upper,
        n=n, method=np.where(n > 0, bounds.method, ""), note=np.where(n > 0, note, NO_SCORE),
    )  # fmt: skip


def calibration_curve(measured: Measurement) -> Iterator[pa.Table]:
    """Yield the curve `calibration`: by cell and score band, the share of positives, and the mean score."""
    measured = measured.of_single_groups
    scored = measured.scored
    if scored is None:
        return
    bands = measured.plan.bands
    band = band_codes(scored.score, bands)
    inside = [np.flatnonzero(band == one) for one in range(bands)]
    found = [share_of(measured, scored.units[one], scored.label[one]) for one in inside]
    n, at = _stacked(found, "n"), band_edges(bands)[:-1]
    yield statistic_along(
        measured, "calibration", "calibration_observed", at,
        estimate=_stacked(found, "share"), lower=_bounds(found, "lower"), upper=_bounds(found, "upper"), n=n,
        method=np.where(n > 0, _bounds(found, "method"), ""), note=np.where(n > 0, "", _EMPTY),
    )  # fmt: skip
    total = band_sums(measured, scored.units, band, bands, scored.score)
    yield statistic_along(
        measured, "calibration", "calibration_expected", at,
        estimate=np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0), n=n,
        note=np.where(n > 0, "the mean score itself, so it has no interval", _EMPTY),
    )  # fmt: skip


def _stacked(found: list[Share], name: str) -> np.ndarray:
    """Return one thing of each band as columns."""
    return np.stack([getattr(one, name) for one in found], axis=1)


def _bounds(found: list[Share], name: str) -> np.ndarray:
    return np.stack([getattr(one.bounds, name) for one in found], axis=1)
