"""Rates of the label-by-flag table: each is a share of some of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from riskaudit.audit.measures.clusters import cases_worth
from riskaudit.audit.measures.combinations import STATES
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.proportions import proportion_bounds
from riskaudit.estimates import EstimateTable

__all__ = [
    "ANY",
    "MISSING",
    "RATES",
    "Rate",
    "Shares",
    "measurable",
    "rate_table",
    "rate_tables",
    "scaled",
    "share",
    "states_of",
]

NO, YES, MISSING = 0, 1, 2  # what a label or a flag can be
ANY, KNOWN = (NO, YES, MISSING), (NO, YES)


@dataclass(frozen=True)
class Rate:
    """One rate: of the cases whose label and flag are in `of`, the share whose label and flag are in `counted`."""

    name: str
    counted: tuple[tuple[int, ...], tuple[int, ...]]
    of: tuple[tuple[int, ...], tuple[int, ...]]
    undefined: str
    """What is absent where the rate is not defined."""
    worse: int = 0
    """Whether more (1) or less (-1) of it is worse for those whom it is about; 0 where that cannot be said."""
    per: int = 1

    @property
    def needs_label(self) -> bool:
        """Whether the rate rests on labels."""
        return MISSING not in self.of[0]


_POSITIVE = "no cases with a positive label"
_NEGATIVE = "no cases with a negative label"
_FLAGGED = "no flagged cases with a label"
_UNFLAGGED = "no unflagged cases with a label"
_BOTH = "no cases with a label and a flag"

RATES = (
    Rate("selection_rate", (ANY, (YES,)), (ANY, KNOWN), "no cases with a flag", 1),
    Rate("base_rate", ((YES,), ANY), (KNOWN, ANY), "no cases with a label"),
    Rate("true_positive_rate", ((YES,), (YES,)), ((YES,), KNOWN), _POSITIVE, -1),
    Rate("false_positive_rate", ((NO,), (YES,)), ((NO,), KNOWN), _NEGATIVE, 1),
    Rate("false_negative_rate", ((YES,), (NO,)), ((YES,), KNOWN), _POSITIVE, 1),
    Rate("true_negative_rate", ((NO,), (NO,)), ((NO,), KNOWN), _NEGATIVE, -1),
    Rate("precision", ((YES,), (YES,)), (KNOWN, (YES,)), _FLAGGED, -1),
    Rate("false_discovery_rate", ((NO,), (YES,)), (KNOWN, (YES,)), _FLAGGED, 1),
    Rate("negative_predictive_value", ((NO,), (NO,)), (KNOWN, (NO,)), _UNFLAGGED, -1),
    Rate("false_omission_rate", ((YES,), (NO,)), (KNOWN, (NO,)), _UNFLAGGED, 1),
    Rate("false_flags_per_1000", ((NO,), (YES,)), (KNOWN, KNOWN), _BOTH, 1, per=1000),
    Rate("missed_per_1000", ((YES,), (NO,)), (KNOWN, KNOWN), _BOTH, 1, per=1000),
)
"""Every rate that is measured, in the order it is shown. Names are fairlearn's and scikit-learn's where they have one."""


def measurable(measured: Measurement, rates: Iterable[Rate] = RATES) -> tuple[Rate, ...]:
    """Return the rates that can be measured: without labels, only those that need none."""
    return tuple(rate for rate in rates if measured.labelled or not rate.needs_label)


@dataclass(frozen=True, eq=False)
class Shares:
    """Several rates as counts: axes rates, cells."""

    counted: np.ndarray
    """Which states each rate counts: axes rates, states, as numbers 0 and 1."""
    of: np.ndarray
    """Which states each rate is a share of: axes rates, states."""
    top: np.ndarray
    n: np.ndarray

    @classmethod
    def of_rates(cls, rates: Iterable[Rate], counts: np.ndarray) -> Shares:
        """Return rates of counts by cell, label and flag."""
        chosen = [(states_of(rate.counted), states_of(rate.of)) for rate in rates]
        counted, of = (np.array(one) for one in zip(*chosen, strict=True))
        flat = counts.reshape(len(counts), STATES**2).T
        return cls(counted, of, counted @ flat, of @ flat)

    @property
    def rate(self) -> np.ndarray:
        """The rates themselves; NaN where there are no cases."""
        return share(self.top, self.n)

    def residuals(self, rate: np.ndarray) -> np.ndarray:
        """Return what a unit of each state adds to the residual of a rate: axes rates, cells, states."""
        return self.counted[:, None, :] - np.nan_to_num(rate)[:, :, None] * self.of[:, None, :]

    def worth(self, measured: Measurement) -> np.ndarray:
        """Return how many independent cases the rates' cases are worth: their number, but where they come in clusters."""
        if measured.moments is None:
            return self.n
        return cases_worth(self.residuals(self.rate), self.of, self.top, self.n, measured.moments.within)


