"""Whose labels, scores and flags are missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.rates.comparisons import Compared, difference_table
from riskaudit.audit.rates.rates import ANY, MISSING, Rate, Shares, rate_table
from riskaudit.estimates import EstimateTable

__all__ = ["missing_rate_tables"]

_NO_CASES = "no cases"
_LABEL = Rate("label_missing_rate", ((MISSING,), ANY), (ANY, ANY), _NO_CASES)
_SCORE = Rate("score_missing_rate", ((MISSING,), ANY), (ANY, ANY), _NO_CASES)
_FLAG = Rate("flag_missing_rate", (ANY, (MISSING,)), (ANY, ANY), _NO_CASES)


def missing_rate_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the share of units without a label, a score and a flag by cell, and its difference to the reference.

    `n` is all units of the cell. Intervals are those of other rates and of their differences. What no unit lacks has no rows.
    """
    for rate, seen in (
        (_LABEL, measured if measured.labelled else None),
        (_SCORE, _by_score(measured)),
        (_FLAG, measured),
    ):
        if seen is not None:
            yield from _tables(rate, seen)


def _tables(rate: Rate, measured: Measurement) -> Iterator[EstimateTable]:
    shares = Shares.of_rates([rate], measured.layout.counts)
    if not shares.top.any():
        return
    yield rate_table(rate, shares.top[0], shares.n[0], shares.worth(measured)[0], measured)
    if measured.layout.compared.any():
        yield difference_table(Compared.of(measured, [rate], measured.reference_cell), measured)


def _by_score(measured: Measurement) -> Measurement | None:
    """Return the same units with a label where they have a score, so that scores are counted as labels are; None if all have."""
    score = measured.predictions.score
    missing = np.zeros(0, bool) if score is None else np.isnan(score)
    if not missing.any():
        return None
    known = np.where(missing, np.nan, 0.0)
    return Measurement(replace(measured.predictions, score=None, label=known), measured.subject, measured.plan)
