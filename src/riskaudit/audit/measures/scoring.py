"""Whether scores mean what they say: squared error, and calibration by group and by score band."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from riskaudit.audit.measures.proportions import proportion_bounds
from riskaudit.audit.measures.splits import Split
from riskaudit.estimates import EstimateTable

__all__ = ["SCORE_BAND", "Scored", "band_tables", "brier_table", "calibration_ratio_table"]

SCORE_BAND = "score_band"
_NOBODY = "no cases with a score and a label"


@dataclass(frozen=True)
class Scored:
    """The units that have a score between 0 and 1 and a label."""

    units: np.ndarray
    score: np.ndarray
    label: np.ndarray

    @classmethod
    def of(cls, score: np.ndarray, label: np.ndarray) -> Scored:
        """Return the units with both a score and a label."""
        units = np.flatnonzero(~np.isnan(score) & ~np.isnan(label))
        return cls(units, score[units], label[units])

    def among(self, part: Split) -> Split:
        """Return a split of all units as a split of these."""
        return Split(part.group, part.levels, part.codes[self.units])


def brier_table(subject: str, scored: Scored, whole_part: Split, confidence: float) -> EstimateTable:
    """Return the Brier score (Brier 1950) by level: the mean squared difference of score and label, 0 to 1.

    The interval is the normal one of a mean, cut off at 0 and 1.
    """
    from scipy.special import ndtri

    part = scored.among(whole_part)
    squared = (scored.score - scored.label) ** 2
    n = part.totals()
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = part.totals(squared) / n
        variance = part.totals((squared - mean[part.codes]) ** 2) / (n - 1)
        error = np.sqrt(variance / n)
    usable = (n > 1) & (error > 1e-12)  # all squared errors alike: rounding leaves a trace of variance
    error = np.where(usable, error, np.nan)
    reach = float(ndtri(0.5 + confidence / 2)) * error
    return EstimateTable.build(
        subject=subject,
        statistic="brier_score_loss",
        group=part.group,
        level=list(part.levels),
        estimate=mean,
        std_error=error,
        lower=np.maximum(mean - reach, 0),
        upper=np.minimum(mean + reach, 1),
        n=n,
        method=np.where(usable, f"normal mean {100 * confidence:g}%", ""),
        note=np.where(n == 0, _NOBODY, np.where(usable, "", "no interval: all squared errors are alike")),
    )


def calibration_ratio_table(subject: str, scored: Scored, whole_part: Split, confidence: float) -> EstimateTable:
    """Return observed positives over the sum of scores by level: 1 is calibrated in the large, above 1 scores are too low.

    The interval is that of the observed share, over the mean score taken as known.
    """
    part = scored.among(whole_part)
    n, observed, expected = part.totals(), part.totals(scored.label), part.totals(scored.score)
    bounds = proportion_bounds(observed, n, confidence)
    usable = expected > 0

    def over_expected(positives: np.ndarray) -> np.ndarray:
        return np.divide(positives, expected, out=np.full(part.size, np.nan), where=usable)

    return EstimateTable.build(
        subject=subject,
        statistic="calibration_ratio",
        group=part.group,
        level=list(part.levels),
        estimate=over_expected(observed),
        lower=over_expected(bounds.lower * n),
        upper=over_expected(bounds.upper * n),
        n=n,
        method=np.where(usable, bounds.method, ""),
        note=np.where(n == 0, _NOBODY, np.where(usable, "", "all scores are 0: nothing is expected")),
    )


def band_tables(subject: str, scored: Scored, bands: int, confidence: float) -> Iterator[EstimateTable]:
    """Yield the observed share of positives and the mean score, by score bands of equal width.

    A score on the edge of two bands is in the upper one.
    """
    edges = np.arange(bands + 1) / bands
    codes = np.clip(np.searchsorted(edges, scored.score, side="right") - 1, 0, bands - 1)
    part = Split(SCORE_BAND, tuple(_band_names(bands)), codes)
    n, observed = part.totals(), part.totals(scored.label)
    with np.errstate(invalid="ignore"):
        share, mean = observed / n, part.totals(scored.score) / n
    bounds = proportion_bounds(observed, n, confidence)
    where = {"subject": subject, "group": part.group, "level": list(part.levels), "n": n}
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


def _band_names(bands: int) -> list[str]:
    digits = next(places for places in (1, 2, 3) if places == 3 or 10**places % bands == 0)
    edges = [f"{edge / bands:.{digits}f}" for edge in range(bands + 1)]
    return [f"{low} to {high}" for low, high in pairwise(edges)]
