"""Gaps between the highest and the lowest level's rate: as found, in bootstrap resamples, and by chance alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.rates.rates import Rate, Shares, share
from riskaudit.audit.rates.resampling import affordable, resampled
from riskaudit.seeds import stream

__all__ = ["Extremes", "ResampledGaps", "bootstrap_gaps", "gaps_by_chance", "log_rate"]

_AT_ONCE = 1_000_000


@dataclass(frozen=True, eq=False)
class Extremes:
    """The highest and the lowest rate of each split but everybody's: axes rates, splits; axes before these are kept."""

    highest: np.ndarray
    lowest: np.ndarray
    levels: np.ndarray
    """How many levels have a rate. The others are neither highest nor lowest."""

    @classmethod
    def of(cls, rate: np.ndarray, starts: np.ndarray) -> Extremes:
        """Return the extremes of rates by cell, the last axis; `starts` says where each split's cells start."""
        at = starts[1:-1]
        levels = np.add.reduceat(~np.isnan(rate), at, axis=-1, dtype=np.int64)
        return cls(np.fmax.reduceat(rate, at, axis=-1), np.fmin.reduceat(rate, at, axis=-1), levels)

    @property
    def difference(self) -> np.ndarray:
        """Highest less lowest; NaN where fewer than two levels have a rate."""
        return np.where(self.levels > 1, self.highest - self.lowest, np.nan)

    @property
    def ratio(self) -> np.ndarray:
        """Lowest over highest; NaN also where the highest is 0."""
        usable = (self.levels > 1) & (self.highest > 0)
        return np.divide(self.lowest, self.highest, out=np.full(usable.shape, np.nan), where=usable)


@dataclass(frozen=True, eq=False)
class ResampledGaps:
    """Gaps in bootstrap resamples: axes resamples, rates, splits."""

    difference: np.ndarray
    ratio: np.ndarray
    apart: np.ndarray
    """How far two levels' differences lie from where they were found, at most."""
    times_apart: np.ndarray
    """The same of logs of rates, each with half a case added on both sides."""
    method: str


def bootstrap_gaps(measured: Measurement, rates: tuple[Rate, ...]) -> ResampledGaps:
    """Return the gaps of every bootstrap resample: see `resampling.resampled`, keyed "gaps"."""
    starts = measured.layout.starts
    shares = Shares.of_rates(rates, measured.layout.counts)
    logs = log_rate(shares.top, shares.n)
    drawn = resampled(measured, np.concatenate([shares.counted, shares.of]), "gaps")
    found = []
    for sums in drawn.sums:
        top, n = np.split(sums, 2, axis=1)
        rate = share(top, n)
        one = Extremes.of(rate, starts)
        moved, times = Extremes.of(rate - shares.rate, starts), Extremes.of(log_rate(top, n) - logs, starts)
        found.append((one.difference, one.ratio, moved.difference, times.difference))
    difference, ratio, apart, times_apart = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return ResampledGaps(difference, ratio, apart, times_apart, drawn.method)


def gaps_by_chance(measured: Measurement, shares: Shares) -> np.ndarray:
    """Return the gaps that chance makes where all levels share one rate: axes draws, rates, splits.

    Each level's count is binomial, with everybody's rate and as many cases as the level's are worth, rounded. Keyed by
    ``stream(plan.seed, "audit/gaps_by_chance")``.
    """
    rng, starts = stream(measured.plan.seed, "audit/gaps_by_chance"), measured.layout.starts
    cases = np.where(shares.n > 0, np.maximum(np.rint(shares.worth(measured)), 1), 0).astype(np.int64)
    pooled = np.broadcast_to(np.nan_to_num(shares.rate[:, :1]), cases.shape)
    draws, at_once = affordable(measured.plan.resamples, cases.size), max(1, _AT_ONCE // cases.size)
    found = []
    for first in range(0, draws, at_once):
        size = (min(at_once, draws - first), *cases.shape)
        rate = share(rng.binomial(cases, pooled, size), np.broadcast_to(cases, size))
        found.append(Extremes.of(rate, starts).difference)
    return np.concatenate(found)


def log_rate(top: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return the log of a rate with half a case added on both sides, so that 0 of n has one; NaN where there are no cases."""
    return np.log((top + 0.5) / np.where(n > 0, n + 1, np.nan))
