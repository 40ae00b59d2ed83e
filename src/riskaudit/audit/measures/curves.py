"""What is measured along something, cell by cell: the rows of `CURVES`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from riskaudit.artefacts import CURVES
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.estimates import EstimateTable

__all__ = ["curve_table", "joined", "statistic_along"]


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


def statistic_along(measured: Measurement, curve: str, statistic: str, at: np.ndarray, **columns: Any) -> pa.Table:
    """Return one statistic of every cell at every place: cell by cell, each from its first place to its last.

    Parameters
    ----------
    at
        The places.
    columns
        Those of the estimate table: a single value, or an array with one row per cell and one column per place.
    """
    shape = (measured.layout.size, len(at))
    flat = {
        name: np.broadcast_to(values, shape).reshape(-1) if isinstance(values, np.ndarray) else values
        for name, values in columns.items()
    }
    estimates = EstimateTable.build(
        subject=measured.subject,
        group=np.repeat(np.array(measured.layout.group, dtype=object), len(at)),
        level=np.repeat(np.array(measured.layout.level, dtype=object), len(at)),
        statistic=statistic,
        **flat,
    )
    return curve_table(curve, np.tile(at, measured.layout.size), estimates)


def joined(tables: Iterable[pa.Table]) -> pa.Table:
    """Return the rows of several curves, in the order given."""
    parts = list(tables)
    return pa.concat_tables(parts) if parts else CURVES.empty()
