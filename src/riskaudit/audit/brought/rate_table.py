"""Rates by group without intervals: what fairlearn's `MetricFrame` gives, counted once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import GroupMetrics
from riskaudit.audit.brought.faults import Asked, cells_faults
from riskaudit.audit.brought.gathering import InBatches, gather
from riskaudit.audit.measures.combinations import STATES
from riskaudit.audit.measures.measurement import Measurement, Plan
from riskaudit.audit.measures.rates import RATES, Rate
from riskaudit.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["rate_table"]


def rate_table(
    frame: pd.DataFrame | InBatches,
    *,
    label: str | None = None,
    flag: str | None = None,
    score: str | None = None,
    flag_at: float | None = None,
    flag_top: float | None = None,
    groups: Sequence[str] = (),
    by_intersection: int = 1,
) -> GroupMetrics:
    """Return the rates of predictions from any model by group and intersection, as points.

    For a look, or for a loop over many models. What is to be believed needs intervals: `audit_predictions` gives the same
    numbers with them.

    Parameters
    ----------
    frame
        The predictions, one row per unit; other parameters are those of `audit_predictions`.

    Raises
    ------
    BadInput
        With every fault found.
    """
    columns = tuple(dict.fromkeys(groups))
    asked = Asked(score, label, columns, flag, flag_at, flag_top, Plan(by_intersection=by_intersection))
    measured = Measurement(gather(frame, asked, "predictions", 2).predictions, "", asked.plan)
    faults = list(cells_faults(measured.combined.cells(by_intersection), asked, "predictions"))
    if faults:
        raise BadInput(faults)
    layout = measured.layout
    rates = [rate for rate in RATES if measured.labelled or not rate.needs_label]
    values = np.column_stack([layout.counts.sum(axis=(1, 2)), _shares(rates, layout.counts)])
    ends = pairwise(layout.starts)
    return GroupMetrics(
        statistics=("count", *(rate.name for rate in rates)),
        values={one.group: values[start:end] for one, (start, end) in zip(layout.splits, ends, strict=True)},
        levels={one.group: one.levels for one in layout.splits},
        groups=columns,
    )


def _shares(rates: Sequence[Rate], counts: np.ndarray) -> np.ndarray:
    """Return each rate of each cell, one column per rate; NaN where there are no cases."""
    flat = counts.reshape(len(counts), STATES**2)
    top, n = (flat @ np.array([_states(chosen) for chosen in column]).T for column in
              zip(*((rate.counted, rate.of) for rate in rates), strict=True))  # fmt: skip
    shares: np.ndarray = np.divide(top, n, out=np.full(n.shape, np.nan), where=n > 0)
    return shares * [rate.per for rate in rates]


def _states(chosen: tuple[tuple[int, ...], tuple[int, ...]]) -> np.ndarray:
    """Return 1 for each label-by-flag cell that is chosen, otherwise 0."""
    states = np.zeros((STATES, STATES), np.int64)
    states[np.ix_(*chosen)] = 1
    return states.ravel()
