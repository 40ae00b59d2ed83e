"""The gap between the levels of a group whose rates are the highest and the lowest, beside the gap that chance makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.rates.gaps import Extremes, ResampledGaps, bootstrap_gaps, gaps_by_chance, log_rate
from riskaudit.audit.rates.rates import RATES, Rate, Shares, measurable
from riskaudit.estimates import EstimateTable

__all__ = ["GAPS", "NO_DIFFERENCE", "gap_tables"]

_NAMES = {
    "selection_rate", "base_rate", "true_positive_rate", "false_positive_rate", "false_negative_rate", "precision",
}  # fmt: skip
GAPS = tuple(rate for rate in RATES if rate.name in _NAMES)
"""The rates whose gaps are measured; the others are one less one of these, or say much the same per 1,000."""

NO_DIFFERENCE = "no difference"
"""The reference of a gap by chance."""


def gap_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the gap, its ratio, and the gap by chance: one row per rate and group, where resamples are asked for.

    `_gap` is the highest level's rate less the lowest's, `_gap_ratio` the lowest over the highest. The level is the highest,
    the reference the lowest. A level without cases is neither, and is counted in the note. `n` is the cases of all levels.

    The highest of many thin levels is high by chance alone, and higher still in resamples: the percentile interval of a gap
    hardly ever covers 0, even where nobody differs. So the end towards no gap is made of how far any two levels' rates lie
    apart, in resamples, from where they were found; the other end is the resamples' percentile. `_gap_by_chance` says what
    gap there would be if all levels shared one rate.
    """
    if not measured.plan.resamples or not measured.layout.compared.any():
        return
    rates = measurable(measured, GAPS)
    shares = Shares.of_rates(rates, measured.layout.counts)
    found = _Gaps.of(measured, rates, shares)
    drawn = bootstrap_gaps(measured, rates)
    method = f"{drawn.method} {100 * measured.plan.confidence:g}%"
    yield _gap_table(found, drawn, method, measured)
    yield _ratio_table(found, drawn, method, measured)
    yield _by_chance_table(found, gaps_by_chance(measured, shares), measured)


@dataclass(frozen=True, eq=False)
class _Gaps:
    """What the tables of gaps share: axes rates, splits."""

    rates: tuple[Rate, ...]
    extremes: Extremes
    highest: np.ndarray
    """The cell with the highest rate; of equals, the first."""
    lowest: np.ndarray
    smooth_ratio: np.ndarray
    """The ratio with half a case added on both sides of each rate."""
    empty: np.ndarray
    """How many levels have no cases."""
    cases: np.ndarray

    @classmethod
    def of(cls, measured: Measurement, rates: tuple[Rate, ...], shares: Shares) -> _Gaps:
        starts = measured.layout.starts
        extremes = Extremes.of(shares.rate, starts)
        highest, lowest = (_place(shares.rate, end, starts) for end in (extremes.highest, extremes.lowest))
        logs = log_rate(shares.top, shares.n)
        smooth = np.exp(np.take_along_axis(logs, lowest, 1) - np.take_along_axis(logs, highest, 1))
        empty = np.diff(starts)[1:] - extremes.levels
        return cls(rates, extremes, highest, lowest, smooth, empty, np.add.reduceat(shares.n, starts[1:-1], axis=1))

    def columns(self, measured: Measurement, statistic: str) -> dict[str, object]:
        """Return the columns that the tables share."""
        groups = [split.group for split in measured.layout.splits[1:]]
        return {
            "subject": measured.subject,
            "statistic": [f"{rate.name}{statistic}" for rate in self.rates for _ in groups],
            "group": groups * len(self.rates),
            "n": self.cases.ravel(),
        }

    def named(self, measured: Measurement) -> dict[str, object]:
        """Return the names of the highest and the lowest level; "all" where there is no gap."""
        several = (self.extremes.levels > 1).ravel()
        names = measured.layout.level
        high, low = (
            [names[cell] if some else otherwise for cell, some in zip(cells.ravel(), several, strict=True)]
            for cells, otherwise in ((self.highest, "all"), (self.lowest, ""))
        )
        return {"level": high, "reference": low}

    def notes(self, *others: tuple[np.ndarray, str]) -> np.ndarray:
        """Return why there is no gap, or what else holds, and how many levels are left out."""
        words = [
            np.select(
                [self.extremes.levels < 2, *(one for one, _ in others)], [_NO_GAP, *(text for _, text in others)], ""
            )
        ]
        words.append(_left_out(self.empty))
        return np.array(["; ".join(filter(None, pair)) for pair in zip(*(one.ravel() for one in words), strict=True)])


