"""The score interval of a calibration slope, for cells of few cases: those slopes that Rao's test does not reject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.scores.calibration_fit import Fit

__all__ = ["FEW_CASES", "slope_ends"]

FEW_CASES = 200
"""Slopes of fewer cases than this have the score interval, others Wald's, which is too wide for few cases."""
_DOUBLINGS = 12
_HALVINGS = 36
_STEPS = 25
_NEAR = 1e-9
_FARTHEST = 2.0


def slope_ends(
    measured: Measurement, units: np.ndarray, log_odds: np.ndarray, label: np.ndarray, fit: Fit, few: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return, by cell, the slopes that Rao's (1948) score test just does not reject, the intercept fitted under each.

    With clusters kept together the test's variance is that of independent units times the design effect, the sandwich over the
    information matrix (Rao and Scott 1981), but no less than once: the sandwich of few clusters is too small. Newton's method
    finds the intercept, bisection the ends, for all cells side by side. NaN where `few` does not hold, and
    infinite where the test rejects no slope on that side however steep.

    Parameters
    ----------
    units, log_odds, label
        What the slopes were fitted to.
    fit
        The slopes, with their standard errors.
    few
        Which cells.
    """
    from scipy.special import ndtri

    lower, upper = np.full(len(few), np.nan), np.full(len(few), np.nan)
    places = np.flatnonzero(few & fit.found & np.isfinite(fit.std_error))
    if len(places):
        tried = _Tried.of(measured, units, log_odds, label, places)
        at, error = fit.estimate[places], fit.alone[places]
        wider = np.maximum(fit.std_error[places] / error, 1)
        reach = float(ndtri(0.5 + measured.plan.confidence / 2)) * wider
        lower[places], upper[places] = (tried.end(at, sign * error, reach) for sign in (-1.0, 1.0))
    return lower, upper


@dataclass(frozen=True, eq=False)
class _Tried:
    """The units of some cells, cell after cell: which cell, log-odds of the score, label."""

    cell: np.ndarray
    log_odds: np.ndarray
    label: np.ndarray
    cells: int

    @classmethod
    def of(
        cls, measured: Measurement, units: np.ndarray, log_odds: np.ndarray, label: np.ndarray, places: np.ndarray
    ) -> _Tried:
        number = np.full(measured.layout.size, -1, np.int64)
        number[places] = np.arange(len(places))
        cells, kept = [], []
        for start, split in zip(measured.layout.starts, measured.layout.splits, strict=False):
            its = number[start : start + split.size]
            if (its >= 0).any():
                cell = its[measured.layout.of_units(split).codes[units]]
                inside = np.flatnonzero(cell >= 0)
                cells.append(cell[inside])
                kept.append(inside)
        chosen, cell = np.concatenate(kept), np.concatenate(cells)
        x = log_odds[chosen]
        middle = np.bincount(cell, weights=x) / np.bincount(cell)  # rounding likes slopes about the middle better
        return cls(cell, x - middle[cell], label[chosen], len(places))

    def end(self, estimate: np.ndarray, error: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return the first slope away from the estimate, in the direction of `error`, where the test is z."""
        intercept = self._intercept(estimate, np.zeros(self.cells))
        inside, outside, reached = np.zeros(self.cells), z, np.zeros(self.cells, bool)
        for _ in range(_DOUBLINGS):
            found, intercept = self._test(estimate + outside * error, intercept)
            reached |= found >= z
            inside, outside = np.where(reached, inside, outside), np.where(reached, outside, 2 * outside)
            if reached.all():
                break
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            found, intercept = self._test(estimate + middle * error, intercept)
            inside, outside = np.where(found < z, middle, inside), np.where(found < z, outside, middle)
        return np.where(reached, estimate + inside * error, np.copysign(np.inf, error))

    def _test(self, slope: np.ndarray, intercept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how many standard deviations the score is from 0 under each slope, and the intercept fitted there."""
        intercept = self._intercept(slope, intercept)
        off, weight = self._at(slope, intercept)
        x = self.log_odds
        h00, h01, h11 = (self._sums(one) for one in (weight, weight * x, weight * x * x))
        with np.errstate(divide="ignore", invalid="ignore"):
            left = h11 - h01**2 / h00
            found = np.abs(self._sums(off * x)) / np.sqrt(left)
        return np.where(left > _NEAR * h11, found, np.inf), intercept

    def _intercept(self, slope: np.ndarray, start: np.ndarray) -> np.ndarray:
        at = start.copy()
        for _ in range(_STEPS):
            off, weight = self._at(slope, at)
            with np.errstate(divide="ignore", invalid="ignore"):
                step = self._sums(off) / self._sums(weight)
            step = np.clip(np.nan_to_num(step), -_FARTHEST, _FARTHEST)
            at = at + step
            if (np.abs(step) < _NEAR).all():
                break
        return at

    def _at(self, slope: np.ndarray, intercept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        from scipy.special import expit

        chance = expit(intercept[self.cell] + slope[self.cell] * self.log_odds)
        return self.label - chance, chance * (1 - chance)

    def _sums(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.cell, weights=values, minlength=self.cells)
