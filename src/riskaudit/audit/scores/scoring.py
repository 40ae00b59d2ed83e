"""Whether scores mean what they say: calibration in the large by cell, and by score band."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.proportions import proportion_bounds
from riskaudit.audit.measures.scored import NOBODY
from riskaudit.audit.measures.splits import Split
from riskaudit.audit.scores.score_bands import band_codes
from riskaudit.audit.scores.shares import share_of
from riskaudit.estimates import EstimateTable

__all__ = [
    "SCORE_BAND", "band_tables", "calibration_ratio_tables", "off_scale_tables",
]  # fmt: skip

SCORE_BAND = "score_band"
_NEED_PROBABILITIES = (
    "brier_score_loss", "log_loss", "calibration_ratio", "calibration_intercept", "calibration_slope",
    "expected_calibration_error",
)  # fmt: skip


def calibration_ratio_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield observed positives over the sum of scores by cell: 1 is calibrated in the large, above 1 scores are too low.

    The interval is that of the observed share, over the mean score taken as known.
    """
    scored = measured.scored
    if scored is None:
        return
    found = share_of(measured, scored.units, scored.label)
    n, expected = found.n, measured.sums(scored.units, scored.score)
    usable = expected > 0

    def over_expected(positives: np.ndarray) -> np.ndarray:
        return np.divide(positives, expected, out=np.full(len(n), np.nan), where=usable)

    yield EstimateTable.build(
        **measured.where,
        statistic="calibration_ratio",
        estimate=over_expected(found.counted),
        lower=over_expected(found.bounds.lower * n),
        upper=over_expected(found.bounds.upper * n),
        n=n,
        method=np.where(usable, found.bounds.method, ""),
        note=np.where(n == 0, NOBODY, np.where(usable, "", "all scores are 0: nothing is expected")),
    )


def band_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the observed share of positives and the mean score, by score bands of equal width.

    A score on the edge of two bands is in the upper one.
    """
    scored = measured.scored
    if scored is None:
        return
    bands = measured.plan.bands
    part = Split(SCORE_BAND, tuple(_band_names(bands)), band_codes(scored.score, bands))
    n, observed = part.totals(), part.totals(scored.label)
    with np.errstate(invalid="ignore"):
        share, mean = observed / n, part.totals(scored.score) / n
    bounds = proportion_bounds(observed, n, measured.plan.confidence)
    where = {"subject": measured.subject, "group": part.group, "level": list(part.levels), "n": n}
    empty = "no cases with a score in this band and a label"
    yield EstimateTable.build(
        **where,
        statistic="calibration_observed",
        estimate=share,
        lower=bounds.lower,
        upper=bounds.upper,
        method=np.where(n > 0, bounds.method, ""),
        note=np.where(n > 0, "", empty),
    )
    yield EstimateTable.build(
        **where,
        statistic="calibration_expected",
        estimate=mean,
        note=np.where(n > 0, "the mean score itself, so it has no interval", empty),
    )


def off_scale_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield rows that say why nothing is measured that needs scores from 0 to 1, where there are others."""
    if measured.ranked is not None and measured.scored is None:
        yield EstimateTable.build(
            subject=measured.subject,
            statistic=list(_NEED_PROBABILITIES),
            n=len(measured.ranked.units),
            note="not defined: the scores do not all lie between 0 and 1",
        )


def _band_names(bands: int) -> list[str]:
    digits = next(places for places in (1, 2, 3) if places == 3 or 10**places % bands == 0)
    edges = [f"{edge / bands:.{digits}f}" for edge in range(bands + 1)]
    return [f"{low} to {high}" for low, high in pairwise(edges)]