_NO_GAP = "fewer than two levels have cases: there is no gap"
_ALL_0 = "all rates are 0: a ratio is not defined"
_ALIKE = "no interval: all resamples are alike"


def _gap_table(found: _Gaps, drawn: ResampledGaps, method: str, measured: Measurement) -> EstimateTable:
    confidence, gap = measured.plan.confidence, found.extremes.difference
    reach, most = _quantile(drawn.apart, confidence), _quantile(drawn.difference, 0.5 + confidence / 2)
    moves = reach > 0
    per = np.array([[rate.per] for rate in found.rates])
    return EstimateTable.build(
        **found.columns(measured, "_gap"),
        **found.named(measured),
        estimate=(per * gap).ravel(),
        lower=np.where(moves, per * np.maximum(gap - reach, 0), np.nan).ravel(),
        upper=np.where(moves, per * np.fmax(most, gap), np.nan).ravel(),
        method=np.where(moves, f"bootstrap, {method}", "").ravel(),
        note=found.notes((~moves, _ALIKE)),
    )


def _ratio_table(found: _Gaps, drawn: ResampledGaps, method: str, measured: Measurement) -> EstimateTable:
    confidence, ratio = measured.plan.confidence, found.extremes.ratio
    times, least = _quantile(drawn.times_apart, confidence), _quantile(drawn.ratio, 0.5 - confidence / 2)
    lower, upper = np.fmin(least, ratio), np.minimum(np.fmax(found.smooth_ratio * np.exp(times), ratio), 1)
    moves = (times > 0) & (upper > lower)
    return EstimateTable.build(
        **found.columns(measured, "_gap_ratio"),
        **found.named(measured),
        estimate=ratio.ravel(),
        lower=np.where(moves, lower, np.nan).ravel(),
        upper=np.where(moves, upper, np.nan).ravel(),
        method=np.where(moves, f"bootstrap, {method}", "").ravel(),
        note=found.notes((np.isnan(ratio), _ALL_0), (~moves, _ALIKE)),
    )


def _by_chance_table(found: _Gaps, drawn: np.ndarray, measured: Measurement) -> EstimateTable:
    half = measured.plan.confidence / 2
    lower, upper = (_quantile(drawn, at) for at in (0.5 - half, 0.5 + half))
    moves = (upper > lower) & (found.extremes.levels > 1)
    per = np.array([[rate.per] for rate in found.rates])
    mean = np.where(found.extremes.levels > 1, drawn.mean(axis=0), np.nan)
    return EstimateTable.build(
        **found.columns(measured, "_gap_by_chance"),
        reference=NO_DIFFERENCE,
        estimate=(per * mean).ravel(),
        lower=np.where(moves, per * lower, np.nan).ravel(),
        upper=np.where(moves, per * upper, np.nan).ravel(),
        method=np.where(moves, f"binomial draws at everybody's rate, {len(drawn):,} draws {200 * half:g}%", "").ravel(),
        note=found.notes((~moves, "no interval: everybody's rate is 0 or 1, so that chance makes no gap")),
    )


def _left_out(empty: np.ndarray) -> np.ndarray:
    words = [
        f"{count} {'level has' if count == 1 else 'levels have'} no cases" if count else "" for count in empty.ravel()
    ]
    return np.array(words, dtype=object).reshape(empty.shape)


def _quantile(drawn: np.ndarray, at: float) -> np.ndarray:
    """Return a quantile over resamples; NaN where none has a value."""
    some = ~np.isnan(drawn).all(axis=0)
    filled = np.where(some, drawn, 0.0)
    # NaN resamples are rare and few; nanquantile is slow, so that it is only asked where there are some
    broken = np.isnan(filled).any(axis=0)
    found = np.quantile(np.where(broken, 0.0, filled), at, axis=0)
    if broken.any():
        found[broken] = np.nanquantile(filled[:, broken], at, axis=0)
    result: np.ndarray = np.where(some, found, np.nan)
    return result


def _place(rate: np.ndarray, end: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the first cell of each split whose rate is at the split's end; its first cell where none has a rate."""
    spans = [slice(*span) for span in pairwise(starts[1:])]
    return np.stack(
        [np.argmax(rate[:, span] == end[:, [at]], axis=1) + span.start for at, span in enumerate(spans)], axis=1
    )
