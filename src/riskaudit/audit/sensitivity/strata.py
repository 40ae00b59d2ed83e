"""Units counted by score band and flag within each cell: those whose label is known, and those nobody looked into."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from riskaudit.audit.measures.clusters import KEPT_TOGETHER
from riskaudit.audit.measures.combinations import STATES
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.rates.rates import Rate, states_of
from riskaudit.audit.sensitivity.shares import CLOSE, Corrected
from riskaudit.audit.sensitivity.strata_clusters import StratumMoments, Together, stratum_moments
from riskaudit.estimates import wilson_of_clusters

__all__ = ["Strata", "any_unknown", "estimated", "every_way", "strata", "value_at"]

_YES, _MISSING = 1, 2


@dataclass(frozen=True, eq=False)
class Strata:
    """By cell, score band and flag: positives among the known labels, known labels, and units whose label is not known."""

    positives: np.ndarray
    known: np.ndarray
    unknown: np.ndarray
    together: Together | None = None
    """How these counts vary from cluster to cluster; None where each unit stands for itself."""
    moments: StratumMoments | None = None
    """The same of all cells, and what they are compared with, where these are the strata of all cells."""

    @property
    def told(self) -> str:
        """What the name of a method ends in where it heeds clusters; otherwise nothing."""
        return "" if self.together is None else KEPT_TOGETHER

    @cached_property
    def share(self) -> np.ndarray:
        """Of the known labels of each stratum, the share that is positive; 0 where there is none."""
        return np.divide(self.positives, self.known, out=np.zeros(self.known.shape), where=self.known > 0)

    @cached_property
    def empty(self) -> np.ndarray:
        """Which strata have units, and no known label."""
        return (self.known == 0) & (self.unknown > 0)

    @cached_property
    def alike(self) -> np.ndarray:
        """How many known labels of each stratum stand for one, were all of a cluster alike: 1 where units stand for themselves.

        The mean size of a unit's cluster there: the sum of squared sizes over that of sizes.
        """
        if self.together is None:
            return np.ones(self.known.shape)
        cells, bands, _ = self.known.shape
        squares = np.zeros(self.known.shape)
        for band, flag in np.ndindex(bands, STATES):
            if self.known[:, band, flag].any():
                chosen = np.zeros((cells, bands, STATES, STATES))
                chosen[:, band, :_MISSING, flag] = 1
                squares[:, band, flag] = self.together.squares(chosen.reshape(cells, -1))
        return np.divide(squares, self.known, out=np.ones(self.known.shape), where=self.known > 0)

    def at(self, cells: np.ndarray) -> Strata:
        """Return the strata of some cells."""
        together = None if self.together is None else self.together.at(cells)
        return Strata(self.positives[cells], self.known[cells], self.unknown[cells], together)

    def beside(self, cells: np.ndarray, reference: np.ndarray) -> Strata:
        """Return the strata of what these cells are compared with: a cell, or everyone else (-1)."""
        everyone = (reference < 0)[:, None, None]
        positives, known, unknown = (
            np.where(everyone, values[0] - values[cells], values[reference])
            for values in (self.positives, self.known, self.unknown)
        )
        together = None if self.moments is None else self.moments.beside(cells, reference)
        return Strata(positives, known, unknown, together)


def any_unknown(measured: Measurement) -> bool:
    """Return whether any unit's label is not known: there is none, or nobody looked into the unit."""
    if not measured.labelled:
        return False
    if measured.layout.counts[0, _MISSING].any():
        return True
    screened = measured.predictions.screened
    return screened is not None and not bool((screened == 1).all())


def strata(measured: Measurement) -> Strata:
    """Return the strata of every cell: score bands that hold about as many units each, and units without a score."""
    band, bands = _bands(measured)
    inside = band * np.int32(STATES**2) + _looked_into(measured)
    moments = stratum_moments(measured, inside)
    size = bands * STATES**2
    tables = []
    for split in measured.layout.unit_splits():
        wide = np.int32 if split.size * size < np.iinfo(np.int32).max else np.int64
        found = np.bincount(np.multiply(split.codes, size, dtype=wide) + inside, minlength=split.size * size)
        tables.append(found.reshape(split.size, size))
    counts = np.concatenate(tables).reshape(-1, bands, STATES, STATES).astype(float)
    known = counts[:, :, :_MISSING].sum(axis=2)
    return Strata(counts[:, :, _YES], known, counts[:, :, _MISSING], None if moments is None else moments.own, moments)


