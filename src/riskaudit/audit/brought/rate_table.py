"""Rates by group without intervals: what fairlearn's `MetricFrame` gives, counted once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import GroupMetrics
from riskaudit.audit.brought.faults import Asked, cells_faults
from riskaudit.audit.brought.gathering import InBatches, gather
from riskaudit.audit.measures.measurement import Measurement, Plan
from riskaudit.audit.rates.rates import Shares, measurable
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
    rates = measurable(measured)
    shares = Shares.of_rates(rates, layout.counts).rate.T * [rate.per for rate in rates]
    values = np.column_stack([layout.counts.sum(axis=(1, 2)), shares])
    ends = pairwise(layout.starts)
    return GroupMetrics(
        statistics=("count", *(rate.name for rate in rates)),
        values={one.group: values[start:end] for one, (start, end) in zip(layout.splits, ends, strict=True)},
        levels={one.group: one.levels for one in layout.splits},
        groups=columns,
    )