@cache
def states_of(chosen: tuple[tuple[int, ...], tuple[int, ...]]) -> np.ndarray:
    """Return which of the nine states are chosen, as 0 and 1. The array is shared, and read only."""
    labels, flags = chosen
    found = np.zeros((STATES, STATES), np.int64)
    found[np.ix_(labels, flags)] = 1
    found.flags.writeable = False
    return found.reshape(-1)


def share(top: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return one count over another; NaN where there are no cases."""
    return np.divide(top, n, out=np.full(n.shape, np.nan), where=n > 0)


def scaled(top: np.ndarray, n: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Return a count out of what its cases are worth; as it is where they are worth their number."""
    return np.where(worth == n, top, np.divide(top * worth, n, out=np.zeros(n.shape), where=n > 0))


def rate_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the count of units, every rate, and its worst case over missing labels: one row per cell each."""
    counts = measured.layout.counts
    units = counts.sum(axis=(1, 2))
    yield EstimateTable.build(
        **measured.where,
        statistic="count",
        estimate=units.astype(float),
        n=units,
        note="a count, so it has no interval",
    )
    rates = measurable(measured)
    shares = Shares.of_rates(rates, counts)
    worth = shares.worth(measured)
    for place, rate in enumerate(rates):
        yield rate_table(rate, shares.top[place], shares.n[place], worth[place], measured)
        if rate.needs_label and counts[:, MISSING].any():
            yield _worst_case(rate, counts, measured)


def rate_table(rate: Rate, top: np.ndarray, n: np.ndarray, worth: np.ndarray, measured: Measurement) -> EstimateTable:
    """Return one rate of every cell, with its interval.

    Parameters
    ----------
    rate
        The rate.
    top, n, worth
        By cell: how many cases count, of how many, and how many independent ones these are worth.
    measured
        What it is measured of.
    """
    estimate = share(top, n)
    bounds = proportion_bounds(scaled(top, n, worth), worth, measured.plan.confidence)
    return EstimateTable.build(
        **measured.where,
        statistic=rate.name,
        estimate=rate.per * estimate,
        lower=rate.per * bounds.lower,
        upper=rate.per * bounds.upper,
        n=n,
        method=np.where(n > 0, measured.named(bounds.method), ""),
        note=np.where(n > 0, "", rate.undefined),
    )


def _worst_case(rate: Rate, counts: np.ndarray, measured: Measurement) -> EstimateTable:
    """Return between what ends a rate lies, whatever the missing labels are (Manski 1989); levels without any are left out.

    A rate rises or falls steadily in each count that a missing label could add to, so its ends are found where all missing
    labels of equally flagged units are alike.
    """
    spread = [rate.per * Shares.of_rates([rate], one).rate[0] for one in _all_alike(counts)]
    missing, units = counts[:, MISSING].sum(axis=1), counts.sum(axis=(1, 2))
    kept = missing > 0
    lower, upper = np.fmin.reduce(spread)[kept], np.fmax.reduce(spread)[kept]
    apart = upper > lower
    return EstimateTable.build(
        **measured.where_of(kept),
        statistic=f"{rate.name}_bounds",
        lower=np.where(apart, lower, np.nan),
        upper=np.where(apart, upper, np.nan),
        n=units[kept],
        method=np.where(apart, "worst case over missing labels", ""),
        note=[
            rate.undefined if not low <= high else _WORST_CASE[bool(low < high)].format(absent, all_units, low)
            for absent, all_units, low, high in zip(missing[kept], units[kept], lower, upper, strict=True)
        ],
    )


_WORST_CASE = (
    "{} of {} labels are missing: whatever they are, the rate in these cases is {:.4g}; chance is not included",
    "{} of {} labels are missing: the rate in these cases lies between the ends whatever they are; chance is not included",
)
"""Where the missing labels cannot change a rate, and where they can."""


def _all_alike(counts: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the counts with the missing labels filled in, alike within each state of the flag, in every such way."""
    for filled in product(KNOWN, repeat=3):
        moved = counts.copy()
        for flag, label in enumerate(filled):
            moved[:, label, flag] += counts[:, MISSING, flag]
        moved[:, MISSING] = 0
        yield moved
