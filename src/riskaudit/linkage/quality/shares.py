"""Shares of records, people and families, overall and by group, with intervals that keep a family's records together.

Records of one family share a home, a surname and often a slip of the pen, so the family is what varies, not the record.
Every variance is that of a function of family totals, by linearisation (Cochran 1977, section 6.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.estimates import EstimateTable, ratio_variance, wilson_of_clusters

if TYPE_CHECKING:
    import duckdb

__all__ = ["ALL_AGENCIES", "PARTS", "Counted", "HarmonicMean", "Share", "measured"]

ALL_AGENCIES = "all agencies"

PARTS = 1_000_000
"""Fractions are summed in whole millionths: whole numbers come out the same in whatever order rows are read."""


@dataclass(frozen=True)
class Share:
    """One share: what is counted, and out of what. Both are SQL over the columns of a table of counts, summed by family."""

    name: str
    counted: str
    out_of: str
    cases: str
    """What it is out of, in words."""
    parts: int = 1
    """How many parts of what is counted make one: 1 for counts, `PARTS` for sums of fractions."""
    subject: str = ""
    """In place of the subject of the whole table."""
    level: str = ""
    """'group=level' in place of the row's own: for a share that is itself one level of a split."""


@dataclass(frozen=True)
class HarmonicMean:
    """The harmonic mean of two shares, as F1 is that of precision and recall."""

    name: str
    first: Share
    second: Share


@dataclass(frozen=True)
class Counted:
    """A table of counts, and how it is split. The table is dropped once it is measured: there can be many rows.

    It has a column `cluster` (whole number), `turn` (whole number: the agency's place; only where `agencies` are given), a
    column of text for each group, and the columns that shares count, all whole numbers. Rows of which a group is not known
    do not count in that split.
    """

    db: duckdb.DuckDBPyConnection
    table: str
    subject: str
    groups: Mapping[str, str]
    """Group -> the column that holds its levels."""
    clusters: str
    """What the clusters are, in words: families, people, linked families."""
    agencies: tuple[str, ...] = ()
    """Agencies that are subjects of their own, in the order of `turn`. Empty: none."""


def measured(
    counted: Counted,
    statistics: Sequence[Share | HarmonicMean],
    confidence: float = 0.95,
    *,
    agency_groups: bool = True,
) -> EstimateTable:
    """Return every statistic over all subjects, groups and levels: statistics in the order given, then subjects, groups, levels.

    Intervals are Wilson's with the effective number of cases (Korn and Graubard 1998).

    Parameters
    ----------
    counted
        The counts.
    statistics
        What to work out of them.
    confidence
        Nominal coverage, 0 to 1.
    agency_groups
        Whether single agencies are split by group too.
    """
    found = counted.db.sql(_query(counted, statistics, agency_groups)).fetchnumpy()
    counted.db.execute(f"DROP TABLE {counted.table}")
    columns: dict[str, np.ndarray] = {
        name: np.ma.filled(np.ma.asarray(values, float), 0.0) for name, values in found.items() if name[0] in "xym"
    }
    subjects = [counted.subject, *counted.agencies]
    where = {
        "subject": [subjects[int(turn) + 1] for turn in found["subject_at"]],
        "group": [("all", *counted.groups)[int(split)] for split in found["group_at"]],
        "level": [str(level) for level in found["level"]],
    }
    return EstimateTable.concat(
        _estimates(_ratios(columns, at, one), one, where, counted.clusters, confidence)
        for at, one in enumerate(statistics)
    )


@dataclass(frozen=True)
class _Ratios:
    """One statistic on every row: its value, variance, number of cases, and number of clusters that have any."""

    value: np.ndarray
    variance: np.ndarray
    cases: np.ndarray
    clusters: np.ndarray


def _ratios(columns: dict[str, np.ndarray], at: int, one: Share | HarmonicMean) -> _Ratios:
    if isinstance(one, Share):
        return _ratio(columns, f"{at}a", one.parts)
    return _harmonic_mean(columns, at, one)


def _ratio(columns: dict[str, np.ndarray], key: str, parts: int) -> _Ratios:
    m, x, y, xx, xy, yy = (columns[f"{name}{key}"] for name in ("m", "x", "y", "xx", "xy", "yy"))
    y, xy, yy = y / parts, xy / parts, yy / parts**2
    return _Ratios(_divide(y, x), ratio_variance(m, x, y, xx, xy, yy), x, m)


