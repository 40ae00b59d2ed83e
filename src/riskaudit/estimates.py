"""The tidy estimate table that linkage quality, group metrics and survey effects all share, and its intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from riskaudit.tables import Column, TableSpec

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ESTIMATES", "EstimateTable", "Interval", "clopper_pearson", "ratio_variance", "student", "wilson", "wilson_of_clusters",
]  # fmt: skip

ESTIMATES = TableSpec(
    "estimates",
    "one statistic for one subject, group and level",
    (
        Column(
            "subject", pa.string(), "what is measured: a model and its label, an agency's links, a vignette attribute"
        ),
        Column("statistic", pa.string(), "the statistic's standard name, such as false_positive_rate"),
        Column("group", pa.string(), "the characteristic that the rows are split by, or 'all'"),
        Column("level", pa.string(), "one value of that characteristic, or 'all'"),
        Column(
            "reference", pa.string(), "the level compared with, for differences and ratios; empty for plain statistics"
        ),
        Column("estimate", pa.float64(), "the statistic; missing where it is not defined", nullable=True),
        Column("std_error", pa.float64(), "its standard error, where the method has one", nullable=True),
        Column("lower", pa.float64(), "lower end of the interval", nullable=True),
        Column("upper", pa.float64(), "upper end of the interval", nullable=True),
        Column("n", pa.int64(), "how many cases the statistic is computed over (its denominator)"),
        Column("method", pa.string(), "how the interval was made"),
        Column("note", pa.string(), "why an estimate or interval is missing, or what to keep in mind"),
        Column("suppressed", pa.bool_(), "true where the number is withheld because too few cases stand behind it"),
    ),
)

_DEFAULTS: dict[str, Any] = {
    "group": "all", "level": "all", "reference": "", "estimate": None, "std_error": None, "lower": None, "upper": None,
    "method": "", "note": "", "suppressed": False,
}  # fmt: skip

_NUMBERS = tuple(column.name for column in ESTIMATES.columns if pa.types.is_floating(column.type))


@dataclass(frozen=True)
class EstimateTable:
    """A table of estimates: one row per statistic, subject, group and level. Undefined is missing, never zero."""

    table: pa.Table

    def __post_init__(self) -> None:
        ESTIMATES.check(self.table)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @classmethod
    def build(cls, **columns: Any) -> EstimateTable:
        """Return the table made of columns; a single value fills its whole column, and what is left out has its default.

        `subject`, `statistic` and `n` must be given. NaN and infinity become missing.
        """
        filled: Mapping[str, Any] = _DEFAULTS | columns
        size = max((len(value) for value in columns.values() if _is_column(value)), default=1)
        made = {name: value if _is_column(value) else [value] * size for name, value in filled.items()}
        return cls(ESTIMATES.build(made | {name: _finite(made[name]) for name in _NUMBERS}))

    @classmethod
    def concat(cls, tables: Iterable[EstimateTable]) -> EstimateTable:
        """Return all rows of several tables, in the order given."""
        parts = [part.table for part in tables]
        return cls(pa.concat_tables(parts) if parts else ESTIMATES.empty())

    def frame(self) -> pd.DataFrame:
        """Return the table as pandas: what a user sees."""
        return self.table.to_pandas()

    def rows(self, **wanted: str) -> list[dict[str, Any]]:
        """Return the rows whose columns equal the wanted values, as dictionaries, in table order."""
        import pyarrow.compute as pc

        kept = self.table
        for name, value in wanted.items():
            kept = kept.filter(pc.equal(kept.column(name), value))
        found: list[dict[str, Any]] = kept.to_pylist()
        return found

    def row(self, **wanted: str) -> dict[str, Any]:
        """Return the single row that matches; raise LookupError when there is none or more than one."""
        found = self.rows(**wanted)
        if len(found) != 1:
            raise LookupError(f"{len(found)} estimates match {wanted}, not one")
        return found[0]


@dataclass(frozen=True)
class Interval:
    """Lower and upper ends, one of each per estimate, and the method's name. NaN where there is no evidence (n = 0)."""

    lower: np.ndarray
    upper: np.ndarray
    method: str


