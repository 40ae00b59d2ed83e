"""How well scores rank: the area under the ROC curve, for every level of a split at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.scores import NOBODY, Ranked
from riskaudit.audit.measures.splits import Split
from riskaudit.estimates import EstimateTable

__all__ = ["Areas", "areas_under_curve", "roc_auc_tables"]


@dataclass(frozen=True)
class Areas:
    """Area and its variance by level, with how many positives and negatives each rests on. NaN where not defined."""

    area: np.ndarray
    variance: np.ndarray
    positives: np.ndarray
    negatives: np.ndarray

    @classmethod
    def joined(cls, parts: Sequence[Areas]) -> Areas:
        """Return the areas of several splits, one after the other."""
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))


def roc_auc_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the area under the ROC curve by cell, with DeLong's interval on the log-odds scale.

    On that scale the interval stays between 0 and 1. Where DeLong's variance is 0 or not defined there is no interval.
    """
    from scipy.special import expit, logit, ndtri

    if measured.ranked is None:
        return
    found = Areas.joined([areas_under_curve(measured.ranked, part) for part in measured.layout.unit_splits()])
    usable = (found.variance > 0) & (found.area > 0) & (found.area < 1)
    area, error = np.where(usable, found.area, 0.5), np.sqrt(np.where(usable, found.variance, np.nan))
    reach = float(ndtri(0.5 + measured.plan.confidence / 2)) * error / (area * (1 - area))
    yield EstimateTable.build(
        **measured.where,
        statistic="roc_auc",
        estimate=found.area,
        std_error=error,
        lower=expit(logit(area) - reach),
        upper=expit(logit(area) + reach),
        n=found.positives + found.negatives,
        method=np.where(usable, f"DeLong, log-odds scale {100 * measured.plan.confidence:g}%", ""),
        note=_notes(found, usable),
    )


def areas_under_curve(ranked: Ranked, part: Split) -> Areas:
    """Return the area under the ROC curve and its variance by level (DeLong, DeLong and Clarke-Pearson 1988).

    Units are taken level by level in order of score, and tied scores together. A positive wins against each negative
    below it and half against each tied one; the variance is that of these placements. One sort, no pair is ever formed.
    """
    by_level = np.argsort(part.codes[ranked.units], kind="stable")
    code, score = part.codes[ranked.units][by_level], ranked.score[by_level]
    new = np.ones(len(code), bool)
    new[1:] = (code[1:] != code[:-1]) | (score[1:] != score[:-1])
    first = np.flatnonzero(new)
    level = code[first].astype(np.int64)
    positive = np.add.reduceat(ranked.positive[by_level].astype(np.int64), first) if len(first) else first
    negative = np.diff(first, append=len(code)) - positive

    positives, negatives = (np.bincount(level, weights=one, minlength=part.size) for one in (positive, negative))
    beaten = _before(negative, level, negatives) + negative / 2
    beaten_by = positives[level] - _before(positive, level, positives) - positive / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        area = np.bincount(level, weights=positive * beaten, minlength=part.size) / (positives * negatives)
        variance = _spread(positive, beaten / negatives[level], area, level) / positives
        variance += _spread(negative, beaten_by / positives[level], area, level) / negatives
    return Areas(area, variance, positives.astype(np.int64), negatives.astype(np.int64))


def _before(counts: np.ndarray, level: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Return for each run of tied scores how many of `counts` its level has below it."""
    earlier_levels = np.cumsum(totals) - totals
    below: np.ndarray = np.cumsum(counts) - counts - earlier_levels[level]
    return below


def _spread(counts: np.ndarray, placement: np.ndarray, area: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return the sample variance of placements by level; `counts` units share each placement."""
    squares = np.where(counts > 0, counts * (placement - area[level]) ** 2, 0.0)
    n = np.bincount(level, weights=counts, minlength=len(area))
    spread: np.ndarray = np.bincount(level, weights=squares, minlength=len(area)) / (n - 1)
    return spread


def _notes(found: Areas, usable: np.ndarray) -> np.ndarray:
    fewest = np.minimum(found.positives, found.negatives)
    return np.select(
        [
            found.positives + found.negatives == 0,
            found.positives == 0,
            found.negatives == 0,
            usable,
            fewest == 1,
            np.isin(found.area, (0, 1)),
        ],
        [
            NOBODY,
            "no cases with a positive label",
            "no cases with a negative label",
            "",
            "no interval: only one case with one of the two labels",
            "no interval: the scores part the two labels wholly, so that the method sees no variance",
        ],
        "no interval: the scores are tied, so that the method sees no variance",
    )
