"""Rates of the label-by-flag table: each is a share of some of its cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from riskaudit.audit.measures.measurement import EVERYONE_ELSE, Measurement
from riskaudit.audit.measures.proportions import newcombe, proportion_bounds
from riskaudit.estimates import EstimateTable

__all__ = ["RATES", "Rate", "rate_tables"]

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
    per: int = 1
    compared: bool = False
    """Whether each level is also compared with everyone else."""

    @property
    def needs_label(self) -> bool:
        """Whether the rate rests on labels."""
        return MISSING not in self.of[0]


_POSITIVE = "no cases with a positive label"
_NEGATIVE = "no cases with a negative label"
_FLAGGED = "no flagged cases with a label"
_BOTH = "no cases with a label and a flag"

RATES = (
    Rate("selection_rate", (ANY, (YES,)), (ANY, KNOWN), "no cases with a flag", compared=True),
    Rate("base_rate", ((YES,), ANY), (KNOWN, ANY), "no cases with a label"),
    Rate("true_positive_rate", ((YES,), (YES,)), ((YES,), KNOWN), _POSITIVE, compared=True),
    Rate("false_positive_rate", ((NO,), (YES,)), ((NO,), KNOWN), _NEGATIVE, compared=True),
    Rate("false_negative_rate", ((YES,), (NO,)), ((YES,), KNOWN), _POSITIVE),
    Rate("true_negative_rate", ((NO,), (NO,)), ((NO,), KNOWN), _NEGATIVE),
    Rate("precision", ((YES,), (YES,)), (KNOWN, (YES,)), _FLAGGED),
    Rate("false_discovery_rate", ((NO,), (YES,)), (KNOWN, (YES,)), _FLAGGED),
    Rate("false_flags_per_1000", ((NO,), (YES,)), (KNOWN, KNOWN), _BOTH, per=1000),
    Rate("missed_per_1000", ((YES,), (NO,)), (KNOWN, KNOWN), _BOTH, per=1000),
)
"""Every rate that is measured, in the order it is shown. Names are fairlearn's and scikit-learn's where they have one."""


def rate_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the count of units, every rate, its worst case over missing labels, and differences: one row per cell each."""
    counts = measured.layout.counts
    units = counts.sum(axis=(1, 2))
    yield EstimateTable.build(
        **measured.where,
        statistic="count",
        estimate=units.astype(float),
        n=units,
        note="a count, so it has no interval",
    )
    rates = [rate for rate in RATES if measured.labelled or not rate.needs_label]
    for rate in rates:
        yield _plain(rate, counts, measured)
        if rate.needs_label and counts[:, MISSING].any():
            yield _worst_case(rate, counts, measured)
    if measured.layout.compared.any():
        for rate in rates:
            if rate.compared:
                yield _difference(rate, counts, measured)


def _plain(rate: Rate, counts: np.ndarray, measured: Measurement) -> EstimateTable:
    top, n = _sum(counts, rate.counted), _sum(counts, rate.of)
    bounds = proportion_bounds(top, n, measured.plan.confidence)
    return EstimateTable.build(
        **measured.where,
        statistic=rate.name,
        estimate=rate.per * _share(top, n),
        lower=rate.per * bounds.lower,
        upper=rate.per * bounds.upper,
        n=n,
        method=np.where(n > 0, bounds.method, ""),
        note=np.where(n > 0, "", rate.undefined),
    )


def _difference(rate: Rate, counts: np.ndarray, measured: Measurement) -> EstimateTable:
    """Return each level's rate less everyone else's; `n` is the level's own denominator."""
    kept = measured.layout.compared
    top, n = _sum(counts, rate.counted), _sum(counts, rate.of)
    other_top, other_n = (top[0] - top)[kept], (n[0] - n)[kept]
    top, n = top[kept], n[kept]
    interval = newcombe(top, n, other_top, other_n, measured.plan.confidence)
    note = np.where(n == 0, rate.undefined, np.where(other_n == 0, f"{rate.undefined} among {EVERYONE_ELSE}", ""))
    return EstimateTable.build(
        **measured.where_of(kept),
        statistic=f"{rate.name}_difference",
        reference=EVERYONE_ELSE,
        estimate=_share(top, n) - _share(other_top, other_n),
        lower=interval.lower,
        upper=interval.upper,
        n=n,
        method=np.where(note == "", interval.method, ""),
        note=note,
    )


def _worst_case(rate: Rate, counts: np.ndarray, measured: Measurement) -> EstimateTable:
    """Return between what ends a rate lies, whatever the missing labels are (Manski 1989); levels without any are left out.

    A rate rises or falls steadily in each count that a missing label could add to, so its ends are found where all missing
    labels of equally flagged units are alike.
    """
    spread = [_share(_sum(one, rate.counted), _sum(one, rate.of)) for one in _all_alike(counts)]
    missing, units = counts[:, MISSING].sum(axis=1), counts.sum(axis=(1, 2))
    kept = missing > 0
    return EstimateTable.build(
        **measured.where_of(kept),
        statistic=f"{rate.name}_bounds",
        lower=rate.per * np.fmin.reduce(spread)[kept],
        upper=rate.per * np.fmax.reduce(spread)[kept],
        n=units[kept],
        method="worst case over missing labels",
        note=[
            f"{absent} of {all_units} labels are missing: the rate in these cases lies between the ends whatever they are; "
            "chance is not included"
            for absent, all_units in zip(missing[kept], units[kept], strict=True)
        ],
    )


def _all_alike(counts: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the counts with the missing labels filled in, alike within each state of the flag, in every such way."""
    for filled in product(KNOWN, repeat=3):
        moved = counts.copy()
        for flag, label in enumerate(filled):
            moved[:, label, flag] += counts[:, MISSING, flag]
        moved[:, MISSING] = 0
        yield moved


def _sum(counts: np.ndarray, chosen: tuple[tuple[int, ...], tuple[int, ...]]) -> np.ndarray:
    labels, flags = chosen
    total: np.ndarray = counts[:, labels][:, :, flags].sum(axis=(1, 2))
    return total


def _share(top: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.divide(top, n, out=np.full(len(n), np.nan), where=n > 0)