def _looked_into(measured: Measurement) -> np.ndarray:
    """Return each unit's label-by-flag cell, its label missing where nobody looked into it or it is not told."""
    if measured.predictions.screened is None:
        return measured.cell
    label, flag = np.divmod(measured.cell, np.int8(STATES))
    return np.int8(STATES) * np.where(measured.predictions.screened == 1, label, np.int8(_MISSING)) + flag


def _bands(measured: Measurement) -> tuple[np.ndarray, int]:
    """Return each unit's score band, and how many there are: one for all where there are no scores."""
    score = measured.predictions.score
    if score is None or np.isnan(score).all():
        return np.zeros(len(measured.predictions), np.int32), 1
    known = ~np.isnan(score)
    edges = np.unique(np.quantile(score[known], np.arange(1, measured.plan.bands) / measured.plan.bands))
    band = np.searchsorted(edges, np.where(known, score, 0.0), side="right")
    return np.where(known, band, len(edges) + 1).astype(np.int32), len(edges) + 2


def estimated(
    rate: Rate, by: Strata, confidence: float, odds_ratio: float | np.ndarray = 1.0, fill: np.ndarray | None = None
) -> Corrected:
    """Return a rate over all units, those whose label is not known included, supposing how often it is positive.

    Within each stratum, the odds of a positive among the unknown are `odds_ratio` times those among the known; at 1, labels
    are missing at random within strata, and this is post-stratification. A stratum without any known label gives no
    estimate; its unknown are then taken all ways, and the interval covers all of them. The variance is linearised: known
    labels vary within strata, and units vary over strata. A half is added to positives and to negatives in the first, so
    that few labels that are all alike do not pass for certainty. Where units come in clusters, residuals are summed by
    cluster before they are squared, and a half is of what a label is worth were all of a cluster alike.

    Parameters
    ----------
    odds_ratio
        One, or one per cell.
    fill
        Suppose instead that of the unknown this share is positive, by state of the flag: the ends of what is possible.

    Returns
    -------
    Corrected
        Estimates; `cases` are the known labels that the rate is of.
    """
    if fill is not None:
        return _weighed(rate, by, np.broadcast_to(fill, by.known.shape), np.zeros(by.known.shape), confidence)
    ratio = np.reshape(np.asarray(odds_ratio, float), (-1, 1, 1))
    there, p = by.known > 0, by.share
    q = ratio * p / (1 + (ratio - 1) * p)
    rise = np.where(there, ratio / (1 + (ratio - 1) * p) ** 2, 0.0)
    empty = by.empty & _matters(rate)
    if not empty.any():
        return _weighed(rate, by, q, rise, confidence)
    ends = [_weighed(rate, by, np.where(there, q, filled), rise, confidence) for filled in every_way()]
    found, none = ends[0], empty.any(axis=(1, 2))
    return Corrected(
        np.where(none, np.nan, found.value),
        np.where(none, np.nan, found.variance),
        found.cases,
        found.clusters,
        np.fmin.reduce([one.lower for one in ends]),
        np.fmax.reduce([one.upper for one in ends]),
        found.weights,
    )


def every_way() -> list[np.ndarray]:
    """Return every way in which the unknown labels of equally flagged units can be alike: a rate's ends are among them."""
    return [np.array([(way >> flag) & 1 for flag in range(STATES)], float) for way in range(2**STATES)]


def _matters(rate: Rate) -> np.ndarray:
    """Return, by state of the flag, whether the labels of such units bear on the rate."""
    return np.array([flag in rate.of[1] for flag in range(STATES)])


def value_at(rate: Rate, by: Strata, odds_ratio: np.ndarray) -> np.ndarray:
    """Return the estimate of `estimated` alone, one odds ratio per cell: NaN where a stratum has no known label."""
    ratio = odds_ratio[:, None, None]
    value, _ = _value(rate, by, ratio * by.share / (1 + (ratio - 1) * by.share))
    return np.where((by.empty & _matters(rate)).any(axis=(1, 2)), np.nan, value)


