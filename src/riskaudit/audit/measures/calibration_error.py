"""The expected calibration error by cell, and what it would be by chance alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.measures.score_bands import band_codes, band_sums
from riskaudit.audit.measures.scores import NOBODY, Scored
from riskaudit.estimates import EstimateTable
from riskaudit.seeds import stream

__all__ = ["expected_calibration_error_tables"]

_RESAMPLES = 200
_CELLS = 256


def expected_calibration_error_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield by cell how far mean score and share of positives lie apart, on average over score bands (Naeini et al. 2015).

    Bands are of equal width and weighted by their cases. It is never below 0, and above it by chance alone: the note says how
    far, were every score exactly its case's chance. The interval is the basic bootstrap's, which takes off as much as
    resampling adds; what is resampled is each band's sum of label less score, normal with its own variance, and with clusters
    with their covariances between bands. At most 200 resamples: ``stream(seed, "audit/expected_calibration_error")``, the
    same for every cell.
    """
    scored = measured.scored
    if scored is None:
        return
    bands, units = measured.plan.bands, scored.units
    band = band_codes(scored.score, bands)
    off = scored.label - scored.score
    n = measured.sums(units)
    apart = band_sums(measured, units, band, bands, off)
    chance = band_sums(measured, units, band, bands, scored.score * (1 - scored.score))
    with np.errstate(invalid="ignore"):
        found = np.abs(apart).sum(axis=1) / n
        by_chance = np.sqrt(2 / np.pi * np.maximum(chance, 0)).sum(axis=1) / n
    lower, upper = _interval(measured, n, apart, _roots(measured, scored, band, off, apart, n))
    usable = (n > 1) & (lower < upper)
    notes = [
        f"never below 0: scores that are exactly each case's chance would show about {value:.3f}" if known else ""
        for value, known in zip(by_chance, usable, strict=True)
    ]
    yield EstimateTable.build(
        **measured.where,
        statistic="expected_calibration_error",
        estimate=found,
        lower=np.where(usable, lower, np.nan),
        upper=np.where(usable, upper, np.nan),
        n=n,
        method=np.where(usable, _method(measured), ""),
        note=np.select(
            [n == 0, n == 1, usable],
            [NOBODY, "no interval: only one case", notes],
            "no interval: in every band all scores miss their labels alike",
        ),
    )


def _method(measured: Measurement) -> str:
    clusters = "" if measured.pairs is None else ", clusters kept together"
    return f"basic bootstrap of band sums{clusters} {100 * measured.plan.confidence:g}%"


def _roots(
    measured: Measurement, scored: Scored, band: np.ndarray, off: np.ndarray, apart: np.ndarray, n: np.ndarray
) -> np.ndarray:
    """Return by cell a root of the covariance matrix of the band sums."""
    bands = measured.plan.bands
    if measured.pairs is None:
        squares = band_sums(measured, scored.units, band, bands, off * off)
        variance = np.maximum(squares - apart**2 / np.maximum(n, 1)[:, None], 0)
        variance[variance < 1e-12 * squares] = 0
        return np.sqrt(variance)[:, :, None] * np.eye(bands)
    return np.concatenate([_roots_together(pairs, scored.units, band, bands, off) for pairs in measured.pairs])


def _roots_together(
    pairs: Pairs, units: np.ndarray, band: np.ndarray, bands: int, off: np.ndarray
) -> np.ndarray:
    key = pairs.of_unit[units].astype(np.int64) * bands + band
    totals = np.bincount(key, weights=off, minlength=len(pairs.level) * bands).reshape(-1, bands)
    sizes = pairs.sums(units)
    ends = np.searchsorted(pairs.level, np.arange(pairs.levels + 1))
    covariance = np.zeros((pairs.levels, bands, bands))
    for level, (start, end) in enumerate(zip(ends[:-1], ends[1:], strict=True)):
        there = sizes[start:end] > 0
        its, m = totals[start:end][there], int(there.sum())
        centred = its - its.mean(axis=0) if m else its
        covariance[level] = centred.T @ centred * (m / (m - 1) if m > 1 else 0.0)
    values, vectors = np.linalg.eigh(covariance)
    root: np.ndarray = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    return root


def _interval(
    measured: Measurement, n: np.ndarray, apart: np.ndarray, roots: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the basic bootstrap's interval, no lower than 0, and never without the estimate."""
    plan = measured.plan
    draws = stream(plan.seed, "audit/expected_calibration_error").standard_normal(
        (min(plan.resamples, _RESAMPLES), plan.bands)
    )
    tail = (1 - plan.confidence) / 2
    ends = []
    for start in range(0, len(n), _CELLS):
        part = slice(start, start + _CELLS)
        moved = apart[part, None, :] + draws @ roots[part].transpose(0, 2, 1)
        with np.errstate(invalid="ignore"):
            again = np.abs(moved).sum(axis=2) / n[part, None]
        found = np.abs(apart[part]).sum(axis=1) / np.maximum(n[part], 1)
        low, high = np.quantile(again, [tail, 1 - tail], axis=1)
        ends.append((np.clip(2 * found - high, 0, found), np.clip(2 * found - low, found, 1)))
    lower, upper = (np.concatenate(one) for one in zip(*ends, strict=True))
    return lower, upper