def _harmonic_mean(columns: dict[str, np.ndarray], at: int, one: HarmonicMean) -> _Ratios:
    """By the delta method, with the covariance of the two shares over clusters."""
    first, second = _ratio(columns, f"{at}a", one.first.parts), _ratio(columns, f"{at}b", one.second.parts)
    p, r = first.value, second.value
    yy, yx, xy, xx = (columns[f"{name}{at}c"] for name in ("yy", "yx", "xy", "xx"))
    a, b = one.first.parts, one.second.parts
    clusters = np.maximum(first.clusters, second.clusters)
    with np.errstate(divide="ignore", invalid="ignore"):
        products = yy / (a * b) - r * yx / a - p * xy / b + p * r * xx
        covariance = products / (first.cases * second.cases) * clusters / (clusters - 1)
        by_first, by_second = 2 * r**2 / (p + r) ** 2, 2 * p**2 / (p + r) ** 2
        value = np.where(p + r > 0, 2 * p * r / (p + r), 0.0 * (p + r))
        variance = by_first**2 * first.variance + by_second**2 * second.variance + 2 * by_first * by_second * covariance
    variance = np.where(np.isfinite(variance), np.maximum(variance, 0.0), 0.0)
    return _Ratios(value, variance, np.minimum(first.cases, second.cases), clusters)


def _estimates(
    found: _Ratios, one: Share | HarmonicMean, where: dict[str, list[str]], clusters: str, confidence: float
) -> EstimateTable:
    share = one if isinstance(one, Share) else one.first
    interval = wilson_of_clusters(found.value, found.variance, found.cases, found.clusters, confidence)
    known = found.cases > 0
    fixed = {"subject": share.subject} | dict(zip(("group", "level"), share.level.split("=", 1), strict=False))
    return EstimateTable.build(
        **(where | {name: [value] * len(known) for name, value in fixed.items() if value}),
        statistic=[one.name] * len(known),
        estimate=found.value,
        std_error=np.where(known, np.sqrt(found.variance), np.nan),
        lower=interval.lower,
        upper=interval.upper,
        n=np.rint(found.cases).astype(int),
        method=[f"{interval.method}, {clusters} as clusters"] * len(known),
        note=np.where(known, "", f"not defined: no {share.cases}").tolist(),
    )


def _divide(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _query(counted: Counted, statistics: Sequence[Share | HarmonicMean], agency_groups: bool) -> str:
    splits = ("'all'", *counted.groups.values())
    units = [_totals(counted, "-1", at, level) for at, level in enumerate(splits)]
    if counted.agencies:
        units += [
            _totals(counted, "turn", at, level) for at, level in enumerate(splits if agency_groups else splits[:1])
        ]
    moments = _moments(statistics)
    return (
        f"SELECT subject_at, group_at, level, {moments} FROM ({' UNION ALL '.join(units)}) "
        "GROUP BY subject_at, group_at, level ORDER BY subject_at, group_at, level"
    )


def _totals(counted: Counted, turn: str, split: int, level: str) -> str:
    """Return one row per subject, level and cluster, with the sums of all counts."""
    known = {"turn", "cluster", *counted.groups.values()}
    counts = (name for name in counted.db.table(counted.table).columns if name not in known)
    sums = ", ".join(f"sum({name})::HUGEINT AS {name}" for name in counts)
    return (
        f"SELECT * REPLACE (level::VARCHAR AS level) FROM ("
        f"SELECT ({turn})::INTEGER AS subject_at, {split}::INTEGER AS group_at, {level} AS level, cluster, {sums} "
        f"FROM {counted.table} WHERE {level} IS NOT NULL GROUP BY ALL)"
    )


def _moments(statistics: Sequence[Share | HarmonicMean]) -> str:
    return ", ".join(part for at, one in enumerate(statistics) for part in _moments_of(at, one))


def _moments_of(at: int, one: Share | HarmonicMean) -> Iterable[str]:
    if isinstance(one, Share):
        yield from _of_share(f"{at}a", one)
        return
    yield from _of_share(f"{at}a", one.first)
    yield from _of_share(f"{at}b", one.second)
    first, second = one.first, one.second
    pairs = {"yy": (first.counted, second.counted), "yx": (first.counted, second.out_of)}
    pairs |= {"xy": (first.out_of, second.counted), "xx": (first.out_of, second.out_of)}
    yield from (f"sum(({left}) * ({right}))::DOUBLE AS {name}{at}c" for name, (left, right) in pairs.items())


def _of_share(key: str, share: Share) -> Iterable[str]:
    y, x = f"({share.counted})", f"({share.out_of})"
    yield f"count(*) FILTER ({x} > 0) AS m{key}"
    terms = {"x": x, "y": y, "xx": f"{x} * {x}", "xy": f"{x} * {y}", "yy": f"{y} * {y}"}
    yield from (f"sum({sql})::DOUBLE AS {name}{key}" for name, sql in terms.items())
