"""Logistic regressions of the label on the log-odds of the score, of all cells at once, by Newton's method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs

__all__ = ["Fit", "intercepts", "slopes"]

_FEWEST, _BINS = 16, 128
_TABLE = 4_000_000
"""A table of levels by bins holds about so many cells at most."""
_CHUNK = 65_536
_BLOCK = 200_000
"""Splits of so many units together are fitted at once."""
_STEPS = 50
_FARTHEST = 2.0
"""No step goes farther than this, in log-odds: a first step from afar must not overshoot."""
_NEAR = 1e-7
"""A last step of this length leaves an error of about its square."""


@dataclass(frozen=True, eq=False)
class Fit:
    """The coefficient asked for, with its standard error and degrees of freedom; NaN where it was not found."""

    estimate: np.ndarray
    std_error: np.ndarray
    freedom: np.ndarray
    alone: np.ndarray
    """The standard error were every unit one of its own."""

    @property
    def found(self) -> np.ndarray:
        """Whether there is an estimate."""
        return np.isfinite(self.estimate)


def intercepts(
    measured: Measurement, units: np.ndarray, log_odds: np.ndarray, label: np.ndarray, wanted: np.ndarray
) -> Fit:
    """Return the intercept of each wanted cell, with the log-odds of the score as the offset."""
    return _fit(measured, _Data(units, log_odds, label, 1), wanted)


def slopes(
    measured: Measurement, units: np.ndarray, log_odds: np.ndarray, label: np.ndarray, wanted: np.ndarray
) -> Fit:
    """Return the slope of each wanted cell, beside an intercept of its own."""
    return _fit(measured, _Data(units, log_odds, label, 2), wanted)


@dataclass(frozen=True, eq=False)
class _Data:
    """Units with the log-odds of their score and their label, and how many coefficients are fitted: 1 or 2."""

    units: np.ndarray
    log_odds: np.ndarray
    label: np.ndarray
    coefficients: int

    def repeated(self, times: int) -> _Data:
        """Return the same units several times over."""
        if times == 1:
            return self
        units, log_odds, label = (np.tile(one, times) for one in (self.units, self.log_odds, self.label))
        return _Data(units, log_odds, label, self.coefficients)

    @cached_property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest log-odds."""
        return float(self.log_odds.min()), float(self.log_odds.max())


_Sums = Callable[[np.ndarray], np.ndarray]
"""Coefficients by cell -> by cell: the two sums of the gradient, and the three of the information matrix."""