def wilson(successes: Any, n: Any, confidence: float = 0.95) -> Interval:
    """Return the score interval of a proportion (Wilson 1927); never of zero width for 0 of n or n of n.

    Parameters
    ----------
    successes, n
        Counts, one per proportion. ``n = 0`` gives NaN.
    confidence
        Nominal coverage, 0 to 1.
    """
    from scipy.special import ndtri

    k, size = np.asarray(successes, float), np.asarray(n, float)
    z2 = float(ndtri(0.5 + confidence / 2)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = k / size
        centre = (rate + z2 / (2 * size)) / (1 + z2 / size)
        half = np.sqrt(z2 * (rate * (1 - rate) / size + z2 / (4 * size**2))) / (1 + z2 / size)
    # at the ends the formula is exactly 0 or 1; rounding must not carry it past
    lower = np.where(k == 0, np.where(size > 0, 0.0, np.nan), np.clip(centre - half, 0, 1))
    upper = np.where(k == size, np.where(size > 0, 1.0, np.nan), np.clip(centre + half, 0, 1))
    return Interval(lower, upper, _named("Wilson", confidence))


def wilson_of_clusters(share: Any, variance: Any, cases: Any, clusters: Any, confidence: float = 0.95) -> Interval:
    """Return Wilson's interval with the number of independent cases that the variance is worth (Korn and Graubard 1998).

    Parameters
    ----------
    share, variance
        Estimates, 0 to 1, and their variances with clusters kept together.
    cases, clusters
        How many cases each share is out of, and in how many clusters. ``cases = 0`` gives NaN.
    confidence
        Nominal coverage, 0 to 1.
    """
    p, spread, size, groups = (np.asarray(value, float) for value in (share, variance, cases, clusters))
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.minimum(p * (1 - p) / spread, size)
    # where every cluster is alike no variance is seen: each cluster then counts as one case
    effective = np.where(size > 0, np.where((spread > 0) & (p > 0) & (p < 1), worth, groups), 0.0)
    return wilson(np.where(p < 1, np.nan_to_num(p) * effective, effective), effective, confidence)


def ratio_variance(clusters: Any, x: Any, y: Any, xx: Any, xy: Any, yy: Any) -> np.ndarray:
    """Return the variance of the ratio y / x of cluster totals, by linearisation (Cochran 1977, section 6.4).

    Zero for a single cluster, which says nothing of how clusters vary.

    Parameters
    ----------
    clusters
        How many clusters have any x.
    x, y, xx, xy, yy
        Sums over clusters of their totals x and y, and of the squares and products of these.
    """
    m, sx, sy, sxx, sxy, syy = (np.asarray(value, float) for value in (clusters, x, y, xx, xy, yy))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = sy / sx
        squares = np.maximum(syy - 2 * ratio * sxy + ratio**2 * sxx, 0.0)
        variance = squares / sx**2 * m / (m - 1)
    found: np.ndarray = np.where(m > 1, variance, 0.0)
    return found


def clopper_pearson(successes: Any, n: Any, confidence: float = 0.95) -> Interval:
    """Return the exact binomial interval of a proportion (Clopper and Pearson 1934). ``n = 0`` gives NaN.

    Counts may be broken numbers, as what clustered cases are worth is (Korn and Graubard 1998).
    """
    from scipy.special import betaincinv

    k, size = np.asarray(successes, float), np.asarray(n, float)
    tail = (1 - confidence) / 2
    inside = size > 0
    lower = np.where(k > 0, betaincinv(np.where(k > 0, k, 1), np.maximum(size - k + 1, 1), tail), 0.0)
    upper = np.where(k < size, betaincinv(k + 1, np.where(k < size, size - k, 1), 1 - tail), 1.0)
    return Interval(
        np.where(inside, lower, np.nan), np.where(inside, upper, np.nan), _named("exact binomial", confidence)
    )


def student(estimate: Any, std_error: Any, df: Any, confidence: float = 0.95) -> Interval:
    """Return the symmetric interval from Student's t with `df` degrees of freedom (infinite df: the normal)."""
    from scipy.special import ndtri, stdtrit

    centre, error, freedom = (np.asarray(value, float) for value in (estimate, std_error, df))
    tail = 0.5 + confidence / 2
    finite = np.isfinite(freedom) & (freedom > 0)
    reach = np.where(finite, stdtrit(np.where(finite, freedom, 1.0), tail), ndtri(tail)) * error
    reach = np.where(freedom > 0, reach, np.nan)
    return Interval(centre - reach, centre + reach, _named("Student t", confidence))


def _named(method: str, confidence: float) -> str:
    return f"{method} {100 * confidence:g}%"


def _is_column(value: Any) -> bool:
    return isinstance(value, Sized) and not isinstance(value, str)


def _finite(values: Any) -> pa.Array:
    """Return numbers with None, NaN and infinity as missing."""
    numbers = np.asarray(values, dtype=float)
    return pa.array(numbers, mask=~np.isfinite(numbers))
