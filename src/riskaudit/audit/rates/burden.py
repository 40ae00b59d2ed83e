"""What flags cost: how many are flagged, and how many of them wrongly, for each one that is flagged rightly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.proportions import proportion_bounds
from riskaudit.audit.rates.rates import RATES, Shares, scaled
from riskaudit.estimates import EstimateTable

__all__ = ["burden_tables"]

_PRECISION = next(rate for rate in RATES if rate.name == "precision")
_NAMES = {"flags_per_true_flag": 0, "false_flags_per_true_flag": 1}
"""Both are one over precision, less this."""
_NONE_TRUE = "no flagged case has a positive label: there is no upper end"


def burden_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield, by cell, how many are flagged, and how many wrongly, for each that is flagged rightly.

    The ends are precision's, turned over. Where no flag is right there is a lower end only. `n` is the number of flagged cases
    with a label.
    """
    if not measured.labelled:
        return
    shares = Shares.of_rates([_PRECISION], measured.layout.counts)
    worth = shares.worth(measured)[0]
    top, n = shares.top[0], shares.n[0]
    bounds = proportion_bounds(scaled(top, n, worth), worth, measured.plan.confidence)
    with np.errstate(divide="ignore"):
        each, least, most = n / np.maximum(top, 1), 1 / bounds.upper, 1 / bounds.lower
    for name, less in _NAMES.items():
        yield EstimateTable.build(
            **measured.where,
            statistic=name,
            estimate=np.where(top > 0, each - less, np.nan),
            lower=least - less,
            upper=most - less,
            n=n,
            method=np.where(n > 0, measured.named(bounds.method), ""),
            note=np.where(n == 0, _PRECISION.undefined, np.where(top == 0, _NONE_TRUE, "")),
        )