def _fit(measured: Measurement, data: _Data, wanted: np.ndarray) -> Fit:
    """Return the last coefficient of each cell, a split at a time, or several where there are few units.

    Newton's method starts on units in bins of their log-odds. It then goes over the units themselves until the step is next
    to nothing; mostly that is twice.
    """
    parts, first = [], 0
    for block, code, levels, together in _blocks(measured, data):
        chosen = wanted[first : first + levels]
        parts.append(_of_block(block, code, chosen, together) if chosen.any() else (np.full(levels, np.nan),) * 4)
        first += levels
    return Fit(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _blocks(measured: Measurement, data: _Data) -> Iterator[tuple[_Data, np.ndarray, int, Pairs | None]]:
    """Yield the units with their cells, counted from the block's first: of one split each, or of several."""
    splits = measured.layout.splits
    if measured.pairs is not None:
        for split, together in zip(splits, measured.pairs, strict=True):
            yield data, measured.layout.of_units(split).codes[data.units], split.size, together
        return
    several = max(_BLOCK // max(len(data.units), 1), 1)
    for start in range(0, len(splits), several):
        block = splits[start : start + several]
        offsets = np.cumsum([0, *(split.size for split in block)])
        codes = [measured.layout.of_units(split).codes[data.units] for split in block]
        if len(block) > 1:
            codes = [code.astype(np.int32) + np.int32(offset) for code, offset in zip(codes, offsets, strict=False)]
        yield data.repeated(len(block)), np.concatenate(codes), int(offsets[-1]), None


def _of_block(
    data: _Data, code: np.ndarray, wanted: np.ndarray, together: Pairs | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    start = np.tile([0.0, 1.0 if data.coefficients == 1 else 0.0], (len(wanted), 1))
    near, _, found = _newton(start, _binned(data, code, len(wanted)), data.coefficients, wanted)
    near = np.where(found[:, None], near, start)

    def sums(at: np.ndarray) -> np.ndarray:
        return _of_units(data, code, len(wanted), at)

    at, information, found = _newton(near, sums, data.coefficients, wanted)
    variance, freedom, alone = _variance(data, code, at, information, together)
    error, apart = (np.sqrt(np.where(found & (one > 0), one, np.nan)) for one in (variance, alone))
    return np.where(found, at[:, data.coefficients - 1], np.nan), error, freedom, apart


def _newton(
    start: np.ndarray, sums: _Sums, coefficients: int, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients by cell, the information there, and which cells came to rest."""
    at, resting = start.copy(), ~wanted
    information = np.zeros((len(start), 3))
    for _ in range(_STEPS):
        found = sums(at)
        information = found[:, 2:]
        step = _step(found, coefficients)
        usable = np.isfinite(step).all(axis=1)
        step[~usable] = 0
        far = np.abs(step).max(axis=1)
        step *= (_FARTHEST / np.maximum(far, _FARTHEST))[:, None]
        at = np.where(resting[:, None], at, at + step)
        resting = resting | (usable & (far < _NEAR))
        if (resting | ~usable).all():
            break
    return at, information, resting & wanted


def _step(found: np.ndarray, coefficients: int) -> np.ndarray:
    g0, g1, h00, h01, h11 = found.T
    with np.errstate(divide="ignore", invalid="ignore"):
        if coefficients == 1:
            return np.stack([g0 / h00, np.zeros(len(g0))], axis=1)
        determinant = h00 * h11 - h01 * h01
        return np.stack([(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant], axis=1)


def _of_units(data: _Data, code: np.ndarray, size: int, at: np.ndarray) -> np.ndarray:
    """Return gradient and information by level, over the units in chunks that fit a processor's cache."""
    total = np.zeros((size, 5))
    for chunk in _chunks(len(code)):
        level, x = code[chunk], data.log_odds[chunk]
        chance = _chances(at, level, x)
        off, weight = data.label[chunk] - chance, chance * (1 - chance)
        columns = [off, weight] if data.coefficients == 1 else [off, weight, off * x, weight * x, weight * x * x]
        places = [0, 2] if data.coefficients == 1 else [0, 2, 1, 3, 4]
        for place, values in zip(places, columns, strict=True):
            total[:, place] += np.bincount(level, weights=values, minlength=size)
    return total


def _chances(at: np.ndarray, level: np.ndarray, x: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    chance: np.ndarray = expit(at[level, 0] + at[level, 1] * x)
    return chance


def _chunks(size: int) -> Iterator[slice]:
    return (slice(start, start + _CHUNK) for start in range(0, size, _CHUNK))


def _binned(data: _Data, code: np.ndarray, levels: int) -> _Sums:
    """Return the sums by level over units that are taken to have the mean log-odds of their bin."""
    from scipy.special import expit

    bins = int(np.clip(min(_TABLE, len(code)) // levels, _FEWEST, _BINS))
    low, high = data.range
    width = (high - low) / bins or 1.0
    n, positives, total = (np.zeros(levels * bins) for _ in range(3))
    for chunk in _chunks(len(code)):
        x = data.log_odds[chunk]
        key = np.minimum((x - low) / width, bins - 1).astype(np.int64) + code[chunk].astype(np.int64) * bins
        n += np.bincount(key, minlength=levels * bins)
        positives += np.bincount(key, weights=data.label[chunk], minlength=levels * bins)
        total += np.bincount(key, weights=x, minlength=levels * bins)
    mean = np.divide(total, n, out=np.zeros_like(total), where=n > 0).reshape(levels, bins)
    cases, yes = n.reshape(levels, bins), positives.reshape(levels, bins)

    def sums(at: np.ndarray) -> np.ndarray:
        chance = expit(at[:, :1] + at[:, 1:] * mean)
        off, weight = yes - cases * chance, cases * chance * (1 - chance)
        columns = (off, off * mean, weight, weight * mean, weight * mean**2)
        return np.stack([one.sum(axis=1) for one in columns], axis=1)

    return sums


def _variance(
    data: _Data, code: np.ndarray, at: np.ndarray, information: np.ndarray, together: Pairs | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return by level the variance of the last coefficient, its degrees of freedom, and the variance without clusters.

    Without clusters degrees of freedom are infinite.
    """
    h00, h01, h11 = information.T
    with np.errstate(divide="ignore", invalid="ignore"):
        determinant = h00 * h11 - h01 * h01
        bread = (1 / h00, 0 * h00) if data.coefficients == 1 else (-h01 / determinant, h00 / determinant)
    alone = bread[data.coefficients - 1]
    if together is None:
        return alone, np.full(len(h00), np.inf), alone
    off = data.label - _chances(at, code, data.log_odds)
    clusters = together.by_level((together.sums(data.units) > 0).astype(float))
    with np.errstate(divide="ignore", invalid="ignore"):  # a level whose scores are all alike has no line, and no bread
        drawn = together.sums(data.units, off * (bread[0][code] + bread[1][code] * data.log_odds))
        found = together.by_level(drawn * drawn) * clusters / (clusters - 1)
        # where what a cluster's units add cancels out, in every cluster, only rounding is left of it
        return np.where(found > _TRACE * alone, found, 0.0), clusters - 1, alone


_TRACE = 1e-12
"""A variance of less than this share of what it would be without clusters is a trace of rounding."""
