"""Calibration by cell as a line: labels against the log-odds of scores, its height and its slope (Cox 1958)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.scored import NOBODY, Scored
from riskaudit.audit.scores.calibration_fit import Fit, intercepts, slopes
from riskaudit.audit.scores.slope_ends import FEW_CASES, slope_ends
from riskaudit.estimates import EstimateTable, student

__all__ = ["calibration_line_tables"]


def calibration_line_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the calibration intercept and slope by cell: 0 and 1 where scores are chances (Cox 1958; Van Calster 2019).

    The intercept is calibration in the large: the logistic regression of the label with the log-odds of the score as its
    offset. Above 0 scores are too low. The slope is that of the label on these log-odds: below 1 scores are too extreme.
    Intervals are Wald's, by the information matrix, or by the sandwich with clusters kept together. A slope of few cases has
    Rao's: see `slope_ends`.
    """
    scored = measured.scored
    if scored is None:
        return
    found = _Labels.of(measured, scored)
    inside = (scored.score > 0) & (scored.score < 1)
    units, score = scored.units[inside], scored.score[inside]
    log_odds, label = np.log(score) - np.log1p(-score), scored.label[inside]
    height = intercepts(measured, units, log_odds, label, found.both)
    yield _table(measured, "calibration_intercept", found, height, _wald(measured, height))
    slope = slopes(measured, units, log_odds, label, found.overlap)
    ends = _wald(measured, slope)
    few = (found.n < FEW_CASES) & np.isfinite(slope.std_error)
    lower, upper = slope_ends(measured, units, log_odds, label, slope, few)
    ends = _Ends(
        np.where(few, lower, ends.lower), np.where(few, upper, ends.upper), np.where(few, _score(measured), ends.kind)
    )
    yield _table(measured, "calibration_slope", found, slope, ends)


@dataclass(frozen=True, eq=False)
class _Ends:
    """The ends of intervals, and how they were made: one of each per cell."""

    lower: np.ndarray
    upper: np.ndarray
    kind: np.ndarray


def _score(measured: Measurement) -> str:
    return "Rao score" if measured.pairs is None else "Rao score, clusters kept together"


def _wald(measured: Measurement, fit: Fit) -> _Ends:
    interval = student(fit.estimate, fit.std_error, fit.freedom, measured.plan.confidence)
    kind = "Wald" if measured.pairs is None else "Wald, sandwich with clusters kept together, t"
    return _Ends(interval.lower, interval.upper, np.full(len(fit.estimate), kind))


@dataclass(frozen=True, eq=False)
class _Labels:
    """What decides, by cell, whether a line can be drawn."""

    n: np.ndarray
    positives: np.ndarray
    sure: np.ndarray
    """How many scores are exactly 0 or 1."""
    lowest: np.ndarray
    highest: np.ndarray
    """Lowest and highest score of the negatives, and of the positives."""

    @classmethod
    def of(cls, measured: Measurement, scored: Scored) -> _Labels:
        n = measured.sums(scored.units)
        positives = measured.sums(scored.units, scored.label).astype(np.int64)
        sure = measured.sums(scored.units, ((scored.score == 0) | (scored.score == 1)).astype(float)).astype(np.int64)
        return cls(n, positives, sure, *_ends(measured))

    @property
    def both(self) -> np.ndarray:
        """Whether there is an intercept: cases of both labels, and log-odds of all scores."""
        found: np.ndarray = (self.positives > 0) & (self.positives < self.n) & (self.sure == 0)
        return found

    @property
    def alike(self) -> np.ndarray:
        """Whether all scores are alike."""
        return np.asarray(self.lowest.min(axis=1) == self.highest.max(axis=1))

    @property
    def overlap(self) -> np.ndarray:
        """Whether there is a slope: each label has a case with a score above one of the other label's."""
        crossed = (self.highest > self.lowest[:, ::-1]).all(axis=1)
        return np.asarray(self.both & crossed)


def _ends(measured: Measurement) -> tuple[np.ndarray, np.ndarray]:
    """Return by cell and label the lowest and the highest score; infinite where there is none.

    Of scores laid down in ascending order in one place, the last is the highest.
    """
    ranked = measured.ranked
    assert ranked is not None  # noqa: S101  scores with labels can be ranked
    lowest, highest = [], []
    for part in measured.layout.unit_splits():
        key = part.codes[ranked.units].astype(np.int64) * 2 + ranked.positive
        low, high = np.full(2 * part.size, np.inf), np.full(2 * part.size, -np.inf)
        high[key] = ranked.score
        low[key[::-1]] = ranked.score[::-1]
        lowest.append(low.reshape(-1, 2))
        highest.append(high.reshape(-1, 2))
    return np.concatenate(lowest), np.concatenate(highest)


def _table(measured: Measurement, statistic: str, labels: _Labels, fit: Fit, ends: _Ends) -> EstimateTable:
    usable = ~np.isnan(ends.lower)
    sure = [
        f"not estimable: {count} of {size} scores are exactly 0 or 1, which have no log-odds"
        for count, size in zip(labels.sure, labels.n, strict=True)
    ]
    slope = statistic == "calibration_slope"
    notes = {
        NOBODY: labels.n == 0,
        "no cases with a positive label": labels.positives == 0,
        "no cases with a negative label": labels.positives == labels.n,
    }
    causes = [*notes.values(), labels.sure > 0, slope & labels.alike, slope & ~labels.overlap, usable, fit.found]
    words = [
        *notes, sure, "not estimable: all scores are alike",
        "not estimable: the scores part the two labels wholly", "", "no interval: clusters show no variance",
    ]  # fmt: skip
    return EstimateTable.build(
        **measured.where,
        statistic=statistic,
        estimate=fit.estimate,
        std_error=fit.std_error,
        lower=ends.lower,
        upper=ends.upper,
        n=labels.n,
        method=np.where(usable, [f"{kind} {100 * measured.plan.confidence:g}%" for kind in ends.kind], ""),
        note=np.select(causes, words, "not estimable: the fit did not converge"),
    )
