"""Each cell's statistic of scores less that of what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.square_and_add import Spread, square_and_add
from riskaudit.audit.scores.moments import comparable
from riskaudit.estimates import EstimateTable

__all__ = ["Absent", "difference_table"]


@dataclass(frozen=True)
class Absent:
    """What is absent where a cell's statistic, and that of what it is compared with, are not defined; empty where they are."""

    own: np.ndarray
    other: np.ndarray

    @classmethod
    def where(cls, own: np.ndarray, other: np.ndarray, undefined: str) -> Absent:
        """Return one phrase for everything that is absent."""
        return cls(np.where(own, undefined, ""), np.where(other, undefined, ""))


def difference_table(
    measured: Measurement,
    statistic: str,
    own: tuple[np.ndarray, Spread],
    other: tuple[np.ndarray, Spread],
    covariance: np.ndarray,
    method: str,
    absent: Absent | str,
) -> EstimateTable:
    """Return one row per cell that is compared; `n` is the cell's own.

    The interval is made of the two intervals, by squaring and adding how far each end is from its estimate.

    Parameters
    ----------
    own, other
        How many cases, and estimates with intervals: by cell, of the cell and of what it is compared with.
    covariance
        Of the two estimates.
    method
        How the two intervals were made.
    absent
        What is absent where a statistic is not defined; one phrase where that is where there are no cases.
    """
    kept = np.flatnonzero(comparable(measured))
    names = [measured.reference_name[place] for place in kept]
    (n, one), (other_n, two) = own, other
    one, two = one.at(kept), two.at(kept)
    lower, upper = square_and_add(one, two, covariance[kept])
    usable = np.isfinite(lower) & np.isfinite(upper)
    if isinstance(absent, str):
        absent = Absent.where(n == 0, other_n == 0, absent)
    elsewhere = [f"{absent.other[place]} among {name}" for place, name in zip(kept, names, strict=True)]
    note = np.select(
        [absent.own[kept] != "", absent.other[kept] != "", usable],
        [absent.own[kept], elsewhere, ""],
        "no interval: one of the two has none",
    )
    return EstimateTable.build(
        **measured.where_of(comparable(measured)),
        statistic=statistic,
        reference=names,
        estimate=one.estimate - two.estimate,
        std_error=np.sqrt(np.maximum(one.std_error**2 + two.std_error**2 - 2 * covariance[kept], 0)),
        lower=np.where(usable, lower, np.nan),
        upper=np.where(usable, upper, np.nan),
        n=n[kept].astype(np.int64),
        method=np.where(usable, f"square-and-add of: {method}", ""),
        note=note,
    )