def _value(rate: Rate, by: Strata, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rate and its denominator where of each stratum's unknown a share `q` is positive."""
    likely = by.unknown * q
    positive = (by.positives + likely).sum(axis=1)
    negative = (by.known + by.unknown).sum(axis=1) - positive
    top, bottom = (
        negative @ chosen[0] + positive @ chosen[1]
        for chosen in (states_of(one).reshape(STATES, STATES) for one in (rate.counted, rate.of))
    )
    return np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > CLOSE), bottom


def _weighed(rate: Rate, by: Strata, q: np.ndarray, rise: np.ndarray, confidence: float) -> Corrected:
    """Return the rate where of each stratum's unknown a share `q` is positive; `rise` is how q rises with the known share."""
    (above_no, above_yes, _), (below_no, below_yes, _) = (
        states_of(chosen).reshape(STATES, STATES) for chosen in (rate.counted, rate.of)
    )
    value, bottom = _value(rate, by, q)
    defined = bottom > CLOSE
    at = np.nan_to_num(value)[:, None, None]
    of = _Residuals(above_yes - at * below_yes, above_no - at * below_no, q, _moved(by, rise))
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (of.squares(by) + of.added(by)) / bottom**2
    weights = np.zeros((len(value), 1))
    if by.together is not None:
        weights = of.weights(by) / np.where(defined, bottom, np.nan)[:, None]
    cases = (by.positives * below_yes + (by.known - by.positives) * below_no).sum(axis=(1, 2))
    # flags are known of all: a rate can be worth more cases than have a label, but never more than there are
    most = ((by.known + by.unknown) * _matters(rate)).sum(axis=(1, 2))
    worth = _alike(by, cases, below_yes, below_no)
    interval = wilson_of_clusters(
        np.clip(value, 0, 1), variance, np.where(defined, most, 0), np.maximum(worth, 1), confidence
    )
    return Corrected(value, variance, cases, worth, interval.lower, interval.upper, weights)


@dataclass(frozen=True, eq=False)
class _Residuals:
    """What units add to the residual of a rate: axes cells, score bands, flags."""

    yes: np.ndarray
    """Of a positive."""
    no: np.ndarray
    q: np.ndarray
    """Which share of the unknown is positive."""
    moved: np.ndarray
    """How many labels a known one speaks for: itself, and those of the unknown that move with it."""

    def squares(self, by: Strata) -> np.ndarray:
        """Return the sum of squared residuals: of clusters where there are any, otherwise of units."""
        if by.together is not None:
            return np.asarray(by.together.scale * by.together.squares(self.weights(by)))
        p, step = by.share, self.yes - self.no
        within = by.known * (self.moved * step) ** 2 * p * (1 - p)
        over = by.known * (self.no + p * step) ** 2 + by.unknown * (self.no + self.q * step) ** 2
        return np.asarray((within + over).sum(axis=(1, 2)))

    def added(self, by: Strata) -> np.ndarray:
        """Return what a half more positives and negatives in each stratum would add to them."""
        alike, p = by.alike, by.share
        share = (by.positives + alike / 2) / (by.known + alike)
        each = alike * by.known * (self.moved * (self.yes - self.no)) ** 2
        return np.asarray((each * (share * (1 - share) - p * (1 - p))).sum(axis=(1, 2)))

    def weights(self, by: Strata) -> np.ndarray:
        """Return the residual of a unit of each kind: axes cells, and score band, label and flag together."""
        p, step = by.share, self.yes - self.no
        centre = self.no + p * step
        kinds = (centre - p * self.moved * step, centre + (1 - p) * self.moved * step, self.no + self.q * step)
        return np.stack(kinds, axis=2).reshape(len(p), -1)


def _moved(by: Strata, rise: np.ndarray) -> np.ndarray:
    return 1 + np.divide(by.unknown * rise, by.known, out=np.zeros(by.known.shape), where=by.known > 0)


def _alike(by: Strata, cases: np.ndarray, yes: np.ndarray, no: np.ndarray) -> np.ndarray:
    """Return how many independent cases these known labels are worth were all of a cluster alike: that of even clusters."""
    if by.together is None:
        return cases
    chosen = np.zeros((*by.known.shape[:2], STATES, STATES))
    chosen[:, :, 0], chosen[:, :, 1] = no, yes
    squares = by.together.squares(chosen.reshape(len(cases), -1))
    return np.divide(cases**2, squares, out=np.zeros(len(cases)), where=squares > 0)
