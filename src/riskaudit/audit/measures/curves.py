"""What is measured along something, cell by cell: the rows of `CURVES`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from riskaudit.artefacts import CURVES
from riskaudit.estimates import EstimateTable

__all__ = ["curve_table", "joined"]


def curve_table(curve: str, at: np.ndarray, estimates: EstimateTable) -> pa.Table:
    """Return estimates as rows of a curve, each with its place on it.

    Parameters
    ----------
    curve
        Which curve: `thresholds`, `net_benefit`, `calibration`, `scores`, or a sensitivity's own name.
    at
        One place per row of `estimates`.
    """
    names: list[Any] = [pa.array([curve] * len(estimates)), pa.array(np.asarray(at, float))]
    columns = dict(zip(("curve", "at"), names, strict=True))
    return CURVES.build(columns | {name: estimates.table.column(name) for name in estimates.table.column_names})


def joined(tables: Iterable[pa.Table]) -> pa.Table:
    """Return the rows of several curves, in the order given."""
    parts = list(tables)
    return pa.concat_tables(parts) if parts else CURVES.empty()
