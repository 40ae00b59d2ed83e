"""The expected calibration error by cell, and what it would be by chance alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.measures.scored import NOBODY, Scored
from riskaudit.audit.scores.score_bands import band_codes, band_sums
from riskaudit.estimates import EstimateTable

__all__ = ["expected_calibration_error_tables"]


def expected_calibration_error_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield by cell how far mean score and share of positives lie apart, on average over score bands (Naeini et al. 2015).

    Bands are of equal width and weighted by their cases. It is never below 0, and above it by chance alone: the note says how
    far, were every score exactly its case's chance. A bootstrap would add that chance a second time. The interval holds those
    errors whose spread reaches the one found: see `_Bands.interval`.
    """
    scored = measured.scored
    if scored is None:
        return
    bands = _Bands.of(measured, scored)
    n = bands.n
    lower, upper = bands.interval(measured.plan.confidence)
    usable = (n > 1) & (lower < upper)
    kind = "" if measured.pairs is None else ", clusters kept together"
    notes = [
        f"never below 0: scores that are exactly each case's chance would show about {value:.3f}" if known else ""
        for value, known in zip(bands.by_chance, usable, strict=True)
    ]
    yield EstimateTable.build(
        **measured.where,
        statistic="expected_calibration_error",
        estimate=bands.error,
        lower=np.where(usable, lower, np.nan),
        upper=np.where(usable, upper, np.nan),
        n=n,
        method=np.where(usable, f"folded normal bands, inverted{kind} {100 * measured.plan.confidence:g}%", ""),
        note=np.select(
            [n == 0, n == 1, usable],
            [NOBODY, "no interval: only one case", notes],
            "no interval: every score is its label",
        ),
    )


_HALVINGS = 30


@dataclass(frozen=True, eq=False)
class _Bands:
    """By cell and band: the sum of label less score, with its variance, and that were every score its case's chance."""

    n: np.ndarray
    apart: np.ndarray
    variance: np.ndarray
    chance: np.ndarray
    between: np.ndarray | None = None
    """By cell, the covariances of different bands that clusters bring about; None without clusters."""

    @classmethod
    def of(cls, measured: Measurement, scored: Scored) -> _Bands:
        bands, units = measured.plan.bands, scored.units
        band = band_codes(scored.score, bands)
        off = scored.label - scored.score
        n = measured.sums(units)
        apart, chance, squares = (
            band_sums(measured, units, band, bands, one) for one in (off, scored.score * (1 - scored.score), off * off)
        )
        variance = np.maximum(squares - apart**2 / np.maximum(n, 1)[:, None], 0)
        if measured.pairs is None:
            return cls(n, apart, variance, chance)
        together = np.concatenate([_covariance_together(pairs, units, band, bands, off) for pairs in measured.pairs])
        own = np.einsum("cbb->cb", together).copy()
        wider = np.divide(own, variance, out=np.ones_like(variance), where=variance > 1e-12 * squares)
        return cls(n, apart, own, chance * np.maximum(wider, 1), together * (1 - np.eye(bands)))

    @property
    def error(self) -> np.ndarray:
        """The expected calibration error."""
        with np.errstate(invalid="ignore"):
            return np.abs(self.apart).sum(axis=1) / self.n

    @property
    def by_chance(self) -> np.ndarray:
        """What it would be, on average, were every score exactly its case's chance."""
        with np.errstate(invalid="ignore"):
            return np.sqrt(2 / np.pi * np.maximum(self.chance, 0)).sum(axis=1) / self.n

    def interval(self, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the errors, as multiples of the pattern found, whose own spread just reaches the error found.

        Each band's sum is taken to be normal, so that its size is folded normal; their sum is taken to be normal again. Where
        the pattern is nothing at all, bands are taken to be off by their standard errors. Never without the estimate.
        """
        from scipy.special import ndtri

        z = float(ndtri(0.5 + confidence / 2))
        found = np.abs(self.apart).sum(axis=1)
        deviation = np.sqrt(self.variance)
        pattern = np.where((found > 0)[:, None], np.abs(self.apart), deviation)
        size = pattern.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            farthest = np.nan_to_num(1 + 2 * z * deviation.sum(axis=1) / size, posinf=1.0)
        ends = []
        for sign in (1.0, -1.0):
            low, high = np.zeros(len(size)), farthest.copy()
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                mean, error = self._size_of(pattern, middle)
                beyond = mean + sign * z * error > found
                low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
            ends.append(low * size)
        n = np.maximum(self.n, 1)
        return np.minimum(ends[0], found) / n, np.minimum(np.maximum(ends[1], found) / n, 1)

    def _size_of(self, pattern: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard error of the summed sizes where bands are off by so many times the pattern."""
        from scipy.special import erf

        towards = np.minimum(times, 1)[:, None]
        variance = (1 - towards) * self.chance + towards * self.variance
        centre = times[:, None] * pattern
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(variance > 0, centre / np.sqrt(2 * variance), np.inf)
        sure = erf(far)
        mean = np.sqrt(2 * variance / np.pi) * np.exp(-(far**2)) + centre * sure
        spread = np.maximum(centre**2 + variance - mean**2, 0).sum(axis=1)
        if self.between is not None:
            spread = np.maximum(spread + np.einsum("cb,cbd,cd->c", sure, self.between, sure), 0)
        return mean.sum(axis=1), np.sqrt(spread)


def _covariance_together(pairs: Pairs, units: np.ndarray, band: np.ndarray, bands: int, off: np.ndarray) -> np.ndarray:
    key = pairs.of_unit[units].astype(np.int64) * bands + band
    totals = np.bincount(key, weights=off, minlength=len(pairs.level) * bands).reshape(-1, bands)
    sizes = pairs.sums(units)
    ends = np.searchsorted(pairs.level, np.arange(pairs.levels + 1))
    covariance = np.zeros((pairs.levels, bands, bands))
    for level, (start, end) in enumerate(pairwise(ends)):
        there = sizes[start:end] > 0
        its, m = totals[start:end][there], int(there.sum())
        centred = its - its.mean(axis=0) if m else its
        covariance[level] = centred.T @ centred * (m / (m - 1) if m > 1 else 0.0)
    return covariance
