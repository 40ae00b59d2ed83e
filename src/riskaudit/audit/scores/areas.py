"""The area under the ROC curve with its variance and interval, for every level of a split at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.measures.scored import NOBODY, Ranked
from riskaudit.audit.measures.splits import Split
from riskaudit.audit.measures.square_and_add import Spread

__all__ = [
    "FEW", "FEW_MISPLACED", "Areas", "area_interval", "areas_under_curve", "undefined_area", "worth_together",
]  # fmt: skip

FEW = 15
"""With fewer positives, or negatives, than this (of what clusters are worth), areas get Newcombe's interval, not DeLong's."""

FEW_MISPLACED = 3
"""So do areas near 1 or 0 of which fewer cases of the rarer label than this are out of order: how far they are is then chance."""


@dataclass(frozen=True)
class Areas:
    """Area and its variance by level, with how many positives and negatives each rests on. NaN where not defined."""

    area: np.ndarray
    variance: np.ndarray
    positives: np.ndarray
    negatives: np.ndarray
    positives_worth: np.ndarray
    negatives_worth: np.ndarray
    """How many independent cases these are worth where they come in clusters; see `worth_together`."""
    influence: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """By pair of a level and a cluster, how far its units draw the area from what it is; nothing without clusters."""

    @classmethod
    def joined(cls, parts: Sequence[Areas]) -> Areas:
        """Return the areas of several splits, one after the other."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls._by_level()))

    def at(self, places: np.ndarray) -> Areas:
        """Return those of some cells."""
        return Areas(*(getattr(self, name)[places] for name in self._by_level()))

    @classmethod
    def chosen(cls, first: np.ndarray, one: Areas, other: Areas) -> Areas:
        """Return one set of areas where `first` holds, and the other elsewhere."""
        return cls(*(np.where(first, getattr(one, name), getattr(other, name)) for name in cls._by_level()))

    @classmethod
    def _by_level(cls) -> list[str]:
        return [one.name for one in fields(cls) if one.name != "influence"]

    @property
    def cases(self) -> np.ndarray:
        """How many cases each area rests on."""
        found: np.ndarray = self.positives + self.negatives
        return found


def areas_under_curve(ranked: Ranked, part: Split, together: Pairs | None = None) -> Areas:
    """Return the area under the ROC curve and its variance by level (DeLong, DeLong and Clarke-Pearson 1988).

    Units are taken level by level in order of score, and tied scores together. A positive wins against each negative
    below it and half against each tied one; the variance is that of these placements. One sort, no pair is ever formed.
    With clusters, the placements are summed within each first (Obuchowski 1997).
    """
    unsorted = part.codes[ranked.units]
    by_level = _narrow(np.argsort(unsorted, kind="stable"))
    code, score = unsorted[by_level], ranked.score[by_level]
    new = np.ones(len(code), bool)
    new[1:] = (code[1:] != code[:-1]) | (score[1:] != score[:-1])
    del unsorted, score
    first = _narrow(np.flatnonzero(new))
    level = code[first]
    positive = np.add.reduceat(ranked.positive[by_level], first, dtype=first.dtype) if len(first) else first
    negative = np.diff(first, append=first.dtype.type(len(code))) - positive

    positives, negatives = (np.bincount(level, weights=one, minlength=part.size) for one in (positive, negative))
    of_positive = _share_below(negative, level, negatives)
    with np.errstate(divide="ignore", invalid="ignore"):
        area = np.bincount(level, weights=positive * of_positive, minlength=part.size) / positives
    counts = (positives.astype(np.int64), negatives.astype(np.int64), positives, negatives)
    if together is None:
        variance = _spread(positive, of_positive, area, level) / np.where(positives > 0, positives, np.nan)
        del of_positive  # of many millions of units, only one of the two is held
        of_negative = _share_below(positive, level, positives)
        variance += _spread(negative, of_negative, 1 - area, level) / np.where(negatives > 0, negatives, np.nan)
        return Areas(area, variance, *counts)
    of_negative = 1 - _share_below(positive, level, positives)
    run = np.cumsum(new) - 1
    is_positive = ranked.positive[by_level]
    off = np.where(is_positive, of_positive[run], of_negative[run]) - area[code]
    return _together(Areas(area, area, *counts), off, ranked.units[by_level], is_positive, together)


def _narrow(places: np.ndarray) -> np.ndarray:
    """Return places in 32 bits, as far as these reach: of many millions of units, half the memory."""
    return places.astype(np.int32) if len(places) < np.iinfo(np.int32).max else places


def area_interval(found: Areas, confidence: float, *, clustered: bool) -> tuple[Spread, np.ndarray]:
    """Return the intervals of areas, and the method of each.

    DeLong's variance on the log-odds scale, which keeps the interval between 0 and 1. Where a label has few cases, or the rarer
    one's are next to all in order (fewer than `FEW_MISPLACED` of them, times the chance that a pair is not), or the variance is
    0 because the scores part the labels wholly or are tied: the score interval of Newcombe (2006, method 5),
    whose variance is the one that Hanley and McNeil (1982) give to each area that could be true. It is exact for nobody, but
    never of zero width. With clusters, cases count as the independent ones that they are worth there.
    """
    from scipy.special import expit, logit, ndtri

    z = float(ndtri(0.5 + confidence / 2))
    defined = ~np.isnan(found.area)
    seen = defined & (found.variance > 0) & (found.area > 0) & (found.area < 1)
    area, error = np.where(seen, found.area, 0.5), np.sqrt(np.where(seen, found.variance, np.nan))
    reach = z * error / (area * (1 - area))
    lower, upper = expit(logit(area) - reach), expit(logit(area) + reach)
    rarer = np.minimum(found.positives_worth, found.negatives_worth)
    few = defined & (~seen | (rarer < FEW) | (rarer * np.minimum(area, 1 - area) < FEW_MISPLACED))
    if few.any():
        lower[few], upper[few] = _newcombe(found.at(few), z)
    kind = ", clusters kept together" if clustered else ""
    per_cent = f"{100 * confidence:g}%"
    names = [f"DeLong{kind}, log-odds scale {per_cent}", f"Newcombe score, method 5{kind} {per_cent}"]
    method = np.select([few, seen], names[::-1], "")
    return Spread(found.area, error, np.where(few | seen, lower, np.nan), np.where(few | seen, upper, np.nan)), method


def undefined_area(found: Areas) -> np.ndarray:
    """Return why each area is not defined; empty where it is."""
    return np.select(
        [found.cases == 0, found.positives == 0, found.negatives == 0],
        [NOBODY, "no cases with a positive label", "no cases with a negative label"],
        "",
    )


def worth_together(
    found: Areas, variance: np.ndarray, alone: np.ndarray, positive_clusters: np.ndarray, negative_clusters: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return how many independent positives, and negatives, those that come in clusters are worth.

    Their numbers over the design effect (Rao and Scott 1992), the variance with clusters kept together over that without: no
    fewer than clusters that have them, as if all of a cluster were alike, and no more than there are. Where no variance is seen,
    as many as clusters.

    Parameters
    ----------
    variance, alone
        The variance of each area with clusters kept together, and were every unit one of its own.
    positive_clusters, negative_clusters
        How many clusters have positives, and negatives.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where((variance > 0) & (alone > 0), alone / variance, 0.0)
    return (
        np.clip(found.positives * share, positive_clusters, found.positives),
        np.clip(found.negatives * share, negative_clusters, found.negatives),
    )


_HALVINGS = 60


def _together(found: Areas, off: np.ndarray, units: np.ndarray, positive: np.ndarray, together: Pairs) -> Areas:
    """Return the areas with the variance that clusters leave them, from how far each unit's placement is from the area.

    The variance is that of the positives' placements, that of the negatives', and twice the covariance of the two within
    clusters.
    """
    off = np.nan_to_num(off)
    cases = [found.positives, found.negatives]
    chosen = [units[positive], units[~positive]]
    sizes = [together.sums(one) for one in chosen]
    clusters = [together.by_level((one > 0).astype(float)) for one in sizes]
    either = together.by_level((sizes[0] + sizes[1] > 0).astype(float))
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = [
            together.sums(one, off[sign]) / size[together.level]
            for one, sign, size in zip(chosen, (positive, ~positive), cases, strict=True)
        ]
        variance = sum(
            together.by_level(one * one) * number / (number - 1) for one, number in zip(drawn, clusters, strict=True)
        )
        several = np.where(either > 1, either / (either - 1), 0)  # a single cluster says nothing of how clusters vary
        both = np.nan_to_num(together.by_level(drawn[0] * drawn[1])) * several
        alone = sum(
            together.by_level(together.sums(one, off[sign] ** 2)) / (size * (size - 1))
            for one, sign, size in zip(chosen, (positive, ~positive), cases, strict=True)
        )
    variance = variance + 2 * both
    counts = worth_together(found, variance, alone, clusters[0], clusters[1])
    influence = np.nan_to_num(drawn[0] + drawn[1])
    return Areas(found.area, variance, found.positives, found.negatives, *counts, influence)


def _newcombe(found: Areas, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the areas from which the one found is z standard errors away, by bisection on either side of it."""
    m, n = found.positives_worth, found.negatives_worth

    def near(area: np.ndarray) -> np.ndarray:
        more = (m + n) / 2 - 1
        variance = area * (1 - area) * (1 + more * (1 - area) / (2 - area) + more * area / (1 + area)) / (m * n)
        inside: np.ndarray = (found.area - area) ** 2 <= z**2 * variance
        return inside

    ends = []
    for far in (np.zeros(len(m)), np.ones(len(m))):
        within, without = found.area.copy(), far
        for _ in range(_HALVINGS):
            middle = (within + without) / 2
            inside = near(middle)
            within, without = np.where(inside, middle, within), np.where(inside, without, middle)
        ends.append(within)
    return ends[0], ends[1]


def _share_below(counts: np.ndarray, level: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Return for each run of tied scores which share of its level's `counts` it has below it, tied ones by half."""
    below = np.cumsum(counts, dtype=float)
    below -= counts / 2
    below -= (np.cumsum(totals) - totals)[level]
    with np.errstate(divide="ignore", invalid="ignore"):
        below /= totals[level]
    return below


def _spread(counts: np.ndarray, placement: np.ndarray, area: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return the sample variance of placements by level; `counts` units share each placement."""
    squares = np.where(counts > 0, counts * (placement - area[level]) ** 2, 0.0)
    n = np.bincount(level, weights=counts, minlength=len(area))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread: np.ndarray = np.bincount(level, weights=squares, minlength=len(area)) / (n - 1)
    return spread
